import {
  createGemini,
  type FaultInput,
  type FaultName,
  type Gemini,
} from "@holdfast/gemini-simulator";
import { describe, expect, test } from "vitest";

const now = Date.UTC(2026, 10, 2, 12, 0, 20);

function ask(
  gemini: Gemini,
  options: { stream?: boolean; model?: string; key?: string; at?: number; text?: string } = {},
) {
  const {
    stream = false,
    model = "gemini-2.5-flash",
    key = "K1",
    at = now,
    text = "hello",
  } = options;
  const verb = stream ? "streamGenerateContent?alt=sse" : "generateContent";
  const answer = gemini.handle(
    {
      method: "POST",
      url: `/v1beta/models/${model}:${verb}`,
      headers: { "x-goog-api-key": key },
      body: JSON.stringify({ contents: [{ role: "user", parts: [{ text }] }] }),
    },
    at,
  );
  const body = answer.chunks.map((chunk) => chunk.text).join("");
  return { answer, status: answer.head?.status, body };
}

function giving(fault: FaultInput): Gemini {
  return createGemini({ rules: [{ fault }] });
}

interface ErrorBody {
  error: {
    code: number;
    status: string;
    message: string;
    details?: ({ "@type": string } & Record<string, unknown>)[];
  };
}

function violationsOf(fault: FaultInput) {
  const { error } = JSON.parse(ask(giving(fault)).body) as ErrorBody;
  const failure = error.details?.find((detail) => detail["@type"].endsWith("QuotaFailure"));
  return failure?.["violations"] as Record<string, unknown>[];
}

