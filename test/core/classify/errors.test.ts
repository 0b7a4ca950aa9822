import { classify, type FailureKind } from "@holdfast/core";
import { describe, expect, test } from "vitest";

const coded = (code: string, message = code, cause?: unknown) =>
  Object.assign(new Error(message, { cause }), { code });
const failed = (cause: unknown) => new TypeError("fetch failed", { cause });
const domException = (name: string) => new DOMException("This operation was aborted", name);

describe("errors of the connection", () => {
  test.each<[string, unknown, FailureKind, boolean]>([
    ["a refused connection", failed(coded("ECONNREFUSED")), "network", true],
    [
      "all addresses failing",
      failed(new AggregateError([coded("ECONNREFUSED"), coded("ENETUNREACH")])),
      "network",
      true,
    ],
    ["a name that does not resolve", failed(coded("ENOTFOUND")), "network", true],
    [
      "a connection that takes too long",
      failed(coded("UND_ERR_CONNECT_TIMEOUT", "Connect Timeout Error")),
      "network",
      true,
    ],
    [
      "a socket that was closed before headers",
      failed(coded("UND_ERR_SOCKET", "other side closed")),
      "network",
      true,
    ],
    [
      "headers that did not come",
      failed(coded("UND_ERR_HEADERS_TIMEOUT", "Headers Timeout Error")),
      "timeout",
      true,
    ],
    [
      "a body that broke off",
      new TypeError("terminated", { cause: coded("UND_ERR_SOCKET", "other side closed") }),
      "stream-interrupted",
      true,
    ],
    [
      "a body that stalled",
      new TypeError("terminated", { cause: coded("UND_ERR_BODY_TIMEOUT", "Body Timeout Error") }),
      "timeout",
      true,
    ],
    [
      "a certificate nobody knows",
      failed(coded("SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain")),
      "network",
      false,
    ],
    ["an expired certificate", failed(coded("CERT_HAS_EXPIRED")), "network", false],
    [
      "Bun's refusal",
      coded("ConnectionRefused", "Unable to connect. Is the computer able to access the url?"),
      "network",
      true,
    ],
    [
      "axios timing out",
      Object.assign(coded("ECONNABORTED", "timeout of 1000ms exceeded"), { name: "AxiosError" }),
      "timeout",
      true,
    ],
    [
      "axios without network",
      Object.assign(coded("ERR_NETWORK", "Network Error"), { name: "AxiosError" }),
      "network",
      true,
    ],
    [
      "OpenAI's connection error",
      Object.assign(new Error("Connection error.", { cause: failed(coded("ECONNRESET")) }), {
        name: "APIConnectionError",
      }),
      "network",
      true,
    ],
    [
      "OpenAI's timeout",
      Object.assign(new Error("Request timed out."), { name: "APIConnectionTimeoutError" }),
      "timeout",
      true,
    ],
    [
      "the AI SDK's",
      Object.assign(
        new Error("Cannot connect to API: read ECONNRESET", { cause: coded("ECONNRESET") }),
        { name: "AI_APICallError" },
      ),
      "network",
      true,
    ],
    [
      "the AI SDK's broken body",
      Object.assign(
        new Error("Failed to process successful response", {
          cause: new TypeError("terminated", { cause: coded("ECONNRESET") }),
        }),
        { name: "AI_APICallError", statusCode: 200 },
      ),
      "stream-interrupted",
      true,
    ],
    [
      "gRPC's unavailable",
      Object.assign(new Error("14 UNAVAILABLE: No connection established"), {
        code: 14,
        details: "No connection established",
      }),
      "network",
      true,
    ],
    [
      "gRPC's exhausted",
      Object.assign(
        new Error("8 RESOURCE_EXHAUSTED: Resource has been exhausted (e.g. check quota)."),
        { code: 8 },
      ),
      "rate-limit-unknown",
      true,
    ],
  ])("%s", (...[, error, kind, retryable]) => {
    const failure = classify(error);
    expect([failure.kind, failure.retryable]).toEqual([kind, retryable]);
  });
});

describe("aborts and deadlines", () => {
  test.each<[string, unknown, FailureKind]>([
    ["the caller's abort", domException("AbortError"), "cancelled"],
    ["an abort behind fetch", failed(domException("AbortError")), "cancelled"],
    [
      "OpenAI's abort",
      Object.assign(new Error("Request was aborted."), { name: "APIUserAbortError" }),
      "cancelled",
    ],
    [
      "axios cancelled",
      Object.assign(coded("ERR_CANCELED", "canceled"), { name: "CanceledError" }),
      "cancelled",
    ],
    ["a deadline that fired", domException("TimeoutError"), "timeout"],
    [
      "an abort because of a deadline",
      Object.assign(new Error("aborted", { cause: domException("TimeoutError") }), {
        name: "AbortError",
      }),
      "timeout",
    ],
    [
      "a cancellation of the provider's own",
      {
        error: {
          code: 499,
          message: "The operation was cancelled.",
          status: "CANCELLED",
          errors: [{ reason: "backendError", domain: "global" }],
        },
      },
      "server-error",
    ],
  ])("%s", (_what, error, kind) => {
    expect(classify(error).kind).toBe(kind);
  });
});

