import { type PolicyOptions } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { type Bench, setUp } from "./set-up.ts";

/** A server that serves one after another, in order; what a client gives up is served all the same. */
function queueing({ clock }: Bench, each: () => number) {
  let freeAt = 0;
  let sent = 0;
  let underWay = 0;
  let most = 0;
  const call = async (_: unknown, { signal }: { signal: AbortSignal }): Promise<string> => {
    sent += 1;
    underWay += 1;
    most = Math.max(most, underWay);
    freeAt = Math.max(freeAt, clock.now()) + each();
    try {
      await clock.sleep(freeAt - clock.now(), signal);
    } finally {
      underWay -= 1;
    }
    return "ok";
  };
  return { call, sent: () => sent, most: () => most };
}

/** Calls at an even rate, from now on. */
async function play(
  { clock, policy }: Bench,
  call: ReturnType<typeof queueing>["call"],
  { count, every }: { count: number; every: number },
): Promise<number[]> {
  const latencies = Array.from({ length: count }, async (_, nth) => {
    await clock.sleep(nth * every);
    return policy.execute(call, { model: "m" }).then(
      ({ trace }) => trace.duration,
      () => Infinity,
    );
  });
  return clock.run(Promise.all(latencies));
}

/** A server of 20 a second does 5 for a minute. */
const slowAt = (bench: Bench) => (): number =>
  bench.clock.now() > 30_000 && bench.clock.now() < 90_000 ? 200 : 50;

describe("a server that slows down and queues", () => {
  const options: PolicyOptions = { attemptTimeout: 10_000 };

  test("gets no more at once than was under way when it showed, so that nothing times out", async () => {
    const bench = setUp(options);
    const server = queueing(bench, slowAt(bench));
    await play(bench, server.call, { count: 1_800, every: 100 });
    expect(server.sent()).toBe(1_800);
    expect(server.most()).toBeLessThan(50);
    expect(bench.ofType("scope-close")).toMatchObject([
      { scope: "upstream-model:google m", kind: "capacity-exhausted", sure: "suspected" },
    ]);
  });

  test("gets no more even where it falls behind so slowly that ever later answers might pass for usual", async () => {
    const bench = setUp(options);
    const { clock } = bench;
    const falling = (): number => (clock.now() > 30_000 && clock.now() < 230_000 ? 120 : 50);
    const server = queueing(bench, falling);
    await play(bench, server.call, { count: 3_600, every: 100 });
    expect(server.sent()).toBe(3_600);
    expect(server.most()).toBeLessThan(80);
  });

  test("is open again once it keeps up", async () => {
    const bench = setUp(options);
    const server = queueing(bench, slowAt(bench));
    const latencies = await play(bench, server.call, { count: 1_800, every: 100 });
    expect(bench.ofType("scope-open")).toHaveLength(1);
    expect(bench.policy.status().closed).toEqual([]);
    expect(latencies.slice(-100).every((latency) => latency === 50)).toBe(true);
  });

  test("is left alone by a policy without a breaker", async () => {
    const bench = setUp({ ...options, breaker: false });
    const server = queueing(bench, slowAt(bench));
    await play(bench, server.call, { count: 450, every: 100 });
    expect(bench.ofType("scope-close")).toEqual([]);
    expect(server.sent()).toBeGreaterThan(450);
  });
});

test("calls that take long by themselves are not held back, however many they are", async () => {
  const bench = setUp();
  const { clock } = bench;
  let most = 0;
  let underWay = 0;
  const call = async (): Promise<string> => {
    underWay += 1;
    most = Math.max(most, underWay);
    // Short answers at first, then thoughts of a minute.
    await clock.sleep(clock.now() < 60_000 ? 1_000 : 60_000);
    underWay -= 1;
    return "ok";
  };
  await play(bench, call, { count: 600, every: 500 });
  expect(bench.ofType("scope-close")).toEqual([]);
  expect(most).toBeGreaterThanOrEqual(120);
});
