import { type VirtualClock } from "@holdfast/gemini-simulator";

interface Timer {
  ref(): Timer;
  unref(): Timer;
  hasRef(): boolean;
  [Symbol.toPrimitive](): number;
}

/**
 * Makes the platform's timers and clocks virtual, so that published packages live in virtual time as they are.
 * Answers the function that undoes it.
 */
export function virtualTimers(clock: VirtualClock): () => void {
  const { setTimeout, clearTimeout, fetch } = globalThis;
  const { now: dateNow } = Date;
  const performanceNow = performance.now.bind(performance);
  const pending = new Map<number, AbortController>();
  let count = 0;
  const start = (ring: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Timer => {
    count += 1;
    const id = count;
    const controller = new AbortController();
    pending.set(id, controller);
    clock.sleep(Math.max(1, ms || 0), controller.signal).then(
      () => {
        pending.delete(id);
        ring(...args);
      },
      () => {},
    );
    const timer: Timer = {
      ref: () => timer,
      unref: () => timer,
      hasRef: () => true,
      [Symbol.toPrimitive]: () => id,
    };
    return timer;
  };
  const stop = (timer: unknown): void => {
    if (timer === undefined || timer === null) return;
    const id = Number(timer);
    pending.get(id)?.abort();
    pending.delete(id);
  };
  Object.assign(globalThis, { setTimeout: start, clearTimeout: stop });
  Date.now = () => clock.wall();
  performance.now = () => clock.now();
  return () => {
    Object.assign(globalThis, { setTimeout, clearTimeout, fetch });
    Date.now = dateNow;
    performance.now = performanceNow;
  };
}