describe("what a failure tells", () => {
  const refusal = {
    error: {
      code: 400,
      status: "INVALID_ARGUMENT",
      message:
        "Invalid JSON payload received.\u0007 Unknown name \"foo\" at 'contents[0]': Cannot find field.\nSee ?key=AIzaSyD-abcdefghijklmnop",
      details: [
        {
          "@type": "type.googleapis.com/google.rpc.BadRequest",
          fieldViolations: [{ field: "contents[0]", description: "Unknown" }],
        },
      ],
    },
  };

  test("the fields that details name", () => {
    expect(classify(refusal).fields).toEqual(["contents[0]"]);
  });

  test.each<[string, string[]]>([
    [
      "Invalid value at 'generation_config.temperature' (TYPE_FLOAT), \"hot\"",
      ["generation_config.temperature"],
    ],
    [
      'Invalid JSON payload received. Unknown name "temperature": Cannot find field.',
      ["temperature"],
    ],
    ["* GenerateContentRequest.contents: contents is not specified", ["contents"]],
    ["contents is not specified", ["contents"]],
    [
      "* GenerateContentRequest.contents[2].parts: contents.parts must not be empty.\n* GenerateContentRequest.contents[5].parts: contents.parts must not be empty.",
      ["contents[2].parts", "contents[5].parts"],
    ],
  ])("the fields that a sentence names: %s", (message, fields) => {
    expect(classify({ error: { code: 400, status: "INVALID_ARGUMENT", message } }).fields).toEqual(
      fields,
    );
  });

  test.each<[string, string]>([
    [
      "models/gemini-2.5-flsh is not found for API version v1beta, or is not supported for generateContent.",
      "gemini-2.5-flsh",
    ],
    [
      "Publisher Model `projects/p/locations/l/publishers/google/models/gemini-x-001` was not found.",
      "gemini-x-001",
    ],
    ["The model `gpt-9` does not exist.", "gpt-9"],
  ])("the model that a sentence names: %s", (message, model) => {
    expect(classify({ status: 404, headers: {}, body: { error: { message } } }).model).toBe(model);
  });

  test("one line without keys and control characters", () => {
    const { message } = classify(refusal);
    expect(message).toBe(
      "Invalid JSON payload received. Unknown name \"foo\" at 'contents[0]': Cannot find field. See ?key=[redacted]",
    );
  });

  test("a long text in at most 500 characters", () => {
    expect(classify(new Error("x ".repeat(5_000))).message.length).toBeLessThanOrEqual(500);
  });

  test("the original, reachable but not printed with it", () => {
    const error = new Error("boom");
    const failure = classify(error);
    expect(failure.error).toBe(error);
    expect(Object.keys(failure)).not.toContain("error");
    expect(JSON.stringify(failure)).not.toContain("stack");
  });

  test("nothing is undefined: what is not known is not there", () => {
    expect(Object.values(classify(new Error("boom")))).not.toContain(undefined);
  });

  test("a zero limit beside a quota without a value is that quota's limit", () => {
    const failure = classify({
      error: {
        code: 429,
        status: "RESOURCE_EXHAUSTED",
        message:
          "* Quota exceeded for metric: g/generate_content_free_tier_requests, limit: 0, model: gemini-x\nPlease retry in 1h2m3.5s.",
        details: [
          {
            "@type": "type.googleapis.com/google.rpc.QuotaFailure",
            violations: [
              {
                quotaMetric: "g/generate_content_free_tier_requests",
                quotaId: "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
                quotaDimensions: { model: "gemini-x" },
              },
            ],
          },
        ],
      },
    });
    expect(failure).toMatchObject({
      kind: "quota-zero",
      retryAfter: 3_723_500,
      model: "gemini-x",
      quota: { limit: 0, window: "day", unit: "requests", model: "gemini-x" },
      quotas: [{ limit: 0 }],
    });
  });

  test("a minute's quota with a hint of hours is a day's", () => {
    const failure = classify(
      "429 RESOURCE_EXHAUSTED Quota exceeded for metric: g/generate_requests_per_model, limit: 25, model: m. Please retry in 6h36m13.66s.",
    );
    expect(failure).toMatchObject({
      kind: "rate-limit-day",
      retryable: false,
      retryAfter: 23_773_660,
    });
  });

  test("the longest of the delays that were asked for", () => {
    const failure = classify({
      status: 429,
      headers: { "retry-after": "20" },
      body: {
        error: {
          code: 429,
          status: "RESOURCE_EXHAUSTED",
          message: "Please retry in 856.559356ms.",
          details: [{ "@type": "x/google.rpc.RetryInfo", retryDelay: { seconds: 14, nanos: 5e8 } }],
        },
      },
    });
    expect(failure.retryAfter).toBe(20_000);
  });
});
