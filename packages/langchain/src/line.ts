// What connects one attempt with its host from the first byte to the last.
import {
  type AttemptContext,
  offAbort,
  onAbort,
  timeoutError,
  type Policy,
  watchStall,
  type StallWatch,
} from "@holdfast/core";

/** Lets whoever waits for one result of an attempt be released when the line is broken. */
export class Line {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #context: AbortSignal;
  #release: ((reason: unknown) => void) | undefined;
  #stall: StallWatch | undefined;

  /** `caller`: the caller's own signal, which core obeys up to the commit point, and the line beyond. */
  constructor({ signal }: AttemptContext, caller: AbortSignal | undefined) {
    this.#context = signal;
    this.#caller = caller;
    for (const one of [signal, caller]) {
      if (one?.aborted) this.break(one.reason);
      else if (one && !this.signal.aborted) onAbort(one, this.#onAbort);
    }
  }

  /** For the host. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether somebody waits for the host just now. */
  get waiting(): boolean {
    return this.#release !== undefined;
  }

  /** Waits for one result at a time; rejects when the line is broken, even if the host is deaf. */
  wait<T>(result: PromiseLike<T>): Promise<T> {
    if (this.signal.aborted) {
      result.then(undefined, () => undefined);
      return Promise.reject(this.signal.reason as Error);
    }
    return new Promise<T>((resolve, reject) => {
      this.#release = reject;
      result.then(
        (value) => {
          this.#release = undefined;
          resolve(value);
        },
        (error: unknown) => {
          this.#release = undefined;
          reject(error);
        },
      );
    });
  }

  /** Ends the attempt. */
  break(reason: unknown): void {
    this.#controller.abort(reason);
    this.#release?.(reason);
    this.#release = undefined;
    this.close();
  }

  /** From the commit point on: breaks the line when nothing comes for the policy's stall timeout. */
  watch(policy: Policy): void {
    const { stallTimeout } = policy.settings;
    this.#stall = watchStall(policy.clock, stallTimeout, () => {
      // A reader in no hurry is not a stream that stalls.
      if (this.waiting) this.break(timeoutError(stallTimeout, "the next part of the stream"));
      else this.watch(policy);
    });
  }

  /** Something came. */
  tick(): void {
    this.#stall?.tick();
  }

  /** Lets go of signals and timers. */
  close(): void {
    this.#stall?.stop();
    this.#stall = undefined;
    offAbort(this.#context, this.#onAbort);
    if (this.#caller) offAbort(this.#caller, this.#onAbort);
  }

  readonly #onAbort = (): void => {
    const aborted = this.#context.aborted ? this.#context : this.#caller;
    this.break(aborted?.reason);
  };
}
