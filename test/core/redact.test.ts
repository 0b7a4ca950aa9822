import { redact, redactError } from "@holdfast/core";
import { describe, expect, test } from "vitest";

const secret = "AIzaSyD-0123456789abcdefghijklmnopqrstu";

describe("redact", () => {
  test.each<[string, string]>([
    [`https://x.example/v1?key=${secret}&alt=sse`, "https://x.example/v1?key=[redacted]&alt=sse"],
    [`key ${secret} leaked`, "key [redacted] leaked"],
    ["new keys are AQ.Ab8RN6KabcDEFghi-jkl_mno.", "new keys are [redacted]"],
    [
      "Incorrect API key provided: sk-proj-abcdef123456.",
      "Incorrect API key provided: [redacted].",
    ],
    ["Authorization: Bearer ya29.a0AfB_byABCDEFGHIJK", "Authorization: Bearer [redacted]"],
    ["authorization: Bearer abcdefghijklmnop", "authorization: Bearer [redacted]"],
    ["'x-goog-api-key': 'abcdefghijklmnopqrst'", "'x-goog-api-key': '[redacted]'"],
    [
      "Consumer 'api_key:AIzaSyD-0123456789' has been suspended",
      "Consumer 'api_key:[redacted]' has been suspended",
    ],
    ["gsk_abcdefgh12345678 and xai-abcdefgh12345678", "[redacted] and [redacted]"],
  ])("masks what looks like a key: %s", (text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  test.each([
    "The API key is not valid.",
    "A bearer of news",
    "sketch-book",
    "gemini-2.5-flash",
    "?keyboard=1",
    "api_key: missing",
  ])("leaves everything else alone: %s", (text) => {
    expect(redact(text)).toBe(text);
  });

  test("masks given secrets by value, whatever they look like", () => {
    expect(redact("relay said: hush-hush!", ["hush-hush"])).toBe("relay said: [redacted]!");
  });

  test("masks a given secret as it looks inside a URL", () => {
    expect(redact("?t=a%2Fb%20c%2Bd", ["a/b c+d"])).toBe("?t=[redacted]");
  });

  test("masks the longer of two secrets whole", () => {
    expect(redact("secret-one-two", ["secret-one", "secret-one-two"])).toBe("[redacted]");
  });

  test("does not riddle a text for the sake of an empty or tiny secret", () => {
    expect(redact("a banana", ["", "a"])).toBe("a banana");
  });
});

const marker = Symbol.for("vercel.ai.error.AI_APICallError");

class CallError extends Error {
  override name = "AI_APICallError";
  [marker] = true;
  url: string;
  statusCode = 403;
  constructor(url: string, options?: ErrorOptions) {
    super(`Call to ${url} failed`, options);
    this.url = url;
  }
}

describe("redactError", () => {
  test("hands on the very same error when no secret is in it", () => {
    const error = new CallError("https://x.example", { cause: new Error("inner") });
    expect(redactError(error, [secret])).toBe(error);
    expect(redactError(error, [])).toBe(error);
  });

  test("keeps class, name and markers of an error it had to copy", () => {
    const error = new CallError(`https://x.example?key=${secret}`);
    const copy = redactError(error, [secret]) as CallError;
    expect(copy).not.toBe(error);
    expect(copy).toBeInstanceOf(CallError);
    expect(copy[marker]).toBe(true);
    expect(copy).toMatchObject({
      name: "AI_APICallError",
      statusCode: 403,
      url: "https://x.example?key=[redacted]",
    });
    expect(copy.message).toBe("Call to https://x.example?key=[redacted] failed");
    expect(copy.stack).not.toContain(secret);
    expect(copy.stack).toContain("redact.test");
    expect(error.url).toContain(secret);
  });

  test.each<[string, unknown]>([
    ["its message", new Error(`no ${secret}`)],
    [
      "its cause",
      new Error("outer", { cause: new Error("middle", { cause: new TypeError(secret) }) }),
    ],
    ["a field", Object.assign(new Error("x"), { requestUrl: `https://x.example?key=${secret}` })],
    [
      "a field that is not enumerable",
      Object.defineProperty(new Error("x"), "hidden", { value: secret }),
    ],
    [
      "a nested object",
      Object.assign(new Error("x"), { config: { headers: { "x-goog-api-key": secret } } }),
    ],
    ["a nested list", Object.assign(new Error("x"), { rawHeaders: ["x-goog-api-key", secret] })],
    [
      "headers",
      Object.assign(new Error("x"), { headers: new Headers({ "x-goog-api-key": secret }) }),
    ],
    ["a map", Object.assign(new Error("x"), { headers: new Map([["key", secret]]) })],
    ["a URL", Object.assign(new Error("x"), { url: new URL(`https://x.example/?key=${secret}`) })],
    [
      "a request",
      Object.assign(new Error("x"), { request: new Request(`https://x.example/?key=${secret}`) }),
    ],
    ["an aggregate", new AggregateError([new Error(secret)], "all failed")],
    ["a DOMException", new DOMException(`aborted ${secret}`, "AbortError")],
    ["a plain object", { error: { message: secret } }],
    ["a string", `429 for ${secret}`],
  ])("finds a secret in %s", (_where, error) => {
    expect(shown(redactError(error, [secret]))).not.toContain(secret);
    expect(shown(redactError(error, [secret]))).toContain("[redacted]");
  });

  test("keeps the name of a DOMException", () => {
    const copy = redactError(new DOMException(`aborted ${secret}`, "AbortError"), [
      secret,
    ]) as Error;
    expect(copy.name).toBe("AbortError");
    expect(copy.message).toBe("aborted [redacted]");
  });

  test("leaves those parts of an error as they were that carry nothing", () => {
    const clean = { rows: [1, 2, 3] };
    const copy = redactError(Object.assign(new Error(secret), { clean }), [secret]) as {
      clean: object;
    };
    expect(copy.clean).toBe(clean);
  });

  test("survives cycles", () => {
    const error: Error & { self?: unknown } = new Error(secret);
    error.self = error;
    const copy = redactError(error, [secret]) as { self?: unknown };
    expect(copy.self).toBe(copy);
  });

  test("survives getters that throw and revoked proxies", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const error = Object.defineProperty(Object.assign(new Error(secret), { proxy }), "trap", {
      enumerable: true,
      get() {
        throw new Error("trap");
      },
    });
    expect(shown(redactError(error, [secret]))).not.toContain(secret);
  });
});

/** Everything of a value that printing could show. */
function shown(value: unknown, seen: Set<unknown> = new Set()): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (seen.has(value)) return "";
  seen.add(value);
  try {
    return [...hiddenTexts(value), ...fieldsOf(value).map((field) => shown(field, seen))].join(
      "\n",
    );
  } catch {
    // A revoked proxy shows nothing.
    return "";
  }
}

function hiddenTexts(value: object): unknown[] {
  if (value instanceof Error) return [value.name, value.message, value.stack];
  if (value instanceof URL) return [value.href];
  if (value instanceof Request) return [value.url, ...value.headers];
  return value instanceof Headers || value instanceof Map ? [...value] : [];
}

function fieldsOf(value: object): unknown[] {
  return Reflect.ownKeys(value).map(
    (key) => Object.getOwnPropertyDescriptor(value, key)?.value as unknown,
  );
}
