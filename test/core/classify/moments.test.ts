import { classify } from "@holdfast/core";
import { describe, expect, test } from "vitest";

const sent = "Wed, 25 Nov 2026 14:30:00 GMT";
const refused = (message: string, headers: Record<string, string> = { date: sent }) =>
  classify({ status: 429, headers, body: { error: { message } } });

describe("a moment at which a refusal ends", () => {
  test.each([
    ["The limit resets at 2026-11-25T14:30:30Z", 30_000],
    ["Try again at 2026-11-25 14:31:00 UTC.", 60_000],
    ["Available again at 2026-11-25T22:32:00+08:00", 120_000],
    ["Reset time: 2026-11-25T14:30:10.500Z", 10_500],
    ["Please retry after 14:34 UTC", 240_000],
    ["Quota resets at 2:31 pm (UTC)", 60_000],
    ["Try again at 00:00 UTC", 34_200_000],
    ["Try again at 12:30 am UTC", 36_000_000],
  ])("%s", (message, delay) => {
    expect(refused(message).retryAfter).toBe(delay);
  });

  test("counts from the wall clock where the answer bears no date", () => {
    const error = new Error("429 Too Many Requests, resets at 2026-11-25T14:31:00Z");
    expect(classify(error, { now: Date.parse(sent) }).retryAfter).toBe(60_000);
  });

  test.each([
    ["one that has passed", "resets at 2026-11-25T14:00:00Z"],
    ["one that names no zone", "resets at 2026-11-25T15:00:00"],
    ["one that is no moment", "resets at 2026-99-99T99:99:00Z"],
    ["one that is not about the limit", "Created at 2026-11-25T15:00:00Z"],
  ])("asks for no delay by %s", (_what, message) => {
    expect(refused(message)).not.toHaveProperty("retryAfter");
  });

  test("hours away is a day's limit, which no call waits for", () => {
    expect(refused("You hit your limit. Try again at 18:00 UTC.")).toMatchObject({
      kind: "rate-limit-day",
      retryable: false,
    });
  });
});

describe("the RateLimit header of the IETF's drafts", () => {
  test.each([
    ["its latest form", '"default";r=0;t=12', 12_000],
    ["several policies, of which one is used up", '"burst";r=3;t=90, "hour";r=0;t=40', 40_000],
    ["its older form", "limit=100, remaining=0, reset=7", 7_000],
  ])("%s", (_form, ratelimit, delay) => {
    expect(refused("Slow down", { ratelimit }).retryAfter).toBe(delay);
  });

  test.each(['"default";r=5;t=12', "limit=100, remaining=4, reset=7", "nonsense", '"x";r=0'])(
    "asks for nothing where something is left or nothing is said: %s",
    (ratelimit) => {
      expect(refused("Slow down", { ratelimit })).not.toHaveProperty("retryAfter");
    },
  );
});

test("Code Assist's own delay in the details counts, in JSON and in a log", () => {
  const detail = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    reason: "RATE_LIMIT_EXCEEDED",
    metadata: { model: "gemini-x", quotaResetDelay: "1m5.5s" },
  };
  const error = { code: 429, status: "RESOURCE_EXHAUSTED", message: "Used up", details: [detail] };
  expect(classify({ status: 429, body: { error } }).retryAfter).toBe(65_500);
  const line = `429 {'error': ${JSON.stringify(error).replaceAll('"', "'")}`;
  expect(classify(line).retryAfter).toBe(65_500);
});
