import { type CallState } from "./call-state.ts";
import { type Engine } from "./engine.ts";
import { type Failure } from "./failure.ts";
import { commit, release } from "./learn.ts";
import { type AttemptedDetails, type AttemptRecord, type Call, type Executed } from "./outcome.ts";
import { type Permit } from "./permit.ts";
import { enterUsage, spentBy, spentByAll } from "./price.ts";
import { traceOf } from "./trace.ts";
import { type Outcome } from "./try-once.ts";

/** A good attempt, and how the call goes on should its value fail later. */
export interface Answered<T> {
  outcome: Outcome<T> & { ok: true };
  goOn: <Next>(
    engine: Engine,
    state: CallState,
    rest: { permit: Permit; failure: Failure; call: Call<Next> },
  ) => Promise<Executed<Next>>;
}

/** Ends a call that was answered. */
export function answered<T>(
  engine: Engine,
  state: CallState,
  { outcome, goOn }: Answered<T>,
): Executed<T> {
  const { permit, value, about, record, at } = outcome;
  const { target } = permit;
  state.last = undefined;
  if (about.modelVersion !== undefined) record.modelVersion = about.modelVersion;
  engine.remember(state, target);
  engine.clocked(target, record.duration);
  commit(engine, permit, { duration: record.duration, refund: state.paid });
  state.paid = 0;
  if (about.settled) settleLater(engine, state, { permit, record, settled: about.settled });
  else release(engine, permit, { how: "success", usage: about.usage });
  const duration = at - state.began.now;
  if (engine.listening)
    tell(engine, state, { record, duration, settles: about.settled !== undefined });
  return {
    value,
    target,
    degraded: false,
    trace: traceOf(state, duration, target.name),
    resume(call, error) {
      const failure = engine.classify(error);
      record.failure = failure;
      return goOn(engine, state, { permit, failure, call });
    },
  };
}

function tell(
  engine: Engine,
  { id: call, attempts, records }: CallState,
  { record, duration, settles }: { record: AttemptRecord; duration: number; settles: boolean },
): void {
  const { target, number: attempt } = record;
  engine.emit({
    type: "attempt-end",
    call,
    target,
    attempt,
    duration: record.duration,
    ...answerOf(record),
    ...(settles ? { settles } : {}),
  });
  const spent = spentByAll(records);
  engine.emit({
    type: "call-end",
    call,
    outcome: "answered",
    duration,
    attempts,
    target,
    ...spent,
  });
}

function answerOf(record: AttemptRecord): Pick<AttemptRecord, "usage" | "cost" | "modelVersion"> {
  const { modelVersion } = record;
  return { ...spentBy(record), ...(modelVersion === undefined ? {} : { modelVersion }) };
}

/** A stream: its permit lives until it is over, and a late failure still teaches the board. */
function settleLater(
  engine: Engine,
  { signal }: CallState,
  {
    permit,
    record,
    settled,
  }: { permit: Permit; record: AttemptRecord; settled: PromiseLike<unknown> },
): void {
  const { target, number: attempt } = record;
  const { call } = permit;
  void settled.then(
    (settlement): void => {
      const { usage, modelVersion } = (settlement ?? {}) as AttemptedDetails;
      if (usage) enterUsage(record, usage, permit.target.price);
      if (modelVersion !== undefined) record.modelVersion = modelVersion;
      release(engine, permit, { how: "success", usage });
      engine.emit({ type: "attempt-settled", call, target, attempt, ...answerOf(record) });
    },
    (error: unknown): void => {
      const failure = engine.classify(error);
      record.failure = failure;
      // Who leaves a stream says nothing of its target, whatever the reason it gives.
      const neutral = signal?.aborted === true || failure.kind === "cancelled";
      release(engine, permit, neutral ? { how: "neutral" } : { how: "failure", failure });
      engine.emit({ type: "attempt-settled", call, target, attempt, failure });
    },
  );
}
