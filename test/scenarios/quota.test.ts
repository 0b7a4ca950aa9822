import { describe, expect, test } from "vitest";

import { answeredOf, busiest, makeWorld, traffic } from "../support/world.ts";

const tenAMinute = { quotas: { limits: [{ requestsPerMinute: 10 }] } };
const rpm = { limits: { "*": { rpm: 10 } } };

describe("a burst of 30 calls at a quota of 10 a minute", () => {
  test("is answered whole, without one refusal, when the limit is told", async () => {
    const world = makeWorld(tenAMinute, rpm);
    const results = await traffic(world, { count: 30 });
    expect(answeredOf(results)).toBe(30);
    expect(world.log.count()).toBe(30);
    expect(busiest(world.log.all(), 60_000)).toBe(10);
  });

  test("is answered whole when the limit has to be learned, and none is sent before the moment that was named", async () => {
    const world = makeWorld(tenAMinute);
    const results = await traffic(world, { count: 30 });
    expect(answeredOf(results)).toBe(30);
    const refusals = world.log.all({ status: 429 });
    expect(refusals.length).toBeGreaterThan(0);
    expect(refusals.length).toBeLessThanOrEqual(5);
    const [first, last] = [refusals[0]!.elapsed, refusals.at(-1)!.elapsed];
    // The window is a fixed minute, and Gemini says so to the second.
    const after = world.log.all().filter(({ elapsed }) => elapsed > last);
    expect(after.length).toBe(20);
    for (const { elapsed } of after)
      expect(elapsed).toBeGreaterThanOrEqual(60_000 - (last - first));
  });
});
