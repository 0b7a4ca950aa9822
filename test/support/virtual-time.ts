import { type Clock } from "@holdfast/core";

interface Sleeper {
  at: number;
  order: number;
  wake(): void;
}

/** A clock that only moves when told: `run` carries a promise to its end in no time at all. */
export interface VirtualClock extends Clock {
  /** Moves time forward, sleeper by sleeper, until `promise` settles. Rejects when it never can. */
  run<T>(promise: Promise<T>): Promise<T>;
  /** Moves time forward by `ms`, waking who sleeps. */
  advance(ms: number): Promise<void>;
  /** How many sleep. */
  readonly sleeping: number;
}

/** A generator of numbers in [0, 1) that starts from a seed (mulberry32, Tommy Ettinger, public domain). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Makes a clock in virtual time. `start` is its wall time, ms since the epoch. */
export function virtualClock({ start = Date.UTC(2026, 10, 23, 12), seed = 1 } = {}): VirtualClock {
  let now = 0;
  let order = 0;
  let sleepers: Sleeper[] = [];
  const step = (limit = Infinity): boolean => {
    const first = sleepers.reduce<Sleeper | undefined>(
      (least, one) =>
        !least || one.at < least.at || (one.at === least.at && one.order < least.order)
          ? one
          : least,
      undefined,
    );
    if (!first || first.at > limit) return false;
    now = Math.max(now, first.at);
    sleepers = sleepers.filter((one) => one !== first);
    first.wake();
    return true;
  };
  return {
    now: () => now,
    wall: () => start + now,
    random: seeded(seed),
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        const abort = (): void => {
          sleepers = sleepers.filter((one) => one !== sleeper);
          reject(signal?.reason as Error);
        };
        order += 1;
        const sleeper: Sleeper = {
          at: now + Math.max(0, ms),
          order,
          wake() {
            signal?.removeEventListener("abort", abort);
            resolve();
          },
        };
        sleepers.push(sleeper);
        signal?.addEventListener("abort", abort, { once: true });
      });
    },
    async run(promise) {
      let over = false;
      const end = (): void => {
        over = true;
      };
      promise.then(end, end);
      for (let idle = 0; !over && idle < 3;) {
        await macrotask();
        if (over) break;
        idle = step() ? 0 : idle + 1;
      }
      if (!over) throw new Error("nobody sleeps and the promise is still pending");
      return promise;
    },
    async advance(ms) {
      const until = now + ms;
      await macrotask();
      while (step(until)) await macrotask();
      now = until;
    },
    get sleeping() {
      return sleepers.length;
    },
  };
}
