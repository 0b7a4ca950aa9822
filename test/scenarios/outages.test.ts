import { describe, expect, test } from "vitest";

import { answeredOf, makeWorld, traffic } from "../support/world.ts";

const minute = 60_000;
/** No quota is in play, so no slow start either. */
const limits = { "*": { rpm: 100_000 } };
const asked = { model: "gemini-3.8-flash" };

const outage = (model = "*") => ({
  rules: [{ fault: "overload" as const, model, from: minute, until: 6 * minute }],
});

describe("an outage of five minutes", () => {
  test("without a fallback loses no call that may wait, and does not batter the model", async () => {
    const world = makeWorld(outage(), { limits });
    const results = await traffic(world, { count: 240, gap: 2_000, ...asked });
    expect(answeredOf(results)).toBe(240);
    const refused = world.log.count({ status: 503 });
    // 150 calls come during the outage; without a breaker each would try a dozen times.
    expect(refused).toBeLessThan(150);
    // Found out within two of the longest times between probes.
    const arrivedLate = world.log
      .all({ status: 200 })
      .filter(({ elapsed }) => elapsed > 6 * minute);
    expect(arrivedLate[0]!.elapsed).toBeLessThan(6 * minute + 30_000);
  });

  test("with a fallback is hardly noticed, and the better model serves again soon after", async () => {
    const world = makeWorld(outage("gemini-3.8-flash"), {
      limits,
      fallbacks: { "gemini-3.8-flash": ["gemini-3.5-flash-lite"] },
    });
    const results = await traffic(world, { count: 480, gap: 1_000, ...asked });
    expect(answeredOf(results)).toBe(480);
    const durations = results.map((one) =>
      one.status === "fulfilled" ? one.value.trace.duration : Infinity,
    );
    expect(Math.max(...durations)).toBeLessThan(60_000);
    expect(world.log.count({ status: 503 })).toBeLessThan(80);
    const after = world.log
      .all({ status: 200 })
      .filter(({ elapsed }) => elapsed > 6 * minute + 45_000);
    const better = after.filter(({ model }) => model === "gemini-3.8-flash");
    expect(better.length / after.length).toBeGreaterThan(0.95);
  });
});

describe("partial failure", () => {
  test.each([
    [0.1, 1, 1.2],
    [0.3, 1, 1.6],
    [0.6, 0.98, 3],
  ])("of a share of %d is bridged", async (probability, ...[answered, amplification]) => {
    for (const seed of [1, 2, 3]) {
      const world = makeWorld(
        { seed, rules: [{ fault: "overload", probability }] },
        { limits },
        { seed },
      );
      const results = await traffic(world, { count: 240, gap: 500, deadline: minute, ...asked });
      expect(answeredOf(results) / 240).toBeGreaterThanOrEqual(answered);
      expect(world.log.count() / 240).toBeLessThan(amplification);
    }
  });
});

describe("what cannot be mended", () => {
  test.each(["invalid-argument", "payload-too-large"] as const)(
    "costs one attempt: %s",
    async (fault) => {
      const world = makeWorld(
        { rules: [{ fault, nth: { every: 10 } }] },
        { limits, chain: ["gemini-3.8-flash", "gemini-3.5-flash-lite"] },
      );
      const results = await traffic(world, { count: 100, gap: 200 });
      expect(answeredOf(results)).toBe(90);
      expect(world.log.count()).toBe(100);
      const reasons = results.flatMap((one) =>
        one.status === "rejected" ? [one.reason as object] : [],
      );
      expect(reasons).toHaveLength(10);
      for (const reason of reasons) expect(reason).toMatchObject({ reason: "not-retryable" });
    },
  );
});
