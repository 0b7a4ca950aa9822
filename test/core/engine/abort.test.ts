import {
  attempted,
  type CallOptions,
  createPolicy,
  type PolicyEvent,
  type PolicyOptions,
} from "@holdfast/core";
import { describe, expect, test, vi } from "vitest";

import { overloaded, quotaError } from "../../support/failures.ts";
import { accounts, endless, rejection, setUp } from "./set-up.ts";

const reason = new Error("the person went away");

/** A call that is in the middle of a wait after 500 ms. */
const waits: Record<
  string,
  {
    options?: PolicyOptions;
    call?: CallOptions;
    prepare?: (bench: ReturnType<typeof setUp>) => unknown;
    reply?: Error;
  }
> = {
  "its own backoff": {
    options: { backoff: { base: 100_000, cap: 100_000, jitter: "none" } },
    reply: overloaded(),
  },
  "a refused quota": { reply: quotaError({ limit: 5, retryDelay: "40s" }) },
  "a told limit": {
    options: { limits: { "*": { rpm: 1 } } },
    prepare: ({ policy, server }) => policy.execute(server({ "*": "first" }), { model: "m" }),
  },
  "a better target, out of patience": {
    options: { chain: ["m", "n"], patience: 100_000 },
    prepare: ({ policy }) => policy.close("target:default m", 50_000),
  },
  "a scope closed by hand": { prepare: ({ policy }) => policy.close("endpoint:google", 50_000) },
  "a free place among the calls under way": {
    options: { concurrency: 1 },
    prepare({ policy, clock }) {
      void policy.execute(() => clock.sleep(9_000), { model: "m" });
    },
  },
  "the hours of its model": {
    options: { schedules: [{ timeZone: "UTC", from: "20:05", to: "21:00" }] },
  },
};

describe("an abort", () => {
  test.each(Object.entries(waits))(
    "ends a wait for %s at once, with the caller's own reason",
    async (_, { options, call, prepare, reply }) => {
      const bench = setUp(options);
      const { clock, policy, server, sent, ofType } = bench;
      await prepare?.(bench);
      const before = sent.length;
      const controller = new AbortController();
      const { signal } = controller;
      const running = policy.execute(server({ "*": reply ?? "ok" }), {
        model: "m",
        ...call,
        signal,
      });
      const seen = rejection(running);
      await clock.advance(500);
      expect(sent.length - before).toBe(reply ? 1 : 0);
      controller.abort(reason);
      expect(await seen).toBe(reason);
      expect(clock.now()).toBe(500);
      expect(policy.status().waiting).toBe(0);
      expect(ofType("call-end").at(-1)).toMatchObject({ outcome: "cancelled" });
      await clock.advance(200_000);
      expect(sent.length - before).toBe(reply ? 1 : 0);
      expect(clock.sleeping).toBe(0);
    },
  );

  test("ends a running attempt at once, even one that ignores its signal", async () => {
    for (const call of [endless, () => new Promise<never>(() => {})]) {
      const { clock, policy } = setUp();
      const controller = new AbortController();
      const running = policy.execute(call, { model: "m", signal: controller.signal });
      const seen = rejection(running);
      await clock.advance(500);
      controller.abort(reason);
      expect(await seen).toBe(reason);
      expect(clock.sleeping).toBe(0);
    }
  });

  test("before the call begins sends nothing", async () => {
    const { policy, server, sent, events } = setUp();
    const signal = AbortSignal.abort(reason);
    await expect(policy.execute(server({ "*": "ok" }), { signal })).rejects.toBe(reason);
    expect(sent).toEqual([]);
    expect(events).toEqual([]);
  });

  const types = ["call-start", "attempt-end", "decision", "wait-start", "wait-end"] as const;
  const refusals = [overloaded(), quotaError({ limit: 5, retryDelay: "10s" })];
  test.each(types.flatMap((type) => refusals.map((refusal) => ({ type, refusal }))))(
    "by a listener of $type keeps the next attempt from being sent ($refusal.status)",
    async ({ type, refusal }) => {
      const controller = new AbortController();
      const onEvent = (event: PolicyEvent): void => {
        if (event.type === type) controller.abort(reason);
      };
      const { clock, policy, server, sent } = setUp({ onEvent });
      const running = policy.execute(server({ "*": [refusal, "ok"] }), {
        model: "m",
        signal: controller.signal,
      });
      await expect(clock.run(running)).rejects.toBe(reason);
      expect(sent.length).toBe(type === "call-start" ? 0 : 1);
      expect(clock.sleeping).toBe(0);
    },
  );

  test.each([5_000, 60_250])(
    "in the very moment at which a waiting call is let in (%d ms) sends nothing and keeps no place",
    async (at) => {
      const options = at === 5_000 ? { concurrency: 1 } : { limits: { "*": { rpm: 1 } } };
      const { clock, policy, server, sent } = setUp(options);
      const first = policy.execute(() => clock.sleep(5_000), { model: "m" });
      const controller = new AbortController();
      const second = policy.execute(server({ "*": "ok" }), {
        model: "m",
        signal: controller.signal,
      });
      const seen = rejection(second);
      // Falls asleep after the others, so it wakes last, between the permit and the attempt.
      const abort = clock.sleep(at).then(() => controller.abort(reason));
      const [, seenReason] = await clock.run(Promise.all([first, seen, abort]));
      expect(seenReason).toBe(reason);
      expect(sent).toEqual([]);
      const third = policy.execute(server({ "*": "ok" }), { model: "m" });
      expect((await clock.run(third)).value).toBe("ok");
    },
  );

  test("of a call that is resumed after its stream broke sends nothing more", async () => {
    const { clock, policy, server, sent } = setUp({ chain: ["m", "n"] });
    const controller = new AbortController();
    const { signal } = controller;
    const broken = Promise.reject(new Error("terminated"));
    broken.catch(() => {});
    const half = await policy.execute(server({ "*": attempted("half", { settled: broken }) }), {
      signal,
    });
    controller.abort(reason);
    await expect(
      clock.run(half.resume(server({ "*": "rest" }), new Error("terminated"))),
    ).rejects.toBe(reason);
    expect(sent).toHaveLength(1);
  });

  test("teaches the board nothing: the target is asked again by the next call", async () => {
    const { clock, policy, server } = setUp({ accounts: accounts("a", "b") });
    for (let nth = 0; nth < 5; nth += 1) {
      const controller = new AbortController();
      const running = policy.execute(endless, { model: "m", signal: controller.signal });
      const seen = rejection(running);
      await clock.advance(10);
      controller.abort(reason);
      expect(await seen).toBe(reason);
    }
    expect(policy.status().closed).toEqual([]);
    const { target } = await clock.run(policy.execute(server({ "*": "ok" }), { model: "m" }));
    expect(target?.name).toBe("a/m");
  });
});

