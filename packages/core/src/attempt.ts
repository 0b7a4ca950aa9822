// What an attempt is handed, and what it hands back.
import { type CallState } from "./call-state.ts";
import { type Failure } from "./failure.ts";
import {
  type AttemptContext,
  Attempted,
  type AttemptedDetails,
  type AttemptRecord,
  type Call,
} from "./outcome.ts";
import { type PlannedTarget, type Target } from "./target.ts";

/** What is handed to the function that makes the attempt. Its signal is built when it is asked for. */
export class AttemptHandle implements AttemptContext {
  readonly attempt: number;
  readonly attemptAtTarget: number;
  readonly input: unknown;
  readonly previous?: Failure;
  readonly #records: readonly AttemptRecord[];
  #controller: AbortController | undefined;
  #aborted: { reason: unknown } | undefined;

  constructor({ attempts, spent, input, last, records }: CallState, { index }: PlannedTarget) {
    this.attempt = attempts;
    this.attemptAtTarget = spent[index] ?? 1;
    this.input = input;
    this.#records = records;
    if (last) this.previous = last;
  }

  get failures(): Failure[] {
    return this.#records.flatMap(({ failure }) => failure ?? []);
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

/** Calls a function so that what it throws is a rejection like any other. */
export function invoke<T>(
  call: Call<T>,
  target: Target,
  handle: AttemptContext,
): Promise<T | Attempted<T>> {
  try {
    return Promise.resolve(call(target, handle));
  } catch (error) {
    return Promise.reject(error);
  }
}

/** A settled promise that nobody waits for must not become an unhandled rejection. */
export function leaveAlone({ settled }: AttemptedDetails): void {
  void settled?.then(undefined, () => {});
}

/** A value that came too late: that its stream breaks concerns nobody any more. */
export function abandon(value: unknown): void {
  if (value instanceof Attempted) leaveAlone(value.about);
}
