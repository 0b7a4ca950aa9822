// One attempt from its permit to its outcome.
import { offAbort, onAbort } from "./abort-bell.ts";
import { abandon, AttemptHandle, invoke, leaveAlone, timeoutError } from "./attempt.ts";
import { begin } from "./begin.ts";
import { slow } from "./board/closures.ts";
import { type CallState } from "./call-state.ts";
import { type Alarm, setAlarm } from "./clock.ts";
import { type Engine } from "./engine.ts";
import { type Failure } from "./failure.ts";
import { judge } from "./judge.ts";
import { release } from "./learn.ts";
import { Attempted, type AttemptedDetails, type AttemptRecord, type Call } from "./outcome.ts";
import { type Permit } from "./permit.ts";
import { enterUsage, spentBy } from "./price.ts";

/** How an attempt ended. */
export type Outcome<T> = { permit: Permit; record: AttemptRecord } & (
  | { ok: true; value: T; about: AttemptedDetails; /** Monotonic ms. */ at: number }
  | { ok: false; failure: Failure }
);

/** An attempt that is under way. */
export interface Running {
  readonly permit: Permit;
  /** Ends the attempt: another one has won. It says nothing of its target. */
  lose(): void;
}

/** What an attempt is made of. */
export interface Attempting<T> {
  permit: Permit;
  call: Call<T>;
  role?: "hedge";
  /** Hears the outcome, once; nothing when the caller aborted. */
  done: (outcome: Outcome<T> | undefined) => void;
}

/**
 * Starts one attempt. It is over when the call settles, when the time is up, or when the caller aborts: whichever is
 * first, even if the call ignores its signal. Its permit is released with its outcome, unless the value outlives it.
 */
export function tryOnce<T>(engine: Engine, state: CallState, attempting: Attempting<T>): Running {
  return new Trial(engine, state, attempting);
}

const nothing: AttemptedDetails = {};
/** Resolved already: what waits for it runs after all that is ready now. */
const soon = Promise.resolve();

function idle(): void {}

class Trial<T> implements Running {
  readonly permit: Permit;
  readonly #engine: Engine;
  readonly #state: CallState;
  readonly #handle: AttemptHandle;
  readonly #record: AttemptRecord;
  readonly #done: (outcome: Outcome<T> | undefined) => void;
  #about: AttemptedDetails = nothing;
  #alarm: Alarm | undefined;
  #abort: (() => void) | undefined;
  #over = false;
  /** Whether the clock may have moved since the beginning. */
  #late = false;
  /** Whether the deadline of its call has ended it. */
  #outrun = false;

  constructor(engine: Engine, state: CallState, { permit, call, role, done }: Attempting<T>) {
    this.permit = permit;
    this.#engine = engine;
    this.#state = state;
    this.#done = done;
    this.#record = begin(engine, state, permit);
    if (role) this.#record.role = role;
    this.#handle = new AttemptHandle(state, permit.target);
    invoke(call, permit.target, this.#handle).then(
      (result) => this.#answered(result),
      (error: unknown) => this.#failed(error),
    );
    // An answer that is there already needs neither timer nor listener, which cost more than the rest of a call. An
    // adapter that looks at the answer hands it on one turn later.
    void soon.then(idle).then(() => this.#watch());
  }

  lose(): void {
    release(this.#engine, this.permit, { how: "neutral" });
    // It may have been answered in the same instant: its stream then ends with nobody to hear of it.
    leaveAlone(this.#about);
    this.#cut(new DOMException("another attempt was faster", "AbortError"));
  }

  #watch(): void {
    this.#late = true;
    if (this.#over) return;
    const { signal } = this.#state;
    if (signal?.aborted) return this.#cut(signal.reason);
    if (signal) {
      this.#abort = (): void => this.#cut(signal.reason);
      onAbort(signal, this.#abort);
    }
    const { limit, what } = this.#limit();
    if (limit === Infinity) return;
    this.#alarm = setAlarm(this.#engine.clock, limit, () => {
      this.#outrun = what === "the call";
      this.#cut(timeoutError(limit, what));
    });
  }

  /** Ms that the attempt may take, and whose limit that is. */
  #limit(): { limit: number; what: string } {
    const { options, settings, deadlineAt } = this.#state;
    const own = options.streaming ? settings.firstContentTimeout : settings.attemptTimeout;
    const limit = options.attemptTimeout ?? own;
    const left = deadlineAt - this.permit.at;
    return limit < left ? { limit, what: "the attempt" } : { limit: left, what: "the call" };
  }

  #cut(reason: unknown): void {
    this.#failed(reason);
    this.#handle.abort(reason);
  }

  #answered(result: T | Attempted<T>): void {
    if (this.#over) return abandon(result);
    const { signal } = this.#state;
    if (signal?.aborted) {
      abandon(result);
      return this.#cut(signal.reason);
    }
    const at = this.#end();
    const { permit } = this;
    const record = this.#record;
    const isDetailed = result instanceof Attempted;
    const value = isDetailed ? result.value : result;
    const about = isDetailed ? result.about : nothing;
    if (about.usage) enterUsage(record, about.usage, permit.target.price);
    const failure = this.#judged(value, about);
    this.#about = about;
    if (!failure) return this.#done({ ok: true, permit, record, value, about, at });
    leaveAlone(about);
    this.#handle.abort(failure.error);
    this.#fail(failure);
  }

  #failed(error: unknown): void {
    if (this.#over) return;
    this.#end();
    if (!this.#state.signal?.aborted) return this.#fail(this.#engine.classify(error));
    release(this.#engine, this.permit, { how: "neutral" });
    this.#done(undefined);
  }

  /** When it ended. */
  #end(): number {
    this.#over = true;
    this.#alarm?.callOff();
    const { signal } = this.#state;
    if (signal && this.#abort) offAbort(signal, this.#abort);
    const began = this.permit.at;
    const at = this.#late ? this.#engine.clock.now() : began;
    this.#record.duration = at - began;
    return at;
  }

  /** What is wrong with the answer, or with the rule that was to say so. */
  #judged(value: T, about: AttemptedDetails): Failure | undefined {
    try {
      const { model } = this.permit.target;
      return judge(this.#engine, this.#state, { about, value, model });
    } catch (error) {
      return this.#engine.classify(error);
    }
  }

  #fail(failure: Failure): void {
    const { permit } = this;
    const record = this.#record;
    // Who lost to another attempt was ended by us: that is no failure.
    if (!permit.released) this.#blame(failure);
    this.#done({ ok: false, permit, failure, record });
  }

  /**
   * Whether the failure says something of the target. What began shortly before the deadline of its call, and was ended
   * by it, says nothing: unless it had most of the call's time, or far more than answers take.
   */
  #isVerdict(): boolean {
    if (!this.#outrun) return true;
    const { began, deadlineAt } = this.#state;
    const { duration } = this.#record;
    const { typical } = this.permit.domain;
    return duration * 2 >= deadlineAt - began.now || (typical > 0 && duration > typical * slow);
  }

  #blame(failure: Failure): void {
    const record = this.#record;
    record.failure = failure;
    const { target, number: attempt, duration, usage } = record;
    const ending = { failure, usage };
    const how = this.#isVerdict() ? "failure" : "neutral";
    release(this.#engine, this.permit, { how, ...ending });
    if (!this.#engine.listening) return;
    const { call } = this.permit;
    const spent = spentBy(record);
    this.#engine.emit({ type: "attempt-end", call, target, attempt, duration, failure, ...spent });
  }
}
