import { createGemini, createVirtualClock, simulatorFetch } from "@holdfast/gemini-simulator";
import { expect, test } from "vitest";

const model = "gemini-2.5-flash";

async function post(fetch: typeof globalThis.fetch, key = "K1", name = model) {
  const response = await fetch(
    `https://generativelanguage.googleapis.com/v1beta/models/${name}:generateContent`,
    {
      method: "POST",
      headers: { "x-goog-api-key": key },
      body: JSON.stringify({ contents: [{ parts: [{ text: "hello" }] }] }),
    },
  );
  const text = await response.text();
  const wait = /retry in (?:(\d+)h)?(?:(\d+)m)?([\d.]+)(m?s)/.exec(text);
  const [, hours = 0, minutes = 0, seconds = 0, unit = "s"] = wait ?? [];
  const milliseconds =
    Number(hours) * 3_600_000 +
    Number(minutes) * 60_000 +
    Number(seconds) * (unit === "ms" ? 1 : 1000);
  return { status: response.status, text, wait: milliseconds };
}

test.each(["fixed", "sliding"] as const)(
  "a %s minute lets its limit in, and again when its hint says so",
  async (window) => {
    const clock = createVirtualClock({ start: Date.UTC(2026, 10, 2, 12, 0, 20) });
    const gemini = createGemini({ quotas: { window, limits: [{ requestsPerMinute: 2 }] } });
    const fetch = simulatorFetch(gemini, clock);
    expect((await post(fetch)).status).toBe(200);
    await clock.advance(5000);
    expect((await post(fetch)).status).toBe(200);
    const refused = await post(fetch);
    expect(refused.status).toBe(429);
    expect(Math.floor(refused.wait / 1000)).toBe(window === "fixed" ? 35 : 55);
    await clock.advance(refused.wait - 2);
    expect((await post(fetch)).status).toBe(429);
    await clock.advance(2);
    expect((await post(fetch)).status).toBe(200);
  },
);

test("the minute can be made short", async () => {
  const clock = createVirtualClock();
  const fetch = simulatorFetch(
    createGemini({ quotas: { minute: 500, limits: [{ requestsPerMinute: 1 }] } }),
    clock,
  );
  await post(fetch);
  const refused = await post(fetch);
  expect(refused.text).toMatch(/Please retry in 500\.\d+ms\.|Please retry in 500ms\./);
  expect(refused.text).toContain('"retryDelay": "0s"');
  await clock.advance(501);
  expect((await post(fetch)).status).toBe(200);
});

test("projects and models have quotas of their own; keys of one project share them", async () => {
  const clock = createVirtualClock();
  const gemini = createGemini({
    accounts: [
      { name: "one", key: "K1", project: "shared" },
      { name: "two", key: "K2", project: "shared" },
      { name: "three", key: "K3" },
    ],
    quotas: { limits: [{ requestsPerMinute: 1 }] },
  });
  const fetch = simulatorFetch(gemini, clock);
  const statuses = [
    (await post(fetch, "K1")).status,
    (await post(fetch, "K2")).status,
    (await post(fetch, "K3")).status,
    (await post(fetch, "K1", "gemini-2.5-pro")).status,
  ];
  expect(statuses).toEqual([200, 429, 200, 200]);
  expect(gemini.log.all().map(({ account }) => account)).toEqual(["one", "two", "three", "one"]);
});

test("the free tier of a pro model is nothing, and says a few seconds", async () => {
  const gemini = createGemini({
    accounts: [{ name: "one", key: "K1", project: "poor" }],
    projects: [{ name: "poor", tier: "free" }],
  });
  const { status, text, wait } = await post(
    simulatorFetch(gemini, createVirtualClock()),
    "K1",
    "gemini-2.5-pro",
  );
  expect(status).toBe(429);
  expect(text.match(/limit: 0, model: gemini-2.5-pro/g)).toHaveLength(3);
  expect(wait).toBeLessThanOrEqual(60_001);
});

test.each([
  ["an ordinary day", Date.UTC(2026, 6, 1, 7), 24],
  ["the day on which clocks go forward", Date.UTC(2026, 2, 8, 8), 23],
  ["the day on which clocks go back", Date.UTC(2026, 10, 1, 7), 25],
])("%s ends at midnight Pacific", async (_, start, hours) => {
  const clock = createVirtualClock({ start });
  const fetch = simulatorFetch(
    createGemini({ quotas: { limits: [{ requestsPerDay: 1 }] } }),
    clock,
  );
  await post(fetch);
  const refused = await post(fetch);
  expect(Math.floor(refused.wait / 1000)).toBe(hours * 3600);
  await clock.advance(hours * 3_600_000 - 1);
  expect((await post(fetch)).status).toBe(429);
  await clock.advance(1);
  expect((await post(fetch)).status).toBe(200);
});

test.each(["fixed", "sliding"] as const)(
  "a request larger than a whole %s minute is told to come back in a second, for ever",
  async (window) => {
    const clock = createVirtualClock();
    const fetch = simulatorFetch(
      createGemini({ quotas: { window, limits: [{ inputTokensPerMinute: 1 }] } }),
      clock,
    );
    for (let attempt = 0; attempt < 3; attempt++) {
      const { status, text, wait } = await post(fetch);
      expect([status, Math.floor(wait / 1000)]).toEqual([429, 1]);
      expect(text).toContain("InputTokensPerModelPerMinute");
      await clock.advance(60_000);
    }
  },
);

test("embeddings count texts, not requests", async () => {
  const gemini = createGemini({ quotas: { limits: [{ requestsPerMinute: 3 }] } });
  const embed = (count: number) => {
    const requests = Array.from({ length: count }, () => ({ content: { parts: [{ text: "a" }] } }));
    const request = {
      method: "POST",
      url: "/v1beta/models/gemini-embedding-001:batchEmbedContents?key=K1",
      headers: {},
      body: JSON.stringify({ requests }),
    };
    return gemini.handle(request, 0).head?.status;
  };
  expect([embed(2), embed(2), embed(1), embed(1)]).toEqual([200, 429, 200, 429]);
});

test.each([
  ["hours", /Please retry in 20h0m/],
  ["seconds", /Please retry in (1m|60|59)/],
] as const)("a day that is used up can advise %s", async (dayHint, sentence) => {
  const clock = createVirtualClock();
  const fetch = simulatorFetch(
    createGemini({ quotas: { dayHint, limits: [{ requestsPerDay: 1 }] } }),
    clock,
  );
  await post(fetch);
  expect((await post(fetch)).text).toMatch(sentence);
});
