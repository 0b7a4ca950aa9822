import { classify, type ClassifyRule, type FailureKind } from "@holdfast/core";
import { describe, expect, test } from "vitest";

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body,
});
const openai = (message: string, code: string | null, type = "invalid_request_error") => ({
  error: { message, type, param: null, code },
});
const anthropic = (type: string, message: string) => ({ type: "error", error: { type, message } });

describe("other providers", () => {
  test.each<[string, unknown, FailureKind, boolean]>([
    [
      "OpenAI out of money",
      answer(
        429,
        openai(
          "You exceeded your current quota, please check your plan and billing details.",
          "insufficient_quota",
          "insufficient_quota",
        ),
      ),
      "spend-cap",
      false,
    ],
    [
      "OpenAI requests per minute",
      answer(
        429,
        openai(
          "Rate limit reached for gpt-x on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 20s.",
          "rate_limit_exceeded",
          "requests",
        ),
      ),
      "rate-limit-minute",
      true,
    ],
    [
      "OpenAI tokens per minute",
      answer(
        429,
        openai(
          "Rate limit reached for gpt-x on tokens per min (TPM): Limit 10000. Please try again in 6.5s.",
          "rate_limit_exceeded",
          "tokens",
        ),
      ),
      "rate-limit-tokens-minute",
      true,
    ],
    [
      "OpenAI requests per day",
      answer(
        429,
        openai(
          "Rate limit reached for gpt-x on requests per day (RPD): Limit 200.",
          "rate_limit_exceeded",
          "requests",
        ),
      ),
      "rate-limit-day",
      false,
    ],
    [
      "OpenAI context",
      answer(
        400,
        openai("This model's maximum context length is 8192 tokens.", "context_length_exceeded"),
      ),
      "context-length-exceeded",
      false,
    ],
    [
      "OpenAI unknown model",
      answer(
        404,
        openai(
          "The model `gpt-9` does not exist or you do not have access to it.",
          "model_not_found",
        ),
      ),
      "model-not-found",
      false,
    ],
    [
      "OpenAI wrong key",
      answer(401, openai("Incorrect API key provided: sk-abc***.", "invalid_api_key")),
      "invalid-api-key",
      false,
    ],
    [
      "OpenAI region",
      answer(
        403,
        openai(
          "Country, region, or territory not supported",
          "unsupported_country_region_territory",
        ),
      ),
      "region-unsupported",
      false,
    ],
    [
      "OpenAI server",
      answer(
        500,
        openai("The server had an error while processing your request.", null, "server_error"),
      ),
      "server-error",
      true,
    ],
    [
      "Anthropic overloaded",
      answer(529, anthropic("overloaded_error", "Overloaded")),
      "capacity-exhausted",
      true,
    ],
    [
      "Anthropic overloaded in a stream",
      anthropic("overloaded_error", "Overloaded"),
      "capacity-exhausted",
      true,
    ],
    [
      "Anthropic rate limit",
      answer(
        429,
        anthropic("rate_limit_error", "This request would exceed your organization's rate limit."),
      ),
      "rate-limit-unknown",
      true,
    ],
    [
      "Anthropic credit",
      answer(
        400,
        anthropic(
          "invalid_request_error",
          "Your credit balance is too low to access the Anthropic API.",
        ),
      ),
      "spend-cap",
      false,
    ],
    [
      "Anthropic prompt",
      answer(
        400,
        anthropic("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
      ),
      "context-length-exceeded",
      false,
    ],
    [
      "Anthropic size",
      answer(413, anthropic("request_too_large", "Request exceeds the maximum size")),
      "payload-too-large",
      false,
    ],
    [
      "Anthropic model",
      answer(404, anthropic("not_found_error", "model: claude-x")),
      "model-not-found",
      false,
    ],
    [
      "OpenRouter credits",
      answer(402, {
        error: { code: 402, message: "This request requires more credits, or fewer max_tokens." },
      }),
      "spend-cap",
      false,
    ],
    [
      "OpenRouter upstream limit",
      answer(429, {
        error: {
          code: 429,
          message: "Provider returned error",
          metadata: {
            raw: "google/gemini-x:free is temporarily rate-limited upstream. Please retry shortly.",
            provider_name: "Google",
          },
        },
      }),
      "capacity-exhausted",
      true,
    ],
    [
      "OpenRouter bare",
      answer(429, { error: { code: 429, message: "Provider returned error" } }),
      "rate-limit-unknown",
      true,
    ],
    [
      "OpenRouter no endpoint",
      answer(404, { error: { code: 404, message: "No endpoints found for google/gemini-x." } }),
      "model-not-found",
      false,
    ],
    [
      "Cloudflare",
      answer(520, "<html>Web server is returning an unknown error</html>"),
      "gateway-error",
      true,
    ],
    [
      "a proxy's 413",
      answer(413, "<html>413 Request Entity Too Large</html>"),
      "payload-too-large",
      false,
    ],
    [
      "a relay that cannot reach upstream",
      answer(500, openai("fetch failed", "internal_error", "api_error")),
      "network",
      true,
    ],
    ["any teapot", answer(418, "no"), "invalid-request", false],
  ])("%s", (...[, value, kind, retryable]) => {
    const failure = classify(value);
    expect([failure.kind, failure.retryable]).toEqual([kind, retryable]);
  });

  test.each<[string, Record<string, string>, number | undefined]>([
    ["seconds", { "Retry-After": "3" }, 3_000],
    ["milliseconds first", { "retry-after-ms": "1500", "retry-after": "9" }, 1_500],
    [
      "a date beside the answer's own",
      { "retry-after": "Wed, 21 Oct 2026 07:28:10 GMT", date: "Wed, 21 Oct 2026 07:28:00 GMT" },
      10_000,
    ],
    ["a date alone", { "retry-after": "Wed, 21 Oct 2026 07:28:10 GMT" }, undefined],
    [
      "the allowance that is used up",
      {
        "x-ratelimit-remaining-requests": "5",
        "x-ratelimit-reset-requests": "9m",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": "1m30s",
      },
      90_000,
    ],
    ["the draft standard's name", { "ratelimit-remaining": "0", "ratelimit-reset": "30" }, 30_000],
    [
      "a moment beside the answer's own",
      {
        "anthropic-ratelimit-requests-remaining": "0",
        "anthropic-ratelimit-requests-reset": "2026-10-21T07:29:00Z",
        date: "Wed, 21 Oct 2026 07:28:00 GMT",
      },
      60_000,
    ],
    ["nonsense", { "retry-after": "soon" }, undefined],
  ])("the delay that headers ask for: %s", (_what, headers, delay) => {
    expect(classify(answer(429, "", headers)).retryAfter).toBe(delay);
    expect(classify(answer(429, "", new Headers(headers) as never)).retryAfter).toBe(delay);
  });

  test("a moment in a header counts from the wall time that is given", () => {
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1760000060000" };
    expect(classify(answer(429, "", headers), { now: 1_760_000_000_000 }).retryAfter).toBe(60_000);
    expect(classify(answer(429, "", headers)).retryAfter).toBeUndefined();
  });

  test("a refusal whose headers ask for hours is a day's quota", () => {
    expect(classify(answer(429, "", { "retry-after": "21600" }))).toMatchObject({
      kind: "rate-limit-day",
      retryable: false,
    });
  });

  test("who answered is told by address, headers or words", () => {
    expect(classify(answer(500, "", { "anthropic-organization-id": "x" })).provider).toBe(
      "anthropic",
    );
    expect(
      classify(
        Object.assign(new Error("x"), { url: "https://api.openai.com/v1/x", statusCode: 500 }),
      ).provider,
    ).toBe("openai");
    expect(classify({ error: { code: 503, status: "UNAVAILABLE", message: "x" } }).provider).toBe(
      "google",
    );
    expect(classify(new Error("boom")).provider).toBeUndefined();
  });
});

const house: ClassifyRule = (value) =>
  value instanceof Error && value.message === "house full" ? "capacity-exhausted" : undefined;
const patient: ClassifyRule = (_value, failure) =>
  failure.kind === "network"
    ? { retryAfter: 5, helps: { model: true, account: false, endpoint: true } }
    : undefined;
const broken: ClassifyRule = () => {
  throw new Error("rule");
};

describe("a user's own rules", () => {
  test("name a kind for what nobody else knows, and get that kind's row", () => {
    const failure = classify(new Error("house full"), { rules: [house] });
    expect(failure).toMatchObject({
      kind: "capacity-exhausted",
      retryable: true,
      scope: "upstream-model",
      message: "house full",
    });
  });

  test("leave to the classification what they do not know", () => {
    expect(classify(new Error("fetch failed"), { rules: [house] }).kind).toBe("network");
  });

  test("may change parts, and the rest stays", () => {
    const failure = classify(new Error("fetch failed"), { rules: [patient] });
    expect(failure).toMatchObject({
      kind: "network",
      retryAfter: 5,
      helps: { model: true },
      retryable: true,
    });
  });

  test("that throw are passed over", () => {
    expect(classify(new Error("house full"), { rules: [broken, house] }).kind).toBe(
      "capacity-exhausted",
    );
  });
});
