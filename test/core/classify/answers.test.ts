import { classify, classifyAnswer, type Answer, type FailureKind } from "@holdfast/core";
import { describe, expect, test } from "vitest";

describe("an answer that an adapter hands over", () => {
  test.each<[string, Answer]>([
    ["text with STOP", { finishReason: "STOP", text: "hello" }],
    ["text with MAX_TOKENS", { finishReason: "MAX_TOKENS", text: "hel" }],
    ["text with a reason nobody knows yet", { finishReason: "ESCALATION", text: "hello" }],
    ["text without any reason", { text: "hello" }],
    ["text with AI SDK 5's unknown", { finishReason: "unknown", text: "hello" }],
    ["a tool call without text", { finishReason: "STOP", text: "", toolCalls: 1 }],
    ["an image without text", { finishReason: "STOP", parts: 1 }],
    [
      "a tool call beside a malformed one",
      { finishReason: "MALFORMED_FUNCTION_CALL", toolCalls: 1 },
    ],
  ])("is usable: %s", (_what, answer) => {
    expect(classifyAnswer(answer)).toBeUndefined();
  });

  test.each<[string, Answer, FailureKind]>([
    ["nothing at all", {}, "empty-response"],
    ["STOP without text", { finishReason: "STOP", text: "" }, "empty-response"],
    ["white space only", { finishReason: "stop", text: " \n" }, "empty-response"],
    ["OTHER without text", { finishReason: "OTHER" }, "empty-response"],
    ["no image where one was due", { finishReason: "NO_IMAGE" }, "empty-response"],
    ["a reason nobody knows yet, without text", { finishReason: "ESCALATION" }, "empty-response"],
    ["a stream that ended without content", { finishReason: "interrupted" }, "empty-response"],
    [
      "a stream that ended amid its text",
      { finishReason: "interrupted", text: "hel" },
      "stream-interrupted",
    ],
    [
      "thinking that used up the budget",
      { finishReason: "MAX_TOKENS", text: "" },
      "truncated-max-tokens",
    ],
    ["the same in unified words", { finishReason: "length" }, "truncated-max-tokens"],
    ["a blocked prompt", { blockReason: "PROHIBITED_CONTENT" }, "content-blocked-prompt"],
    [
      "a blocked prompt in unified words",
      { blockReason: "OTHER", finishReason: "content-filter" },
      "content-blocked-prompt",
    ],
    ["SAFETY", { finishReason: "SAFETY" }, "content-blocked-response"],
    ["SAFETY amid the text", { finishReason: "SAFETY", text: "he" }, "content-blocked-response"],
    ["SPII", { finishReason: "SPII" }, "content-blocked-response"],
    ["IMAGE_SAFETY", { finishReason: "IMAGE_SAFETY" }, "content-blocked-response"],
    ["content-filter", { finishReason: "content-filter" }, "content-blocked-response"],
    ["RECITATION", { finishReason: "RECITATION" }, "recitation"],
    ["IMAGE_RECITATION", { finishReason: "IMAGE_RECITATION" }, "recitation"],
    [
      "MALFORMED_FUNCTION_CALL",
      { finishReason: "MALFORMED_FUNCTION_CALL" },
      "malformed-function-call",
    ],
    [
      "a malformed call after some text",
      { finishReason: "MALFORMED_FUNCTION_CALL", text: "I will" },
      "malformed-function-call",
    ],
    ["UNEXPECTED_TOOL_CALL", { finishReason: "UNEXPECTED_TOOL_CALL" }, "malformed-function-call"],
    ["TOO_MANY_TOOL_CALLS", { finishReason: "TOO_MANY_TOOL_CALLS" }, "malformed-function-call"],
    ["MISSING_THOUGHT_SIGNATURE", { finishReason: "MISSING_THOUGHT_SIGNATURE" }, "invalid-request"],
  ])("is a failure: %s", (_what, answer, kind) => {
    expect(classifyAnswer(answer)?.kind).toBe(kind);
  });

  test("its failure repeats what Gemini remarked and keeps the answer", () => {
    const answer = {
      finishReason: "UNEXPECTED_TOOL_CALL",
      finishMessage: "Unexpected tool call: search",
    };
    const failure = classifyAnswer(answer);
    expect(failure?.message).toBe("Unexpected tool call: search");
    expect(failure?.error).toBe(answer);
  });

  test("a blocked one is never helped by another model, account or endpoint", () => {
    expect(classifyAnswer({ blockReason: "SAFETY" })?.helps).toEqual({
      model: false,
      account: false,
      endpoint: false,
    });
  });
});

