import { type PolicyOptions } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { apiError, quotaError } from "../../support/failures.ts";
import { type Bench, setUp } from "./set-up.ts";

const minute = 60_000;
const noon = Date.UTC(2026, 10, 23, 12);

interface Counting {
  window: "fixed" | "sliding";
  limit: number;
  /** How far into a minute of the wall clock the server's minutes begin. */
  phase?: number;
}

/** A server that counts requests per minute, refuses those beyond, and says when to come back. */
function counting({ clock }: Bench, { window, limit, phase = 0 }: Counting) {
  const admitted: number[] = [];
  let refused = 0;
  const endOf = (wall: number): number => Math.ceil((wall - phase + 1) / minute) * minute + phase;
  const call = async (): Promise<string> => {
    const wall = clock.wall();
    const since = window === "fixed" ? endOf(wall) - minute - 1 : wall - minute;
    const counted = admitted.filter((at) => at > since && at <= wall);
    const end = window === "fixed" ? endOf(wall) : (counted[0] ?? 0) + minute;
    const isFull = counted.length >= limit;
    if (!isFull) admitted.push(wall);
    await clock.sleep(100);
    if (!isFull) return "ok";
    refused += 1;
    throw quotaError({ limit, retryDelay: `${Math.ceil(end - wall) / 1_000}s` });
  };
  return { call, refused: () => refused, admitted };
}

/** Makes this many calls at each of the moments, and waits for all. */
async function callAt(
  { clock, policy }: Bench,
  call: () => Promise<string>,
  moments: readonly (readonly [at: number, count: number])[],
): Promise<number[]> {
  const ends: Promise<number>[] = [];
  for (const [at, count] of moments)
    for (let nth = 0; nth < count; nth += 1)
      ends.push(
        clock
          .sleep(at)
          .then(() => policy.execute(call, { model: "m" }))
          .then(() => clock.now()),
      );
  return clock.run(Promise.all(ends));
}

const last = (times: readonly number[]): number => Math.max(...times);

describe("a limit that was told", () => {
  const around = [
    [50_000, 4],
    [61_000, 4],
  ] as const;

  test("holds in every minute, whenever it begins", async () => {
    const bench = setUp({ limits: { "*": { rpm: 4 } } }, { start: noon });
    const server = counting(bench, { window: "fixed", limit: 4 });
    expect(last(await callAt(bench, server.call, around))).toBeGreaterThan(110_000);
    expect(server.refused()).toBe(0);
  });

  test("for fixed minutes is used twice around the end of one", async () => {
    const bench = setUp({ limits: { "*": { rpm: 4, window: "fixed" } } }, { start: noon });
    const server = counting(bench, { window: "fixed", limit: 4 });
    expect(last(await callAt(bench, server.call, around))).toBeLessThan(65_000);
    expect(server.refused()).toBe(0);
  });

  test("for fixed minutes counts what is sent just before the end of one in both", async () => {
    const bench = setUp({ limits: { "*": { rpm: 4, window: "fixed" } } }, { start: noon });
    // This server's clock is ahead: what is sent at 59.9 s falls into its next minute.
    const server = counting(bench, { window: "fixed", limit: 4, phase: -200 });
    const ends = await callAt(bench, server.call, [
      [59_900, 3],
      [61_000, 3],
    ]);
    expect(server.refused()).toBe(0);
    expect(ends.filter((end) => end < 65_000)).toHaveLength(4);
  });

  test("for fixed minutes turns out not to be: one refusal, and it slides", async () => {
    const bench = setUp({ limits: { "*": { rpm: 4, window: "fixed" } } }, { start: noon });
    const server = counting(bench, { window: "sliding", limit: 4 });
    await callAt(bench, server.call, [
      [50_000, 4],
      [61_000, 1],
      [170_000, 4],
      [181_000, 4],
    ]);
    expect(server.refused()).toBe(1);
    expect(bench.ofType("quota-learned")).toMatchObject([{ window: "sliding" }]);
  });

  test.each([
    ["a window nobody knows", { rpm: 1, window: "rolling" }],
    ["a negative number", { rpm: -1 }],
  ])("is checked: %s", (_, limits) => {
    const options = { limits: { "*": limits } } as unknown as PolicyOptions;
    expect(() => setUp(options)).toThrow(/limits\["\*"\]\.(window|rpm)/);
  });
});

/** A limit's worth of calls on both sides of a moment. */
const later = (from: number): [number, number][] => [
  [from - 8_000, 4],
  [from + 5_000, 4],
];

