import { createPolicy, type PolicyEvent } from "@holdfast/core";
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

  test("delays a retry by a real number of ms, without a deadline and with the least of all chances", async () => {
    const clock = Object.assign(createVirtualClock(), { random: () => 0 });
    const events: PolicyEvent[] = [];
    const policy = createPolicy(
      {
        deadline: Infinity,
        budget: { capacity: 1, cost: 1, income: 0 },
        onEvent: (event) => events.push(event),
      },
      { clock },
    );
    let asked = 0;
    const call = () => policy.execute(() => ((asked += 1) % 3 ? raise() : "ok"), { model: "m" });
    for (let nth = 0; nth < 5; nth += 1) await clock.run(call());
    const delays = events.flatMap((event) => (event.type === "decision" ? [event.delay] : []));
    expect(delays).toEqual(Array.from({ length: 10 }, () => 0));
  });
});

function raise(): never {
  throw overloaded();
}

/** So many calls a second to a model that refuses at once or answers after ten seconds; how each ended, in order. */
async function playSlowly(
  { clock, policy }: Bench,
  { calls, rate, refuses }: { calls: number; rate: number; refuses: (luck: number) => boolean },
): Promise<{ at: number; ok: boolean }[]> {
  const luck = createVirtualClock({ seed: 100 });
  const all = Array.from({ length: calls }, async (_, nth) => {
    const at = (nth * 1_000) / rate;
    await clock.sleep(at);
    const call = policy.execute(
      async (_target, { signal }) => {
        const isRefused = refuses(luck.random());
        await clock.sleep(isRefused ? 300 : 10_000, signal);
        if (isRefused) throw overloaded();
      },
      { model: "m" },
    );
    return call.then(
      () => ({ at, ok: true }),
      () => ({ at, ok: false }),
    );
  });
  return clock.run(Promise.all(all));
}

describe("a model that refuses at once and takes its time to answer", () => {
  test.each([
    [0.5, 5],
    [0.75, 5],
    [0.75, 20],
  ])("and refuses a share of %d, serves nearly every call of %i a second", async (share, rate) => {
    const bench = setUp({ deadline: 120_000 });
    const refuses = (luck: number): boolean => luck < share;
    const ends = await playSlowly(bench, { calls: rate * 60, rate, refuses });
    expect(failed(ends)).toBeLessThanOrEqual(3);
    expect(bench.ofType("scope-close")).toEqual([]);
  });

  test("is closed for all in an outage all the same, and serves every call after it", async () => {
    const bench = setUp({ deadline: 120_000 });
    const { clock } = bench;
    const refuses = (): boolean => clock.now() > 60_000 && clock.now() < 180_000;
    const ends = await playSlowly(bench, { calls: 1_500, rate: 5, refuses });
    const [first] = bench.ofType("breaker-change");
    expect(first).toMatchObject({ state: "open" });
    expect((first?.at ?? 0) - bench.events[0]!.at).toBeLessThan(90_000);
    expect(failed(ends.filter(({ at }) => at > 240_000))).toBe(0);
  });
});
