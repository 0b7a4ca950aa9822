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
    console.log(world.log.all().map((e) => `${(e.elapsed/1000).toFixed(2)}:${e.status}`).join(" "), world.events.filter(e=>e.type==="scope-close"||e.type==="quota-learned"));
    expect(refusals.length).toBeLessThanOrEqual(5);
  });
});