const ok = (body: unknown) => ({ status: 200, headers: {}, body });
const candidate = (finishReason: string, parts?: unknown[]) => ({
  candidates: [{ content: { role: "model", ...(parts ? { parts } : {}) }, finishReason, index: 0 }],
});
const events = (...chunks: unknown[]) =>
  chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join("");

describe("an HTTP answer with status 200", () => {
  test.each<[string, unknown, FailureKind]>([
    ["no candidates", ok({ usageMetadata: { promptTokenCount: 3 } }), "empty-response"],
    ["an empty list of candidates", ok({ candidates: [] }), "empty-response"],
    ["no parts", ok(candidate("STOP")), "empty-response"],
    ["only thoughts", ok(candidate("STOP", [{ text: "hm", thought: true }])), "empty-response"],
    ["an empty body", ok(""), "empty-response"],
    ["a proxy's page", ok("<!DOCTYPE html><title>Sign in</title>"), "gateway-error"],
    [
      "a blocked prompt",
      ok({ promptFeedback: { blockReason: "SAFETY" } }),
      "content-blocked-prompt",
    ],
    ["SAFETY", ok(JSON.stringify(candidate("SAFETY"))), "content-blocked-response"],
    ["RECITATION", ok(candidate("RECITATION")), "recitation"],
    ["MAX_TOKENS", ok(candidate("MAX_TOKENS")), "truncated-max-tokens"],
    ["a malformed call", ok(candidate("MALFORMED_FUNCTION_CALL")), "malformed-function-call"],
    [
      "an error in the body",
      ok({ error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" } }),
      "capacity-exhausted",
    ],
    [
      "an error event after some text",
      ok(
        events(candidate("", [{ text: "Hel" }]), {
          error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" },
        }),
      ),
      "capacity-exhausted",
    ],
    [
      "a raw error behind the events",
      ok(
        `${events({ candidates: [{ content: { parts: [{ text: "Hel" }] } }] })}{\n  "error": {\n    "code": 429,\n    "message": "Resource has been exhausted (e.g. check quota).",\n    "status": "RESOURCE_EXHAUSTED"\n  }\n}\n`,
      ),
      "rate-limit-unknown",
    ],
    [
      "events that end without a finish reason",
      ok(events({ candidates: [{ content: { parts: [{ text: "Hel" }] } }] })),
      "stream-interrupted",
    ],
    [
      "events with a blocked prompt",
      ok(events({ promptFeedback: { blockReason: "OTHER" } })),
      "content-blocked-prompt",
    ],
    [
      "a body that was cut",
      ok('{"candidates": [{"content": {"parts": [{"text": "quota exceeded'),
      "stream-interrupted",
    ],
    [
      "the compatible endpoint's filter",
      ok({
        choices: [
          { index: 0, finish_reason: "content_filter: SAFETY", message: { role: "assistant" } },
        ],
      }),
      "content-blocked-response",
    ],
    [
      "the compatible endpoint's malformed call",
      ok({
        choices: [
          {
            index: 0,
            finish_reason: "function_call_filter: MALFORMED_FUNCTION_CALL",
            message: { content: "" },
          },
        ],
      }),
      "malformed-function-call",
    ],
    [
      "the interactions API's error event",
      ok(
        'event: error\ndata: {"event_type":"error","error":{"code":"not_found","message":"Model not there"}}\n\n',
      ),
      "model-not-found",
    ],
  ])("is a failure: %s", (_what, value, kind) => {
    expect(classify(value).kind).toBe(kind);
  });

  test("what the model wrote is not taken for an error's sentence", () => {
    const answer = ok(
      candidate("STOP", [{ text: "Your API key was reported as leaked. limit: 0. fetch failed" }]),
    );
    expect(classify(answer).kind).toBe("unknown");
  });

  test("what the AI SDK quotes of an unknown chunk is not taken for an error's sentence", () => {
    const value = { candidates: [{ content: { parts: [{ text: "quota exceeded" }] } }] };
    const error = Object.assign(
      new Error(
        `Type validation failed: Value: ${JSON.stringify(value)}.\nError message: [{"code":"invalid_type"}]`,
      ),
      {
        name: "AI_TypeValidationError",
        value,
      },
    );
    expect(classify(error).kind).toBe("unknown");
    // A logger or a wrapper puts its own words before it.
    const logged = `Streaming failed: [AI_TypeValidationError]: ${error.message}`;
    expect(classify(logged).kind).toBe("unknown");
  });
});
