// One attempt from its permit to its outcome.
import { type AttemptBounds, AttemptHandle, makeAttempt } from "./attempt.ts";
import { begin } from "./begin.ts";
import { type CallState } from "./call-state.ts";
import { type Engine } from "./engine.ts";
import { type Failure } from "./failure.ts";
import { judge } from "./judge.ts";
import { release } from "./learn.ts";
import { Attempted, type AttemptedDetails, type AttemptRecord, type Call } from "./outcome.ts";
import { type Permit } from "./permit.ts";
import { enterUsage, spentBy } from "./price.ts";

/** How an attempt ended. */
export type Outcome<T> = { permit: Permit; record: AttemptRecord } & (
  | { ok: true; value: T; about: AttemptedDetails }
  | { ok: false; failure: Failure }
);

/** An attempt that is under way. */
export interface Running<T> {
  permit: Permit;
  /** Nothing when the caller aborted. */
  outcome: Promise<Outcome<T> | undefined>;
  /** Ends the attempt: another one has won. It says nothing of its target. */
  lose(): void;
}

/** Starts one attempt. Its permit is released with its outcome, unless the value outlives the attempt. */
export function tryOnce<T>(
  engine: Engine,
  state: CallState,
  { permit, call, role }: { permit: Permit; call: Call<T>; role?: "hedge" },
): Running<T> {
  const startedAt = engine.clock.now();
  const record = begin(engine, state, { permit, startedAt });
  if (role) record.role = role;
  const handle = new AttemptHandle({
    attempt: state.attempts,
    attemptAtTarget: state.spent[permit.target.index] ?? 1,
    input: state.input,
    previous: state.last,
  });
  const outcome = settle(engine, state, { permit, record, handle, call, startedAt });
  return {
    permit,
    outcome,
    lose() {
      release(engine, permit, { how: "neutral" });
      // It may have been answered in the same instant: its stream then ends with nobody to hear of it.
      void outcome.then((ended) => ended?.ok && leaveAlone(ended.about));
      handle.cut?.(new DOMException("another attempt was faster", "AbortError"));
    },
  };
}

interface Started<T> {
  permit: Permit;
  record: AttemptRecord;
  handle: AttemptHandle;
  call: Call<T>;
  startedAt: number;
}

async function settle<T>(
  engine: Engine,
  state: CallState,
  { permit, record, handle, call, startedAt }: Started<T>,
): Promise<Outcome<T> | undefined> {
  const { clock } = engine;
  try {
    const bounds = boundsOf(engine, state, startedAt);
    const result = await makeAttempt(call, { target: permit.target, handle }, bounds);
    const { value, about } = unwrap(result);
    record.duration = clock.now() - startedAt;
    if (about.usage) enterUsage(record, about.usage, permit.target.price);
    const failure = judge(engine, state, { about, value, model: permit.target.model });
    if (!failure && !permit.released) return { ok: true, permit, value, about, record };
    leaveAlone(about);
    handle.abort(failure?.error);
    return fail(engine, permit, { record, failure: failure ?? engine.classify(undefined) });
  } catch (error) {
    record.duration = clock.now() - startedAt;
    if (state.signal?.aborted) {
      release(engine, permit, { how: "neutral" });
      return undefined;
    }
    return fail(engine, permit, { record, failure: engine.classify(error) });
  }
}

/** A settled promise that nobody waits for must not become an unhandled rejection. */
function leaveAlone({ settled }: AttemptedDetails): void {
  void settled?.then(undefined, () => {});
}

function unwrap<T>(result: T | Attempted<T>): { value: T; about: AttemptedDetails } {
  return result instanceof Attempted ? result : { value: result, about: {} };
}

function boundsOf(
  { clock }: Engine,
  { options, settings, signal, deadlineAt }: CallState,
  now: number,
): AttemptBounds {
  const own = options.streaming ? settings.firstContentTimeout : settings.attemptTimeout;
  const limit = options.attemptTimeout ?? own;
  const left = deadlineAt - now;
  return limit < left
    ? { clock, limit, what: "the attempt", signal }
    : { clock, limit: left, what: "the call", signal };
}

function fail(
  engine: Engine,
  permit: Permit,
  { record, failure }: { record: AttemptRecord; failure: Failure },
): Outcome<never> {
  // Who lost to another attempt was ended by us: that is no failure.
  if (permit.released) return { ok: false, permit, failure, record };
  record.failure = failure;
  release(engine, permit, { how: "failure", failure, usage: record.usage });
  const { target, number: attempt, duration } = record;
  engine.emit({
    type: "attempt-end",
    call: permit.call,
    target,
    attempt,
    duration,
    failure,
    ...spentBy(record),
  });
  return { ok: false, permit, failure, record };
}
