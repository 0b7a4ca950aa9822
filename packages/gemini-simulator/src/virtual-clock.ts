import { setImmediate as afterMicrotasks, setTimeout as afterTimeout } from "node:timers";

import { type Clock } from "./clock.ts";
import { createRandom } from "./random.ts";
import { createSleepQueue } from "./sleep-queue.ts";

/** Where and how a virtual clock starts. */
export interface VirtualClockOptions {
  /** Milliseconds since 1970 at the start. @default 2026-11-02T12:00:00Z */
  start?: number;
  /** Seed of `random()`. @default 1 */
  seed?: number;
  /** Real milliseconds in which nothing may happen before `run` says that the promise never settles. @default 1000 */
  patience?: number;
}

/** Time that passes only when somebody waits for it. */
export interface VirtualClock extends Clock {
  /**
   * Drives time forward until the promise settles, and settles likewise.
   * Rejects when nothing sleeps any more and the promise is still pending after `patience`.
   */
  run<Value>(promise: PromiseLike<Value>): Promise<Value>;
  /** Lets `ms` pass: everything due until then happens in its order. */
  advance(ms: number): Promise<void>;
  /** How many sleeps are pending. */
  readonly sleeping: number;
}

/** Makes a clock on which hours pass in milliseconds, in the same order on every run. */
export function createVirtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const { start = Date.UTC(2026, 10, 2, 12), seed = 1, patience = 1000 } = options;
  const queue = createSleepQueue();
  let time = 0;

  /** Goes to the next moment at which somebody wakes; false when there is none up to `limit`. */
  async function step(limit: number): Promise<boolean> {
    const moment = queue.wakeNext(limit);
    if (moment === undefined) return false;
    time = Math.max(time, moment);
    await turn();
    return true;
  }

  return {
    now: () => time,
    wall: () => start + time,
    random: createRandom(seed),
    sleep: (ms, signal) => queue.sleep(time + Math.max(0, ms), signal),
    async run(promise) {
      const state = { settled: false };
      const settle = () => void (state.settled = true);
      promise.then(settle, settle);
      await turn();
      while (!state.settled) {
        if (!(await step(Infinity)))
          await waitForSomething(() => state.settled || queue.size > 0, patience);
      }
      return promise;
    },
    async advance(ms) {
      const limit = time + ms;
      await turn();
      while (await step(limit));
      time = limit;
    },
    get sleeping() {
      return queue.size;
    },
  };
}

/** All microtasks and whatever was due in the event loop have run. */
function turn(): Promise<void> {
  return new Promise((resolve) => void afterMicrotasks(resolve));
}

/** Gives real input and output time to go on; rejects when nothing happened for `patience` real milliseconds. */
async function waitForSomething(happened: () => boolean, patience: number): Promise<void> {
  const since = performance.now();
  while (!happened()) {
    if (performance.now() - since > patience) {
      throw new Error("The promise never settles: nothing sleeps on the virtual clock any more");
    }
    await new Promise((resolve) => void afterTimeout(resolve, 1));
  }
}
