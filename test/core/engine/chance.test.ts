import { createVirtualClock } from "@holdfast/gemini-simulator";
import { describe, expect, test } from "vitest";

import { overloaded } from "../../support/failures.ts";
import { type Bench, setUp } from "./set-up.ts";

/** Two calls a second to a model that refuses three requests of four by chance; how each ended, in order. */
async function play(
  bench: Bench,
  { calls, isDown = () => false, seed }: { calls: number; isDown?: () => boolean; seed: number },
): Promise<{ at: number; ok: boolean }[]> {
  const { clock, policy, server } = bench;
  // A source of its own, so that the engine draws from another one.
  const luck = createVirtualClock({ seed: 100 + seed });
  const reply = (): Error | string => (isDown() || luck.random() < 0.75 ? overloaded() : "ok");
  const call = server({ "*": reply }, { takes: 1_500 });
  const all = Array.from({ length: calls }, async (_, nth) => {
    const at = nth * 500;
    await clock.sleep(at);
    return policy.execute(call, { model: "m" }).then(
      () => ({ at, ok: true }),
      () => ({ at, ok: false }),
    );
  });
  return clock.run(Promise.all(all));
}

const failed = (ends: readonly { ok: boolean }[]): number => ends.filter(({ ok }) => !ok).length;

describe("a model that refuses three requests of four, and no other to go to", () => {
  test.each([1, 2, 3, 4])("serves nearly every call within a minute (seed %i)", async (seed) => {
    const bench = setUp({ deadline: 60_000 });
    expect(failed(await play(bench, { calls: 600, seed }))).toBeLessThanOrEqual(3);
    expect(bench.ofType("scope-close")).toEqual([]);
  });

  test.each([1, 2, 3])("is as good again soon after an outage (seed %i)", async (seed) => {
    const bench = setUp({ deadline: 60_000 });
    const { clock } = bench;
    const isDown = (): boolean => clock.now() > 60_000 && clock.now() < 180_000;
    const ends = await play(bench, { calls: 900, isDown, seed });
    expect(bench.ofType("scope-close").length).toBeGreaterThan(0);
    expect(failed(ends.filter(({ at }) => at > 240_000))).toBeLessThanOrEqual(3);
    expect(bench.policy.status().closed).toEqual([]);
  });
});
