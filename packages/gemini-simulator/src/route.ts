import { RegExpRouter } from "hono/router/reg-exp-router";

import { type Call, type Framing, type GeminiRequest, type Operation } from "./request.ts";
import { type Endpoint } from "./scenario.ts";

type Rule = { operation: Operation } | { verbs: Readonly<Record<string, Operation>> };

const modelVerbs: Readonly<Record<string, Operation>> = {
  generateContent: "generateContent",
  streamGenerateContent: "streamGenerateContent",
  countTokens: "countTokens",
  embedContent: "embedContent",
  batchEmbedContents: "batchEmbedContents",
};

const router: RegExpRouter<Rule> = new RegExpRouter();
const version = "/:version{v1beta|v1alpha|v1}";
router.add("GET", `${version}/models`, { operation: "listModels" });
router.add("GET", `${version}/models/:target`, { operation: "getModel" });
router.add("POST", `${version}/models/:target`, { verbs: modelVerbs });

/** Reads a request's address: which endpoint, operation and model it means. */
export function route(request: GeminiRequest, endpoints: readonly Endpoint[]): Call {
  const { host, path, search } = splitUrl(request.url);
  const endpoint = endpoints.find(({ path: prefix }) => path.startsWith(`${prefix}/`));
  const rest = endpoint === undefined ? path : path.slice(endpoint.path.length);
  const query = new URLSearchParams(search);
  const { operation, version: named, target } = match(request.method, rest);
  return {
    request,
    operation,
    version: named ?? "v1beta",
    model: target,
    endpoint: endpoint?.name ?? "google",
    host,
    query,
    framing: framingOf(operation, query),
  };
}

interface Match {
  operation: Operation;
  version: string | undefined;
  target: string;
}

function match(method: string, path: string): Match {
  const [handlers, stash] = router.match(method, path);
  const [rule, names] = handlers[0] ?? [];
  if (rule === undefined || names === undefined)
    return { operation: "unknown", version: undefined, target: "" };
  const read = (name: string): string | undefined => {
    const found = names[name];
    return typeof found === "number" ? stash?.[found] : found;
  };
  const [target = "", verb = ""] = decodeURIComponent(read("target") ?? "").split(":", 2);
  const operation = "operation" in rule ? rule.operation : (rule.verbs[verb] ?? "unknown");
  return { operation, version: read("version"), target };
}

function framingOf(operation: Operation, query: URLSearchParams): Framing {
  if (operation !== "streamGenerateContent") return "json";
  return query.get("alt") === "sse" ? "sse" : "array";
}

function splitUrl(url: string): { host: string; path: string; search: string } {
  const scheme = url.indexOf("://");
  const start = scheme < 0 ? 0 : url.indexOf("/", scheme + 3);
  const host = scheme < 0 ? "" : url.slice(scheme + 3, start < 0 ? undefined : start);
  const rest = start < 0 ? "/" : url.slice(start);
  const mark = rest.indexOf("?");
  if (mark < 0) return { host, path: rest, search: "" };
  return { host, path: rest.slice(0, mark), search: rest.slice(mark + 1) };
}