/** A signal, and how many listeners it has and had at most. */
function counted() {
  const controller = new AbortController();
  const { signal } = controller;
  const count = { now: 0, most: 0 };
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    count.now += 1;
    count.most = Math.max(count.most, count.now);
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    count.now -= 1;
    remove(...args);
  };
  return { controller, signal, count };
}

/** What the calls do: a thousand run, a thousand wait for a quota, a thousand for their own backoff. */
function begin(signal: AbortSignal) {
  const policy = createPolicy({ limits: { slow: { rpm: 1 } }, breaker: false, budget: false });
  const backoff = policy.with({ backoff: { base: 30_000, jitter: "none" }, breaker: false });
  const calls = Array.from({ length: 1_000 }, (_, nth) => [
    policy.execute(endless, { model: `m-${nth}`, signal }),
    policy.execute(() => "ok", { model: "slow", signal }),
    backoff.execute(
      () => {
        throw overloaded();
      },
      { model: `n-${nth}`, signal },
    ),
  ]).flat();
  return {
    policy,
    calls: calls.map((call) =>
      call.then(
        () => "answered",
        (error) => error,
      ),
    ),
  };
}

describe("a signal that 3,000 calls share", () => {
  test("has one listener, whatever they wait for, and ends them all at once", async () => {
    vi.useFakeTimers();
    try {
      const { controller, signal, count } = counted();
      const { policy, calls } = begin(signal);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(policy.status().waiting).toBe(999);
      expect(count).toEqual({ now: 1, most: 1 });
      controller.abort(reason);
      const ends = await Promise.all(calls);
      expect(ends.filter((end) => end === reason)).toHaveLength(2_999);
      expect(policy.status().waiting).toBe(0);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test("has none any more when they have ended by themselves", async () => {
    vi.useFakeTimers();
    try {
      const { signal, count } = counted();
      const policy = createPolicy({ limits: { "*": { rpm: 500 } } });
      const calls = Array.from({ length: 3_000 }, () =>
        policy.execute(() => "ok", { model: "m", signal }),
      );
      await vi.runAllTimersAsync();
      await Promise.all(calls);
      expect(count).toEqual({ now: 0, most: 1 });
    } finally {
      vi.useRealTimers();
    }
  });
});
