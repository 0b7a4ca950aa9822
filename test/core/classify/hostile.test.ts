import { catalogue, classify, redactError } from "@holdfast/core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { body, clients, errorInfo, quotaFailure, retryInfo } from "./shapes.ts";

const answers = [
  body(
    "429 RESOURCE_EXHAUSTED",
    "You exceeded your current quota.\n* Quota exceeded for metric: g/r, limit: 0, model: m\nPlease retry in 3h2m1.5s.",
    [
      quotaFailure({
        quotaMetric: "g/r",
        quotaId: "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
        model: "m",
      }),
      retryInfo("34s"),
    ],
  ),
  body("400 INVALID_ARGUMENT", "API key not valid.", [
    errorInfo("API_KEY_INVALID", { quota_limit: "x", quota_limit_value: "0" }),
  ]),
  body("503 UNAVAILABLE", "The model is overloaded."),
];

const seeds = Object.values(clients).flatMap((client) => answers.map(client));

/** Words that the rules look for, so that random texts come close to them. */
const fragments = [
  "data: ",
  "{",
  "}",
  "[",
  "]",
  '"',
  "'",
  "\\",
  "\\n",
  "\n",
  "│",
  " + ",
  "error",
  "message",
  "code",
  ": ",
  "429",
  "503",
  "status",
  "Quota exceeded for metric: ",
  "limit: ",
  "0",
  "Please retry in ",
  "5h",
  "1.5s",
  "retryDelay",
  "quotaId",
  "PerDay",
  "model: ",
  "finishReason",
  "SAFETY",
  "fetch failed",
  "thinking",
  " is not supported",
  "with",
  "stream",
  " ended",
  'key: "a" value: "',
  "models/",
  "not found",
  "JSON parsing failed: Text: ",
  "Type validation failed: Value: ",
  "blocked due to",
  "api key",
  "AIza",
  "?key=",
  "Bearer ",
  " ",
  "\u0000",
  "\u202e",
  "😀",
  "\ud800",
];

const text = fc
  .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ maxLength: 6 })), { maxLength: 30 })
  .map((parts) => parts.join(""));

const keys = fc.constantFrom(
  "name",
  "message",
  "stack",
  "status",
  "statusCode",
  "code",
  "type",
  "reason",
  "error",
  "errors",
  "lastError",
  "cause",
  "data",
  "body",
  "response",
  "responseBody",
  "headers",
  "responseHeaders",
  "errorDetails",
  "details",
  "metadata",
  "raw",
  "@type",
  "violations",
  "fieldViolations",
  "retryDelay",
  "quotaValue",
  "quotaDimensions",
  "candidates",
  "promptFeedback",
  "blockReason",
  "finishReason",
  "choices",
  "content",
  "parts",
  "value",
  "usageMetadata",
  "url",
);

const nested = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.constantFrom(null, undefined, Number.NaN, -1, 0, 14, 200, 429, 1e21, true, Symbol("x"), 10n),
    fc.constantFrom(...seeds),
    fc.array(tie("any"), { maxLength: 4 }),
    fc.dictionary(keys, tie("any"), { maxKeys: 6 }),
    fc.tuple(text, tie("any")).map(([message, cause]) => new Error(message, { cause })),
    fc
      .dictionary(keys, tie("any"), { maxKeys: 4 })
      .map((fields) => Object.assign(new Error("x"), fields)),
    tie("any").map((inner) => trapped(inner)),
    fc.dictionary(keys, tie("any"), { maxKeys: 4 }).map((fields) => cyclic(fields)),
  ),
})).any;

/** Any field of it is the value, or throws. */
function trapped(inner: unknown): unknown {
  return new Proxy(() => undefined, {
    get: (_target, key) => {
      if (key === "status" || key === "then") throw new Error("trap");
      return inner;
    },
    ownKeys: () => {
      throw new Error("trap");
    },
  });
}

function cyclic(fields: Record<string, unknown>): unknown {
  return Object.assign(fields, { cause: fields, error: [fields] });
}

