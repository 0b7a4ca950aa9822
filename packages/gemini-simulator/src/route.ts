import { RegExpRouter } from "hono/router/reg-exp-router";

import { type Call, type Framing, type GeminiRequest, type Operation } from "./request.ts";
import { type Endpoint } from "./scenario.ts";

/** An operation, or operations by the verb after the colon of the last path segment. */
type Rule = Operation | Readonly<Record<string, Operation>>;

const modelVerbs = {
  generateContent: "generateContent",
  streamGenerateContent: "streamGenerateContent",
  countTokens: "countTokens",
  embedContent: "embedContent",
  batchEmbedContents: "batchEmbedContents",
  batchGenerateContent: "batchGenerateContent",
  predict: "predict",
} as const;

const routes: readonly (readonly [method: string, path: string, rule: Rule])[] = [
  ["GET", "/models", "listModels"],
  ["GET", "/models/:target", "getModel"],
  ["POST", "/models/:target", modelVerbs],
  ["GET", "/batches", "listBatches"],
  ["GET", "/batches/:target", "getBatch"],
  ["DELETE", "/batches/:target", "deleteBatch"],
  ["POST", "/batches/:target", { cancel: "cancelBatch" }],
  ["GET", "/files", "listFiles"],
  ["GET", "/files/:target", { "": "getFile", download: "downloadFile" }],
  ["DELETE", "/files/:target", "deleteFile"],
  ["POST", "/cachedContents", "createCachedContent"],
  ["GET", "/cachedContents", "listCachedContents"],
  ["GET", "/cachedContents/:target", "getCachedContent"],
  ["DELETE", "/cachedContents/:target", "deleteCachedContent"],
  ["POST", "/interactions", "createInteraction"],
  ["POST", "/openai/chat/completions", "chatCompletions"],
  ["POST", "/openai/embeddings", "openaiEmbeddings"],
  ["GET", "/openai/models", "openaiModels"],
];

const router: RegExpRouter<{ version: string; rule: Rule }> = new RegExpRouter();
for (const version of ["v1", "v1beta", "v1alpha"]) {
  for (const [method, path, rule] of routes)
    router.add(method, `/${version}${path}`, { version, rule });
  router.add("POST", `/upload/${version}/files`, { version, rule: "uploadFile" });
  router.add("PUT", `/upload/${version}/files`, { version, rule: "uploadFile" });
  router.add("GET", `/download/${version}/files/:target`, {
    version,
    rule: { download: "downloadFile" },
  });
}

/** Reads a request's address: which endpoint, operation and model it means. */
export function route(request: GeminiRequest, endpoints: readonly Endpoint[], time: number): Call {
  const { origin, path, search } = splitUrl(request);
  const endpoint = endpoints.find(({ path: prefix }) => path.startsWith(`${prefix}/`));
  const query = search === "" ? noQuery : new URLSearchParams(search);
  const { operation, version, target } = match(
    request.method,
    endpoint === undefined ? path : path.slice(endpoint.path.length),
  );
  const isModel = path.includes("/models/");
  return {
    request,
    operation,
    version,
    model: isModel ? target : "",
    resource: isModel ? "" : target,
    endpoint: endpoint?.name ?? "google",
    origin,
    query,
    framing: framingOf(operation, query),
    time,
  };
}

const noQuery = new URLSearchParams();

interface Match {
  operation: Operation;
  version: string;
  target: string;
}

function match(method: string, path: string): Match {
  const [handlers, stash] = router.match(method, path);
  const [found, names] = handlers[0] ?? [];
  if (found === undefined || names === undefined)
    return { operation: "unknown", version: "v1beta", target: "" };
  const { rule, version } = found;
  const place = names["target"];
  const segment = typeof place === "number" ? stash?.[place] : place;
  const { target, verb } = splitVerb(decode(segment ?? ""));
  return {
    operation: typeof rule === "string" ? rule : (rule[verb] ?? "unknown"),
    version,
    target,
  };
}

function splitVerb(segment: string): { target: string; verb: string } {
  const colon = segment.indexOf(":");
  return colon < 0
    ? { target: segment, verb: "" }
    : { target: segment.slice(0, colon), verb: segment.slice(colon + 1) };
}

function decode(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function framingOf(operation: Operation, query: URLSearchParams): Framing {
  if (operation.startsWith("openai") || operation === "chatCompletions") return "openai";
  if (operation === "createInteraction") return "interaction";
  if (operation !== "streamGenerateContent") return "json";
  return query.get("alt") === "sse" ? "sse" : "array";
}

function splitUrl({ url, headers }: GeminiRequest): {
  origin: string;
  path: string;
  search: string;
} {
  const scheme = url.indexOf("://");
  const start = scheme < 0 ? 0 : url.indexOf("/", scheme + 3);
  const origin =
    scheme < 0
      ? `http://${headers["host"] ?? "localhost"}`
      : url.slice(0, start < 0 ? undefined : start);
  const rest = start < 0 ? "/" : url.slice(start);
  const mark = rest.indexOf("?");
  if (mark < 0) return { origin, path: rest, search: "" };
  return { origin, path: rest.slice(0, mark), search: rest.slice(mark + 1) };
}
