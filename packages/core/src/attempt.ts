// One call to one target: its signal, its time limit, the caller's abort.
import { offAbort, onAbort } from "./abort-bell.ts";
import { type Alarm, type Clock, setAlarm } from "./clock.ts";
import { type Failure } from "./failure.ts";
import { type AttemptContext, Attempted, type Call } from "./outcome.ts";
import { type Target } from "./target.ts";

/** What is handed to the function that makes the attempt. Its signal is built when it is asked for. */
export class AttemptHandle implements AttemptContext {
  readonly attempt: number;
  readonly attemptAtTarget: number;
  readonly input: unknown;
  readonly previous?: Failure;
  #controller: AbortController | undefined;
  #aborted: { reason: unknown } | undefined;
  /** Ends the attempt, even one that ignores its signal. */
  cut: ((reason: unknown) => void) | undefined;

  constructor(from: {
    attempt: number;
    attemptAtTarget: number;
    input: unknown;
    previous?: Failure | undefined;
  }) {
    this.attempt = from.attempt;
    this.attemptAtTarget = from.attemptAtTarget;
    this.input = from.input;
    if (from.previous) this.previous = from.previous;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#aborted.reason);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#aborted ??= { reason };
    this.#controller?.abort(reason);
  }
}

/** What an attempt that took too long fails with; hosts name theirs the same. */
export function timeoutError(ms: number, what: string): DOMException {
  return new DOMException(`${what} took longer than ${Math.round(ms)} ms`, "TimeoutError");
}

/** The bounds of one attempt. */
export interface AttemptBounds {
  clock: Clock;
  /** Ms; `Infinity` for none. */
  limit: number;
  /** What the limit is about, in words. */
  what: string;
  /** The caller's. */
  signal: AbortSignal | undefined;
}

/** A stream that came too late: that it breaks concerns nobody any more. */
function abandon(value: unknown): void {
  if (value instanceof Attempted) void value.about.settled?.then(undefined, () => {});
}

/**
 * Makes one attempt. Settles when the call does, when the time is up, or when the caller aborts: whichever is first,
 * even if the call ignores its signal.
 */
export function makeAttempt<T>(
  call: Call<T>,
  { target, handle }: { target: Target; handle: AttemptHandle },
  { clock, limit, what, signal }: AttemptBounds,
): Promise<T | Attempted<T>> {
  return new Promise((resolve, reject) => {
    let alarm: Alarm | undefined;
    let abort: (() => void) | undefined;
    const finish = (): void => {
      alarm?.callOff();
      if (signal && abort) offAbort(signal, abort);
    };
    let over = false;
    const cut = (reason: unknown): void => {
      over = true;
      finish();
      reject(reason);
      handle.abort(reason);
    };
    handle.cut = cut;
    if (signal) {
      abort = (): void => cut(signal.reason);
      onAbort(signal, abort);
    }
    if (limit < Infinity) alarm = setAlarm(clock, limit, () => cut(timeoutError(limit, what)));
    const failed = (error: unknown): void => {
      finish();
      reject(error);
    };
    try {
      Promise.resolve(call(target, handle)).then((value) => {
        if (over) return abandon(value);
        finish();
        resolve(value);
      }, failed);
    } catch (error) {
      failed(error);
    }
  });
}
