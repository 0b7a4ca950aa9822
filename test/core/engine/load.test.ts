import { attempted } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { internal, overloaded } from "../../support/failures.ts";
import { rejection, setUp } from "./set-up.ts";

/** Runs `count` calls of `takes` ms at once; answers the largest number that were under way together. */
async function peakOf(options: Parameters<typeof setUp>[0], count = 20): Promise<number> {
  const { clock, policy } = setUp(options);
  let [running, peak] = [0, 0];
  const calls = Array.from({ length: count }, () =>
    policy.execute(
      async () => {
        peak = Math.max(peak, (running += 1));
        await clock.sleep(1_000);
        running -= 1;
      },
      { model: "gemini-3.8-flash" },
    ),
  );
  await clock.run(Promise.all(calls));
  return peak;
}

describe("concurrency", () => {
  // A told limit leaves no slow start in the way.
  const limits = { "*": { rpm: 100_000 } };

  test("fixed: so many calls are under way at once and no more", async () => {
    expect(await peakOf({ limits, concurrency: 3 })).toBe(3);
  });

  test("a derived policy allows its own number, counting what others have under way", async () => {
    const { clock, policy } = setUp({ limits, concurrency: 2 });
    const wider = policy.with({ concurrency: 4 });
    let [running, peak] = [0, 0];
    const work = async (): Promise<void> => {
      peak = Math.max(peak, (running += 1));
      await clock.sleep(1_000);
      running -= 1;
    };
    const calls = Array.from({ length: 10 }, (_, nth) => (nth < 5 ? policy : wider).execute(work));
    await clock.run(Promise.all(calls));
    expect(peak).toBe(4);
  });

  test("is unbounded unless it is asked for", async () => {
    expect(await peakOf({ limits })).toBe(20);
  });

  test("adaptive: shrinks in an overload and grows again with answers", async () => {
    const { clock, policy } = setUp({
      limits,
      concurrency: "adaptive",
      breaker: false,
      budget: false,
      preset: "batch",
    });
    let [running, healthy] = [0, false];
    const peaks: number[] = [];
    const call = () =>
      policy.execute(
        async () => {
          peaks.push((running += 1));
          await clock.sleep(1_000);
          running -= 1;
          if (!healthy) throw overloaded();
        },
        { model: "m" },
      );
    const storm = Array.from({ length: 100 }, call);
    await clock.advance(60_000);
    expect(Math.max(...peaks.slice(0, 30))).toBe(20);
    peaks.length = 0;
    await clock.advance(5_000);
    expect(Math.max(...peaks)).toBeLessThan(10);
    healthy = true;
    await clock.run(Promise.all(storm));
    peaks.length = 0;
    await clock.run(Promise.all(Array.from({ length: 2_000 }, call)));
    expect(Math.max(...peaks)).toBeGreaterThan(20);
  });

  test("adaptive: learns nothing from calls whose callers left", async () => {
    const { clock, policy } = setUp({ limits, concurrency: "adaptive" });
    let running = 0;
    const send = (signal?: AbortSignal) =>
      policy.execute(
        async (_, context) => {
          running += 1;
          await clock.sleep(1_000, context.signal).finally(() => (running -= 1));
        },
        { model: "m", ...(signal ? { signal } : {}) },
      );
    for (let round = 0; round < 30; round += 1) {
      const controller = new AbortController();
      const calls = Array.from({ length: 20 }, () => send(controller.signal));
      await clock.advance(100);
      controller.abort(new Error("gone"));
      await Promise.allSettled(calls);
    }
    const calls = Array.from({ length: 100 }, () => send());
    await clock.advance(100);
    expect(running).toBe(20);
    await clock.run(Promise.all(calls));
  });

  test("gives a place back once, also when the answer is a stream that ends later", async () => {
    const { clock, policy } = setUp({ concurrency: 1 });
    const stream = () => attempted("stream", { settled: clock.sleep(10_000) });
    const first = await policy.execute(stream, { model: "m" });
    expect(first.trace.duration).toBe(0);
    const second = await clock.run(policy.execute(stream, { model: "m" }));
    expect(second.trace.duration).toBe(10_000);
    const third = await clock.run(policy.execute(stream, { model: "m" }));
    expect(third.trace.duration).toBe(10_000);
  });
});