/** Where a value may stand in what a client throws. */
const places: ((inner: unknown) => unknown)[] = [
  (inner) => inner,
  (inner) => new Error("x", { cause: inner }),
  (inner) => ({ status: 429, headers: inner, body: inner }),
  (inner) => [inner, inner],
  (inner) =>
    Object.assign(new Error("x"), { name: "AI_RetryError", lastError: inner, errors: [inner] }),
  (inner) => ({
    error: {
      code: inner,
      message: inner,
      status: inner,
      details: [{ "@type": inner, violations: [inner], retryDelay: inner }],
    },
  }),
];

/** A real payload as text, with one stretch cut out and replaced in each of eight places. */
const mutated = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.array(fc.tuple(fc.nat(), fc.nat(200), text), { minLength: 8, maxLength: 8 }),
  )
  .map(([seed, cuts]) => {
    const whole = typeof seed === "string" ? seed : `${String(seed)} ${JSON.stringify(seed)}`;
    return cuts.map(([at, length, filling]) => {
      const start = at % whole.length;
      return whole.slice(0, start) + filling + whole.slice(start + length);
    });
  });

// oxlint-disable-next-line no-control-regex -- none may be left
const unprintable = /[\u0000-\u001f\u007f-\u009f]|AIza[\w-]{6}/;

function isSound(value: unknown): boolean {
  const { kind, message, retryAfter = 0 } = classify(value);
  if (!Object.hasOwn(catalogue, kind) || message.length > 500 || unprintable.test(message))
    return false;
  return retryAfter >= 0 && Number.isFinite(retryAfter);
}

/** The first value that does not hold, with the seed that finds it again; `undefined` where all do. */
function firstFault<Value>(
  values: fc.Arbitrary<Value>,
  holds: (value: Value) => boolean,
  numRuns: number,
): unknown {
  const { failed, counterexample, seed, errorInstance } = fc.check(fc.property(values, holds), {
    numRuns,
  });
  return failed ? { counterexample, seed, error: String(errorInstance) } : undefined;
}

const soundEverywhere = (inner: unknown): boolean => places.every((place) => isSound(place(inner)));
const keepsType = (value: unknown): boolean =>
  typeof redactError(value, ["fetch failed"]) === typeof value;

describe("values that nobody expects", () => {
  test("60,000 nested, cyclic and trapped ones are classified without throwing", () => {
    expect(firstFault(nested, soundEverywhere, 10_000)).toBeUndefined();
  }, 60_000);

  test("40,000 mutated payloads are classified without throwing", () => {
    expect(firstFault(mutated, (texts) => texts.every(isSound), 5_000)).toBeUndefined();
  }, 60_000);

  test("3,000 of them are redacted without throwing", () => {
    expect(firstFault(nested, keepsType, 3_000)).toBeUndefined();
  }, 60_000);
});

function deep(depth: number): unknown {
  let value: unknown = "end";
  for (let level = 0; level < depth; level += 1) value = { error: { cause: value } };
  return value;
}

describe("values that are too large", () => {
  test("a nesting of 10,000 levels is left at its twelfth", () => {
    expect(classify(deep(10_000)).kind).toBe("unknown");
  });

  test("an object that answers everything with new objects ends", () => {
    let made = 0;
    const endless = (): unknown => {
      made += 1;
      return new Proxy({}, { get: () => endless() });
    };
    classify(endless());
    expect(made).toBeLessThan(20_000);
  });

  test("what stands behind the first 48 KiB of a long text, but before its end, is not read", () => {
    const filler = "x ".repeat(1_000_000);
    expect(classify(`${filler}models/m is not found for API version v1${filler}`).kind).toBe(
      "unknown",
    );
    expect(classify(`${filler}fetch failed`).kind).toBe("network");
    expect(classify(`fetch failed ${filler}`).kind).toBe("network");
  });

  test("many texts share one allowance", () => {
    const [first, second] = ["x ".repeat(20_000), "y ".repeat(20_000)];
    const failed = new Error("fetch failed");
    expect(classify({ message: first, cause: failed }).kind).toBe("network");
    expect(classify({ message: first, cause: { message: second, cause: failed } }).kind).toBe(
      "unknown",
    );
  });
});
