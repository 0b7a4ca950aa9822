// Properties of many calls: what a quota lets through is used, and an outage is over when it is over.
import { createVirtualClock } from "@holdfast/gemini-simulator";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { internal, overloaded, quotaError } from "../../support/failures.ts";
import { type Bench, setUp } from "./set-up.ts";

const runs = Math.ceil(Number(process.env["PROPERTY_RUNS"] ?? 250) / 5);
const seed = Number(process.env["PROPERTY_SEED"] ?? 20_261_125);
const slow = 300_000;

interface Ended {
  at: number;
  ok: boolean;
  /** How often it settled, and when. */
  settled: number;
  endedAt: number;
}

/** What one attempt meets. */
type Attempt = (signal: AbortSignal) => Promise<void>;

/** Sends `calls` calls, one each `every` ms; answers how each ended. */
async function send(
  { clock, policy }: Bench,
  { calls, every, deadline }: { calls: number; every: number; deadline: number },
  attempt: Attempt,
): Promise<Ended[]> {
  const all = Array.from({ length: calls }, async (_, nth) => {
    const ended: Ended = { at: nth * every, ok: false, settled: 0, endedAt: Infinity };
    await clock.sleep(ended.at);
    const settle = (ok: boolean) => (): void => {
      Object.assign(ended, { ok, settled: ended.settled + 1, endedAt: clock.now() });
    };
    await policy
      .execute((_target, { signal }) => attempt(signal), { model: "m", deadline })
      .then(settle(true), settle(false));
    return ended;
  });
  const ends = await clock.run(Promise.all(all));
  await clock.advance(100_000);
  return ends;
}

/** No call is lost, none outlives its deadline, and nothing is left behind. */
function expectSettled({ clock, policy }: Bench, ends: readonly Ended[], deadline: number): void {
  for (const { at, endedAt, settled } of ends) {
    expect(settled).toBe(1);
    expect(endedAt).toBeLessThanOrEqual(at + deadline + 1e-6);
  }
  expect(policy.status().waiting).toBe(0);
  expect(clock.sleeping).toBe(0);
}

const crowd = fc.record({
  rpm: fc.integer({ min: 3, max: 20 }),
  times: fc.double({ min: 1.2, max: 4, noNaN: true }),
  takes: fc.integer({ min: 100, max: 15_000 }),
  deadline: fc.integer({ min: 45_000, max: 150_000 }),
  told: fc.boolean(),
  seed: fc.integer({ min: 1, max: 1_000 }),
});

/** A server that looks back a minute from each request. */
function quotaServer(
  { clock }: Bench,
  { rpm, takes }: { rpm: number; takes: number },
): { attempt: Attempt; accepted: number[] } {
  const accepted: number[] = [];
  const attempt = async (signal: AbortSignal): Promise<void> => {
    const now = clock.now();
    const recent = accepted.filter((at) => at > now - 60_000);
    if (recent.length >= rpm) {
      await clock.sleep(100, signal);
      const seconds = Math.ceil((recent[0]! + 60_000 - now) / 1_000);
      throw quotaError({ limit: rpm, retryDelay: `${seconds}s` });
    }
    accepted.push(now);
    await clock.sleep(takes, signal);
  };
  return { attempt, accepted };
}

test(
  "of what a quota lets through that is too small for the traffic, most becomes answers",
  async () => {
    await fc.assert(
      fc.asyncProperty(crowd, async ({ rpm, times, takes, deadline, told, seed: luck }) => {
        const limits = told ? { limits: { "*": { rpm } } } : {};
        const bench = setUp(limits, { seed: luck });
        const minutes = 6;
        const every = 60_000 / (rpm * times);
        const calls = Math.floor((minutes * 60_000) / every);
        const { attempt } = quotaServer(bench, { rpm, takes });
        const ends = await send(bench, { calls, every, deadline }, attempt);
        expectSettled(bench, ends, deadline);
        const answered = ends.filter(({ ok }) => ok).length;
        expect(answered).toBeGreaterThanOrEqual(0.8 * minutes * rpm);
      }),
      { numRuns: runs, seed },
    );
  },
  slow,
);

const outage = fc.record({
  how: fc.constantFrom("overloaded", "internal", "network", "hang"),
  lasts: fc.integer({ min: 5_000, max: 240_000 }),
  every: fc.integer({ min: 100, max: 4_000 }),
  takes: fc.integer({ min: 10, max: 8_000 }),
  deadline: fc.integer({ min: 60_000, max: 200_000 }),
  attemptTimeout: fc.integer({ min: 20_000, max: 60_000 }),
  seed: fc.integer({ min: 1, max: 1_000 }),
});

const errors: Record<string, () => Error> = {
  overloaded: () => overloaded(),
  internal: () => internal(),
  network: () =>
    Object.assign(new TypeError("fetch failed"), {
      cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }),
    }),
};

test(
  "a minute after an outage has ended, every call is answered",
  async () => {
    await fc.assert(
      fc.asyncProperty(outage, async ({ how, lasts, every, takes, deadline, ...rest }) => {
        const { attemptTimeout, seed: luck } = rest;
        const bench = setUp({ attemptTimeout }, { seed: luck });
        const { clock } = bench;
        const wait = createVirtualClock({ seed: luck });
        const begins = 30_000;
        const ends = begins + lasts;
        const attempt = async (signal: AbortSignal): Promise<void> => {
          const now = clock.now();
          if (now < begins || now >= ends) return clock.sleep(takes, signal);
          await clock.sleep(how === "hang" ? 1e9 : 50 + wait.random() * 500, signal);
          throw errors[how]!();
        };
        const calls = Math.ceil((ends + 120_000) / every);
        const all = await send(bench, { calls, every, deadline }, attempt);
        expectSettled(bench, all, deadline);
        const lost = all.filter(({ at, ok }) => at >= ends + 60_000 && !ok);
        expect(lost).toEqual([]);
      }),
      { numRuns: runs, seed: seed + 1 },
    );
  },
  slow,
);
