import { catalogue, diagnose, type Failure, type FailureKind, printableName } from "@holdfast/core";
import { describe, expect, test } from "vitest";

const kinds = Object.keys(catalogue) as FailureKind[];

function failure(kind: FailureKind, facts: Partial<Failure> = {}): Failure {
  const { retryable, helps, scope, sure } = catalogue[kind];
  return { kind, retryable, helps, scope, sure, message: "", ...facts };
}

describe("diagnose", () => {
  test.each(kinds)("says in one English line of its own what %s means", (kind) => {
    const line = diagnose(failure(kind));
    expect(line).toMatch(/^[A-Z][ -~]{20,160}\.$/);
    const others = kinds.filter((other) => other !== kind).map((other) => diagnose(failure(other)));
    expect(others).not.toContain(line);
  });

  test("names the quota, the model and the delay of a refusal", () => {
    const metric = "generativelanguage.googleapis.com/generate_content_free_tier_requests";
    const quota = { metric, limit: 20, window: "day", unit: "requests" } as const;
    const facts = { status: 429, model: "gemini-3.6-flash", quota, retryAfter: 21_279_640 };
    expect(diagnose(failure("rate-limit-day", facts))).toBe(
      'The daily limit of 20 free-tier requests per day for model "gemini-3.6-flash" is used up, for 5 h 54 min (HTTP 429).',
    );
  });

  test("does not repeat a delay of seconds for a quota of the day", () => {
    const line = diagnose(failure("rate-limit-day", { retryAfter: 12_000 }));
    expect(line).toBe("The daily limit for the model is used up until midnight Pacific time.");
  });

  test.each([
    [0, "0 s"],
    [1, "1 s"],
    [12_000, "12 s"],
    [60_000, "1 min"],
    [125_000, "2 min 5 s"],
    [3_605_000, "1 h"],
  ])("writes a delay of %i ms as %s", (retryAfter, text) => {
    const line = diagnose(failure("rate-limit-minute", { retryAfter }));
    expect(line).toContain(`for ${text}.`);
  });

  test("names the fields of an invalid request, three at most", () => {
    const fields = ["contents[0].parts", "generation_config.temperature", "tools", "system"];
    expect(diagnose(failure("invalid-request", { fields }))).toBe(
      "The request is not valid at contents[0].parts, generation_config.temperature, tools.",
    );
  });

  test("names the nearest models and the successor of a model that is not found", () => {
    const missing = failure("model-not-found", { model: "gemini-3.6-flsh", status: 404 });
    const hints = {
      nearest: ["gemini-3.6-flash", "gemini-3.8-flash"],
      successor: "gemini-3.8-flash",
    };
    expect(diagnose(missing, hints)).toBe(
      'Model "gemini-3.6-flsh" does not exist or is closed to this project (HTTP 404). ' +
        'Did you mean "gemini-3.6-flash"? Its successor is "gemini-3.8-flash".',
    );
    expect(diagnose(failure("server-error"), hints)).not.toContain("gemini");
  });

  test("prints nothing of the provider's sentence, and only names that are safe", () => {
    const key = `AIza${"x".repeat(35)}`;
    const line = diagnose(
      failure("invalid-request", {
        message: "the secret prompt",
        model: key,
        fields: ["the secret prompt", "contents\u0000", "contents[0]", key],
      }),
    );
    expect(line).toBe("The request is not valid at contents[0].");
  });
});

describe("printableName", () => {
  test.each(["models/gemini-3.6-flash@001", "contents[0].parts[1]", "模型", "a".repeat(120)])(
    "lets the name %s pass",
    (name) => {
      expect(printableName(name)).toBe(name);
    },
  );

  test.each([
    ["a sentence", "tell me a story"],
    ["a control character", "gemini\u001b[31m"],
    ["a direction override", "gemini\u202eflash"],
    ["a lone surrogate", "gemini\ud800"],
    ["a key", `AIza${"x".repeat(35)}`],
    ["a newer key", `AQ.${"x".repeat(35)}`],
    ["a name without end", "a".repeat(121)],
    ["nothing", ""],
    ["no string", 7],
  ])("refuses %s", (_what, value) => {
    expect(printableName(value)).toBeUndefined();
  });
});