describe("a limit that nobody told", () => {
  test("turns out to be counted in fixed minutes by the end that a refusal names", async () => {
    const bench = setUp({}, { start: noon });
    const server = counting(bench, { window: "fixed", limit: 4 });
    const ends = await callAt(bench, server.call, [[20_000, 5], ...later(3 * minute)]);
    expect(bench.ofType("quota-learned")).toMatchObject([
      { metric: "rpm", limit: 4 },
      { metric: "rpm", limit: 4, window: "fixed" },
    ]);
    expect(server.refused()).toBe(1);
    expect(last(ends)).toBeLessThan(3 * minute + 10_000);
  });

  test("slides where the refusal names the end of our own oldest request's minute", async () => {
    const bench = setUp({}, { start: noon });
    const server = counting(bench, { window: "sliding", limit: 4 });
    const ends = await callAt(bench, server.call, [[20_000, 5], ...later(3 * minute)]);
    expect(bench.ofType("quota-learned")).toHaveLength(1);
    expect(server.refused()).toBe(1);
    expect(last(ends)).toBeGreaterThan(3 * minute + 50_000);
  });

  test.each([
    { window: "fixed" as const, refusals: 1, least: 5_000, most: 9_000 },
    { window: "sliding" as const, refusals: 2, least: 50_000, most: 70_000 },
  ])(
    "is tried once where the refusal fits both, and turns out to be $window",
    async ({ window, refusals, least, most }) => {
      const bench = setUp({}, { start: noon });
      const server = counting(bench, { window, limit: 4 });
      const ends = await callAt(bench, server.call, [[0, 5], ...later(3 * minute)]);
      expect(server.refused()).toBe(refusals);
      expect(last(ends) - 3 * minute).toBeGreaterThan(least);
      expect(last(ends) - 3 * minute).toBeLessThan(most);
    },
  );

  test("in minutes that begin at another moment is believed when refusals come back to it", async () => {
    const bench = setUp({}, { start: noon });
    const server = counting(bench, { window: "fixed", limit: 4, phase: 23_000 });
    // Somebody else uses the quota too: it is refused although this process has sent less.
    server.admitted.push(noon + 30_000, noon + 30_000, noon + 150_000, noon + 150_000);
    const ends = await callAt(bench, server.call, [
      [40_000, 3],
      [160_000, 3],
      [255_000, 3],
      [268_000, 4],
    ]);
    expect(bench.ofType("quota-learned").at(-1)).toMatchObject({ window: "fixed" });
    expect(server.refused()).toBe(2);
    expect(last(ends)).toBeLessThan(280_000);
  });

  test("is no longer counted in fixed minutes after one refusal that does not fit them", async () => {
    const bench = setUp({}, { start: noon });
    let counted = counting(bench, { window: "fixed", limit: 4 });
    const call = (): Promise<string> => counted.call();
    await callAt(bench, call, [[20_000, 5]]);
    expect(bench.ofType("quota-learned").at(-1)).toMatchObject({ window: "fixed" });
    counted = counting(bench, { window: "sliding", limit: 4 });
    await callAt(bench, call, later(3 * minute));
    await callAt(bench, call, later(3 * minute));
    expect(counted.refused()).toBe(1);
    expect(bench.ofType("quota-learned").at(-1)).toMatchObject({ window: "sliding" });
  });
});

describe("a pace far above what is remembered while no limit is known", () => {
  // Fifty a second: the first minute is full long before all of it is remembered.
  const fast = Array.from({ length: 2_000 }, (_, nth) => [20 * nth, 1] as const);

  test.each(["sliding", "fixed"] as const)(
    "is held to the limit that its refusal names (%s)",
    async (window) => {
      const bench = setUp({}, { start: noon });
      const server = counting(bench, { window, limit: 1_500 });
      const ends = await callAt(bench, server.call, fast);
      expect(ends).toHaveLength(2_000);
      // Those that were under way when the first one was refused, and a few that tell how the server counts.
      expect(server.refused()).toBeLessThanOrEqual(12);
      expect(last(ends)).toBeLessThan(100_000);
    },
  );

  test("shows fixed minutes by one request in line that only they let in", async () => {
    const bench = setUp({}, { start: noon });
    const server = counting(bench, { window: "fixed", limit: 1_500 });
    await callAt(bench, server.call, [...fast, ...fast.map(([at]) => [at + 100_000, 1] as const)]);
    expect(bench.ofType("quota-learned").at(-1)).toMatchObject({ limit: 1_500, window: "fixed" });
  });

  test("is taken whole for the guess where a refusal names no limit", async () => {
    const bench = setUp({}, { start: noon });
    let sent = 0;
    const call = async (): Promise<string> => {
      sent += 1;
      const nth = sent;
      await bench.clock.sleep(100);
      if (nth === 1_500) throw apiError(429, "Resource has been exhausted");
      return "ok";
    };
    const ends = await callAt(bench, call, fast);
    // A third less than 3,000 a minute lets the 500 that are left through soon after the minute's pause.
    expect(last(ends)).toBeLessThan(150_000);
  });
});

test("a refusal that names no limit but a time, after one request, holds that time and no minute", async () => {
  const { clock, policy, server } = setUp();
  const refused = Object.assign(apiError(429, "Resource has been exhausted"), {
    responseHeaders: { "retry-after": "7" },
  });
  const call = server({ "*": [refused, "ok"] });
  await clock.run(policy.execute(call, { model: "m" }));
  expect(clock.now()).toBeGreaterThanOrEqual(7_000);
  expect(clock.now()).toBeLessThan(8_000);
});