/** How often one call asks the first model before it moves on, after `before` calls that were lost. */
async function triesAfter(
  before: number,
  options: Parameters<typeof setUp>[0] = {},
): Promise<number> {
  const { clock, policy, server, targets } = setUp({
    chain: ["m", "n"],
    breaker: false,
    rules: { "server-error": { attempts: 4, backoff: { base: 10 } } },
    ...options,
  });
  const call = () =>
    clock.run(policy.execute(server({ "default/m": internal(), "*": "ok" }, { takes: 1 })));
  for (let nth = 0; nth < before; nth += 1) {
    await call();
    await clock.advance(60_000);
  }
  const since = targets().length;
  await call();
  return targets()
    .slice(since)
    .filter((name) => name === "default/m").length;
}

/** When each of `count` calls of 3 s that come at once is sent, from the first on. */
async function burst(
  { clock, policy, sent, server }: ReturnType<typeof setUp>,
  count: number,
): Promise<number[]> {
  const before = sent.length;
  const call = server({ "*": "ok" }, { takes: 3_000 });
  await clock.run(
    Promise.all(Array.from({ length: count }, () => policy.execute(call, { model: "m" }))),
  );
  const times = sent.slice(before).map(({ at }) => at);
  return times.map((at) => at - times[0]!);
}

describe("a model whose limit nobody knows", () => {
  test("gets four calls at once and the others one after the other, so that a small quota is met gently", async () => {
    const times = await burst(setUp(), 8);
    expect(times).toEqual([0, 0, 0, 0, 60, 120, 180, 240]);
  });

  test("gets as many at once later as it has shown to take in a minute", async () => {
    const bench = setUp();
    await burst(bench, 30);
    await bench.clock.advance(300_000);
    expect(await burst(bench, 30)).toEqual(Array.from({ length: 30 }, () => 0));
  });
});

describe("the retry budget", () => {
  test("pays for retries while it lasts, then calls move on at once instead of failing", async () => {
    expect(await triesAfter(0)).toBe(4);
    expect(await triesAfter(60)).toBe(1);
  });

  test("can be told its size and prices, or switched off", async () => {
    expect(await triesAfter(0, { budget: { capacity: 10 } })).toBe(3);
    expect(await triesAfter(0, { budget: { capacity: 10, cost: 10 } })).toBe(2);
    expect(await triesAfter(60, { budget: false })).toBe(4);
  });

  test("gets back what a retry had cost that was answered", async () => {
    const { clock, policy, server, sent } = setUp({
      budget: { capacity: 10, cost: 5, income: 0 },
      chain: ["m", "n"],
    });
    for (let nth = 0; nth < 50; nth += 1) {
      const call = server({
        "default/m": (times) => (times % 2 ? internal() : "ok"),
        "*": "other",
      });
      expect((await clock.run(policy.execute(call))).value).toBe("ok");
    }
    expect(sent).toHaveLength(100);
  });

  test("is paid into by every answer, as much as it is told", async () => {
    const { clock, policy, server, targets } = setUp({
      budget: { capacity: 10, cost: 10, income: 1 },
      chain: ["m", "n"],
      breaker: false,
    });
    const send = (reply: "ok" | Error) =>
      clock.run(policy.execute(server({ "default/m": reply, "*": "ok" })));
    const tries = async (): Promise<number> => {
      const before = targets().length;
      await send(internal());
      return targets()
        .slice(before)
        .filter((name) => name === "default/m").length;
    };
    expect(await tries()).toBe(2);
    for (let nth = 0; nth < 9; nth += 1) await send("ok");
    expect(await tries()).toBe(1);
    await send("ok");
    expect(await tries()).toBe(2);
  });

  test("takes more after a timeout, whose tokens may be spent", async () => {
    const { clock, policy } = setUp({
      budget: { capacity: 30, cost: 1, timeoutCost: 20 },
      chain: ["m", "n"],
      attemptTimeout: 100,
      rules: { timeout: { attempts: 9 } },
    });
    const slow = policy.execute(({ model }) =>
      model === "n" ? "ok" : new Promise<never>(() => {}),
    );
    const { trace } = await clock.run(slow);
    expect(trace.attempts.map(({ model }) => model)).toEqual(["m", "m", "n"]);
  });

  test("is not drawn on by refused quotas, and keeps a single target going when it is empty", async () => {
    const { clock, policy, server, sent } = setUp({
      budget: { capacity: 5, cost: 5 },
      attempts: 3,
    });
    const error = await clock.run(rejection(policy.execute(server({ "*": internal() }))));
    expect(error).toMatchObject({ reason: "attempts-exhausted" });
    expect(sent).toHaveLength(3);
  });
});
