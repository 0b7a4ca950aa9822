// Time and chance, as a policy is given them, so that a policy can also live in virtual time.
import { offAbort, onAbort } from "./abort-bell.ts";

/** What a policy takes from the runtime. Give another one to `createPolicy` to run it in virtual time. */
export interface Clock {
  /** Monotonic milliseconds; never goes back. */
  now(): number;
  /** Milliseconds since the epoch, for calendar days. */
  wall(): number;
  /** Resolves after `ms`; rejects at once with the signal's reason when it is or gets aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Uniform in [0, 1). */
  random(): number;
}

/** The longest delay a timer of the platform can hold; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;

/** Thrown into an alarm's own wait when it is called off; never seen by a caller. */
const calledOff = Symbol("called off");

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    let timer: ReturnType<typeof setTimeout>;
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const arm = (left: number): void => {
      timer = setTimeout(
        () => {
          if (left > longestTimer) return arm(left - longestTimer);
          if (signal) offAbort(signal, abort);
          resolve();
        },
        Math.min(Math.max(left, 0), longestTimer),
      );
    };
    arm(ms);
    if (signal) onAbort(signal, abort);
  });
}

/** The clock of the runtime: `performance`, `Date`, `setTimeout`, `Math.random`. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  sleep,
  random: () => Math.random(),
};

/** A function called at a time, unless it is called off before. */
export interface Alarm {
  callOff(): void;
}

/** Sets an alarm on any clock. `ring` must not throw. */
export function setAlarm(clock: Clock, ms: number, ring: () => void): Alarm {
  if (clock === systemClock && ms < longestTimer) {
    const timer = setTimeout(ring, Math.max(ms, 0));
    return { callOff: () => clearTimeout(timer) };
  }
  const controller = new AbortController();
  clock.sleep(ms, controller.signal).then(ring, (reason: unknown) => {
    // A clock that fails for another reason than ours must not go unseen.
    if (reason !== calledOff) throw reason;
  });
  return { callOff: () => controller.abort(calledOff) };
}
