import { type BreakerOptions } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { internal } from "../../support/failures.ts";
import { type Bench, rejection, setUp } from "./set-up.ts";

/** No run of failures and no silence is long enough. */
const never = { streak: 1_000_000, silence: 1_000_000_000 };

const isOpen = ({ ofType }: Bench): boolean =>
  ofType("breaker-change").some(({ state }) => state === "open");

/** Which of up to 100 calls, one a second and of one attempt each, makes the breaker open; nothing when none does. */
async function opensAt(
  breaker: BreakerOptions | false,
  succeeds: (nth: number) => boolean = () => false,
): Promise<number | undefined> {
  const bench = setUp({ breaker, attempts: 1 });
  const call = bench.server({ "*": (nth) => (succeeds(nth) ? "ok" : internal()) });
  for (let nth = 1; nth <= 100; nth += 1) {
    await bench.clock.run(bench.policy.execute(call, { model: "m" }).catch(() => {}));
    if (isOpen(bench)) return nth;
    await bench.clock.advance(1_000);
  }
  return undefined;
}

/** A failure, four answers, then nothing but failures. */
const recovers = (nth: number): boolean => nth > 1 && nth < 6;

describe("the breaker opens", () => {
  test("when five calls of the last half minute failed, half of all, and nothing succeeded for 15 s", async () => {
    expect(await opensAt({})).toBe(16);
  });

  test.each<[string, BreakerOptions, ((nth: number) => boolean) | undefined, number | undefined]>([
    ["as soon as five calls", { silence: 0 }, undefined, 5],
    ["as soon as so many calls as it is told", { silence: 0, calls: 8 }, undefined, 8],
    ["after so many attempts in a row", { ...never, streak: 7 }, undefined, 7],
    ["after so long without a success", { silence: 9_000 }, undefined, 10],
    ["when half of what was seen failed", { ...never, streak: 5 }, recovers, 10],
    ["when the share that it is told failed", { ...never, streak: 5, share: 0.75 }, recovers, 16],
    ["never, when verdicts count too briefly", { silence: 0, window: 3_000 }, undefined, undefined],
  ])("%s", async (...[, breaker, succeeds, nth]) => {
    expect(await opensAt(breaker, succeeds)).toBe(nth);
  });

  test("not at all where it is switched off", async () => {
    expect(await opensAt(false)).toBeUndefined();
  });
});

/** Ms between the attempts at a target whose breaker is open and whose every test fails. */
async function testsOf(breaker: BreakerOptions): Promise<number[]> {
  const bench = setUp({ breaker: { calls: 1, silence: 0, ...breaker }, attempts: 1 });
  const call = bench.server({ "*": internal() });
  for (let nth = 0; nth < 6; nth += 1)
    await bench.clock.run(rejection(bench.policy.execute(call, { model: "m" })));
  const times = bench.times();
  return times.slice(1).map((at, nth) => at - times[nth]!);
}

describe("an open breaker lets one call through as a test", () => {
  test("after 5 s at first, give or take a fifth, and later every 15 s", async () => {
    const [first, ...later] = await testsOf({});
    expect(first).toBeGreaterThanOrEqual(4_000);
    expect(first).toBeLessThanOrEqual(6_000);
    expect(later.at(-1)).toBe(15_000);
  });

  test("after the cooldown it is told", async () => {
    const [first] = await testsOf({ cooldown: 1_000 });
    expect(first).toBeGreaterThanOrEqual(800);
    expect(first).toBeLessThanOrEqual(1_200);
  });

  test("no more seldom than it is told", async () => {
    const gaps = await testsOf({ cooldown: 1_000, maxCooldown: 3_000 });
    expect(gaps.at(-1)).toBe(3_000);
  });
});