describe("refusals", () => {
  test.each<[FaultInput, number, string, RegExp, string[]]>([
    ["overload", 503, "UNAVAILABLE", /experiencing high demand/, []],
    [{ type: "overload", sentence: "overloaded" }, 503, "UNAVAILABLE", /model is overloaded/, []],
    [
      "no-capacity",
      503,
      "UNAVAILABLE",
      /No capacity available for model/,
      ["ErrorInfo", "RetryInfo"],
    ],
    [
      { type: "no-capacity", status: 429 },
      429,
      "RESOURCE_EXHAUSTED",
      /No capacity/,
      ["ErrorInfo", "RetryInfo"],
    ],
    ["shared-capacity", 429, "RESOURCE_EXHAUSTED", /error-code-429/, []],
    ["bare-exhaustion", 429, "RESOURCE_EXHAUSTED", /check quota/, []],
    [
      "minute-quota",
      429,
      "RESOURCE_EXHAUSTED",
      /limit: 5, model: gemini-2.5-flash\nPlease retry in [\d.]+m?s\./,
      ["Help", "QuotaFailure", "RetryInfo"],
    ],
    [
      "minute-token-quota",
      429,
      "RESOURCE_EXHAUSTED",
      /input_token_count, limit: 250000/,
      ["Help", "QuotaFailure", "RetryInfo"],
    ],
    [
      "day-quota",
      429,
      "RESOURCE_EXHAUSTED",
      /limit: 20, .*\nPlease retry in 19h59m/,
      ["Help", "QuotaFailure", "RetryInfo"],
    ],
    ["zero-quota", 429, "RESOURCE_EXHAUSTED", /limit: 0/, ["Help", "QuotaFailure", "RetryInfo"]],
    ["spend-rate", 429, "RESOURCE_EXHAUSTED", /spend-based rate limit/, []],
    ["spend-cap", 429, "RESOURCE_EXHAUSTED", /monthly spending cap/, []],
    [{ type: "spend-cap", cap: "prepaid" }, 429, "RESOURCE_EXHAUSTED", /prepayment credits/, []],
    ["internal-error", 500, "INTERNAL", /internal error has occurred/, []],
    ["deadline-exceeded", 504, "DEADLINE_EXCEEDED", /Deadline expired/, []],
    [
      "invalid-key",
      400,
      "INVALID_ARGUMENT",
      /API key not valid/,
      ["ErrorInfo", "LocalizedMessage"],
    ],
    ["expired-key", 400, "INVALID_ARGUMENT", /API key expired/, ["ErrorInfo", "LocalizedMessage"]],
    ["leaked-key", 403, "PERMISSION_DENIED", /reported as leaked/, []],
    [
      "restricted-key",
      403,
      "PERMISSION_DENIED",
      /GenerativeService.GenerateContent are blocked/,
      ["ErrorInfo", "LocalizedMessage"],
    ],
    [
      { type: "restricted-key", by: "referrer" },
      403,
      "PERMISSION_DENIED",
      /referer <empty>/,
      ["ErrorInfo", "LocalizedMessage"],
    ],
    ["unregistered-caller", 403, "PERMISSION_DENIED", /unregistered callers/, []],
    [
      "unsupported-token",
      401,
      "UNAUTHENTICATED",
      /invalid authentication credentials/,
      ["ErrorInfo"],
    ],
    [
      "api-disabled",
      403,
      "PERMISSION_DENIED",
      /has not been used in project \d+/,
      ["ErrorInfo", "LocalizedMessage", "Help"],
    ],
    ["billing-required", 403, "PERMISSION_DENIED", /requires billing/, []],
    [
      { type: "billing-required", because: "country" },
      400,
      "FAILED_PRECONDITION",
      /free tier is not available/,
      [],
    ],
    [
      "project-suspended",
      403,
      "PERMISSION_DENIED",
      /has been suspended/,
      ["ErrorInfo", "LocalizedMessage"],
    ],
    ["permission-denied", 403, "PERMISSION_DENIED", /caller does not have permission/, []],
    ["region-blocked", 400, "FAILED_PRECONDITION", /User location is not supported/, []],
    ["model-not-found", 404, "NOT_FOUND", /is not found for API version v1beta/, []],
    [
      { type: "model-not-found", because: "closed-to-new-users" },
      404,
      "NOT_FOUND",
      /no longer available to new users/,
      [],
    ],
    ["invalid-argument", 400, "INVALID_ARGUMENT", /invalid argument/, []],
    ["context-overflow", 400, "INVALID_ARGUMENT", /\(1048576\)/, []],
    [
      "payload-too-large",
      400,
      "INVALID_ARGUMENT",
      /payload size exceeds the limit: 20971520 bytes/,
      [],
    ],
    ["cancelled", 499, "CANCELLED", /cancelled/, []],
  ])("%o is a %i %s", (...row) => {
    const [fault, code, status, message, details] = row;
    const given = ask(giving(fault));
    const { error } = JSON.parse(given.body) as ErrorBody;
    expect([given.status, error.code, error.status]).toEqual([code, code, status]);
    expect(error.message).toMatch(message);
    expect((error.details ?? []).map((detail) => detail["@type"])).toEqual(
      details.map((name) => `type.googleapis.com/google.rpc.${name}`),
    );
  });

  test("a refused stream keeps its status and a plain JSON body under the content type of a stream", () => {
    const { answer, body } = ask(giving("overload"), { stream: true });
    expect(answer.head?.status).toBe(503);
    expect(answer.head?.headers["content-type"]).toBe("text/event-stream");
    expect((JSON.parse(body) as ErrorBody).error.code).toBe(503);
  });

  test("a limit of 0 leaves quotaValue out, any other limit is a string", () => {
    expect(violationsOf("zero-quota").map((violation) => "quotaValue" in violation)).toEqual([
      false,
      false,
      false,
    ]);
    expect(violationsOf("minute-quota")).toEqual([
      {
        quotaMetric: "generativelanguage.googleapis.com/generate_content_free_tier_requests",
        quotaId: "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
        quotaDimensions: { location: "global", model: "gemini-2.5-flash" },
        quotaValue: "5",
      },
    ]);
  });
});

