import { classify } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { body } from "./shapes.ts";

const kindOf = (value: unknown): string => classify(value).kind;

const quickAccessor = (reason: number): string =>
  `The response has no valid \`Part\`. The candidate's [finish_reason](https://x.example/y) is ${reason}.\n    at async run`;

describe("a status in the notation of", () => {
  test("gRPC in Go", () => {
    expect(kindOf("rpc error: code = ResourceExhausted desc = Try later")).toBe(
      "rate-limit-unknown",
    );
    expect(kindOf("rpc error: code = PermissionDenied desc = No")).toBe("permission-denied");
  });

  test("gRPC's debug string, whatever the word before it", () => {
    const line = `UNKNOWN:Error received from peer {grpc_status:7, grpc_message:"Permission 'x' denied"}`;
    expect(kindOf(line)).toBe("permission-denied");
  });

  test("ErrorInfo's constant, in any sentence", () => {
    expect(kindOf("the key was refused (API_KEY_IP_ADDRESS_BLOCKED)")).toBe("api-key-restricted");
    expect(kindOf("refused: SERVICE_DISABLED, see the console")).toBe("api-not-enabled");
  });

  test("a finish reason that stands behind a link, as a number", () => {
    expect(kindOf(quickAccessor(2))).toBe("truncated-max-tokens");
    expect(kindOf(quickAccessor(3))).toBe("content-blocked-response");
  });

  test("a class, where nothing else is said", () => {
    const error = Object.assign(new Error("no"), { name: "RateLimitError" });
    expect(kindOf(error)).toBe("rate-limit-unknown");
    expect(kindOf(Object.assign(error, { status: 403 }))).toBe("permission-denied");
  });

  test("nobody: an object with fields of its own", () => {
    expect(kindOf({ errorMessage: "Gemini request failed with HTTP 400." })).toBe(
      "invalid-request",
    );
    expect(kindOf({ fine: true, note: "all is well" })).toBe("unknown");
  });
});

test.each([
  ["the fetch returned 401: go away", "unauthenticated"],
  ["the relay responded with status 503.", "capacity-exhausted"],
  ["proxy response (502) is not what was hoped for", "gateway-error"],
  ["the search returned 500 results", "unknown"],
])("a status that is told in passing counts, and other numbers do not: %s", (line, kind) => {
  expect(kindOf(line)).toBe(kind);
});