describe("answers that are no use", () => {
  test.each<[FaultInput, RegExp]>([
    ["empty-stop", /"content": \{\s*"role": "model"\s*\},\s*"finishReason": "STOP"/],
    ["malformed-function-call", /"finishReason": "MALFORMED_FUNCTION_CALL"/],
    ["blocked-response", /"content": \{\},\s*"finishReason": "SAFETY"/],
    ["recitation", /"finishReason": "RECITATION"/],
    ["blocked-prompt", /"promptFeedback": \{\s*"blockReason": "PROHIBITED_CONTENT"/],
    ["max-tokens", /"finishReason": "MAX_TOKENS"/],
    ["html-page", /^<!DOCTYPE html>/],
    ["empty-body", /^$/],
    ["stream-error", /"code": 503/],
  ])("%o comes as 200", (fault, body) => {
    const given = ask(giving(fault));
    expect(given.status).toBe(200);
    expect(given.body).toMatch(body);
    expect(given.body).not.toContain('"text"');
  });
});

describe("a scripted answer", () => {
  test("has the status, headers and body that the scenario says", () => {
    const body = [{ error: { code: 429 } }];
    const headers = { "Retry-After": "7" };
    const given = ask(giving({ type: "scripted-answer", status: 429, headers, body }));
    expect(given.status).toBe(429);
    expect(given.answer.head?.headers).toMatchObject({
      "content-type": "application/json; charset=UTF-8",
      "retry-after": "7",
    });
    expect(JSON.parse(given.body)).toEqual(body);
  });

  test("sends a text as it is, under a content type that may be told", () => {
    const fault = {
      type: "scripted-answer",
      body: "data: {}\n\n",
      headers: { "content-type": "text/event-stream" },
    } as const;
    const given = ask(giving(fault), { stream: true });
    expect([given.status, given.body]).toEqual([200, "data: {}\n\n"]);
    expect(given.answer.head?.headers["content-type"]).toBe("text/event-stream");
  });

  test.each([false, true])("is what the model says, framed for the call (stream: %s)", (stream) => {
    const given = ask(giving({ type: "scripted-answer", text: "Kelp." }), { stream });
    const { candidates } = JSON.parse(given.body.replace("data: ", "")) as {
      candidates: { content: { parts: unknown[] }; finishReason: string }[];
    };
    expect(candidates[0]).toMatchObject({
      content: { parts: [{ text: "Kelp." }] },
      finishReason: "STOP",
    });
  });
});

describe("connections and streams", () => {
  const good = ask(createGemini(), { stream: true });

  test.each<[FaultName, string]>([
    ["reset", "reset"],
    ["hang", "hang"],
    ["refused", "refused"],
  ])("%s ends without a header", (fault, ending) => {
    expect(ask(giving(fault)).answer).toEqual({ delay: 0, head: undefined, chunks: [], ending });
  });

  test.each<[FaultName, string]>([
    ["reset-mid-body", "reset"],
    ["stall-mid-body", "hang"],
    ["truncated-stream", "complete"],
  ])("%s sends some of the chunks and no finish reason", (fault, ending) => {
    const { answer, body } = ask(giving(fault), { stream: true });
    expect(answer.ending).toBe(ending);
    expect(answer.chunks.length).toBeGreaterThan(0);
    expect(answer.chunks.length).toBeLessThan(good.answer.chunks.length);
    expect(body).not.toContain("finishReason");
  });

  test("a malformed chunk stands between good ones", () => {
    const { answer } = ask(giving("malformed-stream"), { stream: true });
    const events = answer.chunks.map((chunk) => chunk.text.replace("data: ", ""));
    const parsed = events.map((event) => {
      try {
        return typeof JSON.parse(event);
      } catch {
        return "broken";
      }
    });
    expect(parsed.filter((one) => one === "broken")).toHaveLength(1);
    expect(parsed[0]).toBe("object");
    expect(parsed.at(-1)).toBe("object");
  });

  test("an error event ends a stream that began well, or is its first event", () => {
    const late = ask(giving("stream-error"), { stream: true });
    expect(late.status).toBe(200);
    expect(late.answer.chunks[0]?.text).toContain('"text"');
    expect(late.answer.chunks.at(-1)?.text).toMatch(/^data: {"error":{"code":503/);
    const early = ask(giving({ type: "stream-error", share: 0, status: 500 }), { stream: true });
    expect(early.answer.chunks.map((chunk) => chunk.text)).toEqual([
      expect.stringContaining('"code":500'),
    ]);
  });

  test("a slow first token delays the first event of a stream and the headers of a plain answer", () => {
    const fault = { type: "slow-first-token", delay: 9000 } as const;
    const stream = ask(giving(fault), { stream: true }).answer;
    expect([stream.delay, stream.chunks[0]?.delay, stream.chunks[1]?.delay]).toEqual([0, 9000, 0]);
    expect(ask(giving(fault)).answer.delay).toBe(9000);
  });

  test("a redirect leads the same path to another origin", () => {
    const { answer } = ask(giving({ type: "redirect", to: "http://localhost:9" }));
    expect(answer.head?.status).toBe(307);
    expect(answer.head?.headers["location"]).toBe(
      "http://localhost:9/v1beta/models/gemini-2.5-flash:generateContent",
    );
  });
});