test("what the AI SDK's schema dropped of a body is read from its text", () => {
  const details = [
    { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.4s" },
    {
      "@type": "type.googleapis.com/google.rpc.QuotaFailure",
      violations: [{ quotaId: "GenerateRequestsPerMinutePerProjectPerModel-FreeTier" }],
    },
  ];
  const error = { code: 429, message: "Quota is used up", status: "RESOURCE_EXHAUSTED" };
  const thrown = Object.assign(new Error(error.message), {
    name: "AI_APICallError",
    statusCode: 429,
    data: { error },
    responseBody: JSON.stringify({ error: { ...error, details } }),
  });
  expect(classify(thrown)).toMatchObject({ kind: "rate-limit-minute", retryAfter: 34_400 });
});

test.each<[string, unknown]>([
  ["an HTTP library's log", { status_code: 429, text: "…" }],
  ["a low-code tool", { errorMessage: "Bad request", errorDetails: { httpCode: "429" } }],
  ["a filter for exceptions", { httpStatus: 429, message: "It failed" }],
])("a status counts by whatever plain name it has: %s", (_tool, value) => {
  expect(classify(value)).toMatchObject({ kind: "rate-limit-unknown", status: 429 });
});

test("what a tool wraps around the error it reports hides nothing", () => {
  const error = { message: "exception TypeError: fetch failed sending request" };
  const reported = { functionResponse: { name: "draw", response: { error } } };
  expect(kindOf(reported)).toBe("network");
});

test("a wrapper's class that says something else than the error within does not count", () => {
  const said = '{"error":{"code":403,"message":"Your API key was reported as leaked."}}';
  expect(kindOf(`RateLimitError: provider said ${said}`)).toBe("api-key-leaked");
});

describe("a failed answer in nobody's format is read to the sentence that says why", () => {
  const why = "The input exceeds the maximum number of tokens";
  test.each<[string, unknown]>([
    ["FastAPI", { detail: why }],
    ["FastAPI's list", { detail: [{ loc: ["body"], msg: why }] }],
    ["problem details", { title: "Bad Request", detail: why, type: "about:blank" }],
    ["OAuth", { error: "invalid_request", error_description: why }],
    ["GraphQL-like", { message: "Bad Request", extensions: { reason: why } }],
    ["an inner error", { error: { message: "Upstream failed", innererror: { message: why } } }],
    ["fields with other names", { Fault: { Text: why } }],
    ["a body in a body", { upstream: { body: JSON.stringify({ error: { message: why } }) } }],
  ])("%s", (_what, sent) => {
    const kinds = [sent, JSON.stringify(sent)].map((form) =>
      kindOf({ status: 400, headers: {}, body: form }),
    );
    expect(kinds).toEqual(["context-length-exceeded", "context-length-exceeded"]);
  });

  test("but what it repeats of the request is not", () => {
    const sent = { code: 7, request: { text: why }, messages: [{ role: "user", text: why }] };
    expect(kindOf({ status: 400, headers: {}, body: sent })).toBe("invalid-request");
  });

  test("nor is an answer that did not fail", () => {
    const sent = { output: [{ text: "Rate limit exceeded" }] };
    expect(kindOf({ status: 200, headers: {}, body: sent })).not.toMatch(/^rate-limit/);
  });
});

describe("a delay in words", () => {
  test.each([
    ["Too many requests. Please wait 8s.", 8_000],
    ["High traffic, try again in a minute.", 60_000],
    ["Rate limited. retry-after: 30", 30_000],
    ["429 [retry_delay { seconds: 37 nanos: 500000000 }]", 37_500],
    ["请求过于频繁，请在20秒后再试", 20_000],
    ["请求过多，请 2 分钟后重试", 120_000],
    ["请求过多，请等待 1 分 30 秒", 90_000],
    ["配额已用完，6小时后恢复", 21_600_000],
    ['{"error":{"message":"Slow down","retry_after_ms":1200}}', 1_200],
    ['{"message":"You are being rate limited","retry_after":9}', 9_000],
  ])("%s", (line, delay) => {
    expect(classify(line).retryAfter).toBe(delay);
  });

  test.each(["Please wait and try again later.", "Wait a moment.", "Retrying in 1000ms"])(
    "none in: %s",
    (line) => {
      expect(classify(line).retryAfter).toBeUndefined();
    },
  );
});

describe("what the status says against a sentence", () => {
  test("an empty field of a refused request is no empty answer", () => {
    const message = "Unable to submit request because it has an empty text parameter.";
    const answer = { status: 400, headers: {}, body: body("400 INVALID_ARGUMENT", message) };
    expect(kindOf(answer)).toBe("invalid-request");
  });

  test("a model that is not available now is there", () => {
    const message = "models/gemini-x is not available at the moment";
    const answer = (said: string) => ({
      status: Number(said.slice(0, 3)),
      headers: {},
      body: body(said, message),
    });
    expect(kindOf(answer("503 UNAVAILABLE"))).toBe("capacity-exhausted");
    expect(kindOf(answer("404 NOT_FOUND"))).toBe("model-not-found");
  });

  test("the path that a client tried is no sentence about a model", () => {
    const line =
      'POST https://relay.example/v1beta/models/gemini-x:generateContent "404 Not Found"';
    expect(classify(line)).toMatchObject({ kind: "model-not-found", helps: { endpoint: true } });
  });

  test("a status in a bracket that was cut off is a status", () => {
    expect(kindOf("Error fetching from https://relay.example: [403 Forbid")).toBe(
      "permission-denied",
    );
  });

  test("a path that Google's own page does not know may be known elsewhere", () => {
    const page =
      "<title>Error 404 (Not Found)!!1</title><p>The requested URL <code>/v1beta/models/x</code> was not found on this server.";
    expect(classify({ status: 404, headers: {}, body: page })).toMatchObject({
      kind: "model-not-found",
      helps: { endpoint: true },
    });
  });

  test("a relay's own 500 around a refusal is a refusal", () => {
    const error = { message: "upstream error: you have exhausted your daily quota" };
    expect(kindOf({ status: 500, headers: {}, body: { error } })).toBe("rate-limit-day");
  });
});

test("the stack of an error is not written out for it", () => {
  const error = new Error("fetch failed");
  let read = 0;
  Object.defineProperty(error, "stack", {
    get: () => {
      read += 1;
      return "at somewhere";
    },
  });
  expect(kindOf(error)).toBe("network");
  expect(read).toBe(0);
});
