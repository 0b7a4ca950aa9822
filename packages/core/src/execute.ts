// The whole life of one call. Read this file first: one loop, and only it waits.
import { answered } from "./answered.ts";
import { type CallState, withItem, withItemAt } from "./call-state.ts";
import { decide, type Decision } from "./decide.ts";
import { type Engine } from "./engine.ts";
import { type Failure } from "./failure.ts";
import { giveUp } from "./give-up.ts";
import { hedged } from "./hedge.ts";
import { release } from "./learn.ts";
import { type CallOptions } from "./options.ts";
import { type Call, type Executed } from "./outcome.ts";
import { type Permit } from "./permit.ts";
import { preflight } from "./preflight.ts";
import { spentByAll } from "./price.ts";
import { situationOf } from "./situation.ts";
import { type Taken } from "./taken.ts";
import { type Outcome, tryOnce } from "./try-once.ts";

/** Carries one call through attempts, waits and fallbacks to an answer, a last resort, or a `GaveUpError`. */
export function execute<T>(
  engine: Engine,
  call: Call<T>,
  options: CallOptions,
): Promise<Executed<T>> {
  let state: CallState;
  try {
    state = engine.begin(options);
  } catch (error) {
    return Promise.reject(error);
  }
  const refusal = preflight(engine, state);
  if (refusal) return giveUp(engine, state, refusal);
  const taken = engine.enter(state);
  return taken.action === "go" && !isAborted(state)
    ? run(engine, state, { permit: taken.permit, call })
    : carry(engine, state, { taken, call });
}

/** Waits for its turn, then makes an attempt; or gives up. */
function carry<T>(
  engine: Engine,
  state: CallState,
  { taken, call }: { taken: Taken; call: Call<T> },
): Promise<Executed<T>> {
  if (taken.action === "stop") return giveUp(engine, state, taken);
  if (isAborted(state)) return Promise.reject(cancelled(engine, state, taken));
  if (taken.action === "go") return run(engine, state, { permit: taken.permit, call });
  // Not async: a call that waits among a hundred thousand should weigh little.
  const before = beginWait(engine, state, taken);
  return pause(engine, state, taken).then((next) => {
    endWait(engine, state, { taken, before });
    return carry(engine, state, { taken: next ?? again(engine, state, taken), call });
  });
}

/** Looks anew, unless the caller has ended the call. */
const again = (engine: Engine, state: CallState, taken: Taken): Taken =>
  isAborted(state) ? taken : engine.take(state);

const isAborted = ({ signal }: CallState): boolean => signal?.aborted === true;

/** Makes an attempt and goes on from its outcome. No promise but this one: most calls end with their first attempt. */
function run<T>(
  engine: Engine,
  state: CallState,
  { permit, call }: { permit: Permit; call: Call<T> },
): Promise<Executed<T>> {
  if (state.settings.hedge)
    return hedged(engine, state, { permit, call }).then((outcome) =>
      proceed(engine, state, { outcome, call }),
    );
  return new Promise((resolve, reject) => {
    const done = (outcome: Outcome<T> | undefined): void => {
      try {
        resolve(proceed(engine, state, { outcome, call }));
      } catch (error) {
        reject(error);
      }
    };
    tryOnce(engine, state, { permit, call, done });
  });
}

/** What follows an attempt: the answer, or what the failure leaves to be done. */
function proceed<T>(
  engine: Engine,
  state: CallState,
  { outcome, call }: { outcome: Outcome<T> | undefined; call: Call<T> },
): Executed<T> | Promise<Executed<T>> {
  if (!outcome) throw cancelled(engine, state);
  if (outcome.ok) return answered(engine, state, { outcome, goOn });
  const decision = react(engine, state, outcome);
  if (decision.action === "give-up") return giveUp(engine, state, decision);
  return carry(engine, state, { taken: engine.take(state), call });
}

/** The value of an attempt failed after its commit point: the call goes on elsewhere. */
async function goOn<T>(
  engine: Engine,
  state: CallState,
  { permit, failure, call }: { permit: Permit; failure: Failure; call: Call<T> },
): Promise<Executed<T>> {
  if (isAborted(state)) throw cancelled(engine, state);
  const decision = react(engine, state, { permit, failure });
  if (decision.action !== "give-up")
    return carry(engine, state, { taken: engine.enter(state), call });
  return giveUp(engine, state, { reason: "interrupted", why: decision.why });
}

type Waiting = Extract<Taken, { action: "wait" }>;

function beginWait(engine: Engine, { id: call }: CallState, { until, why }: Waiting): number {
  const before = engine.clock.now();
  if (engine.listening)
    engine.emit({ type: "wait-start", call, delay: Math.max(0, until - before), why });
  return before;
}

/** Waits for the board, or out of the call's own backoff; the caller's abort ends it at once. */
function pause(engine: Engine, state: CallState, taken: Waiting): Promise<Taken | undefined> {
  if (!taken.own) return engine.wait(state, taken);
  const { clock } = engine;
  return clock.sleep(Math.max(0, taken.until - clock.now()), state.signal).then(
    () => undefined,
    (error: unknown) => {
      if (!isAborted(state)) throw error;
      return undefined;
    },
  );
}

function endWait(
  engine: Engine,
  state: CallState,
  { taken, before }: { taken: Waiting; before: number },
): void {
  const duration = engine.clock.now() - before;
  const startedAt = before - state.began.now;
  state.waits = withItem(state.waits, { startedAt, duration, reason: taken.why });
  if (taken.choosy) state.patience -= duration;
  engine.emit({ type: "wait-end", call: state.id, duration });
}

/** The caller's own reason. A permit that was taken meanwhile is given back: nothing is sent. */
function cancelled(engine: Engine, state: CallState, taken?: Taken): Error {
  const { id: call, signal, began, attempts, records } = state;
  if (taken?.action === "go") release(engine, taken.permit, { how: "neutral" });
  const duration = engine.clock.now() - began.now;
  const spent = spentByAll(records);
  engine.emit({ type: "call-end", call, outcome: "cancelled", duration, attempts, ...spent });
  return signal?.reason as Error;
}

/** Takes in a failure: what the call may still do, and what it is closed to. */
function react(
  engine: Engine,
  state: CallState,
  { permit, failure }: { permit: Permit; failure: Failure },
): Decision {
  const { target } = permit;
  const situation = situationOf(engine, state, { target, failure });
  const decision = repaired(state, { permit, failure }) ?? decide(situation);
  // What only a later target finds wrong with the request is not what the caller should hear of.
  if (!(situation.later && failure.scope === "request")) state.reported = failure;
  state.last = failure;
  for (const { index } of decision.out) state.out = withItemAt(state.out, index, true);
  state.current = decision.stick ? target : undefined;
  if (decision.local) {
    state.closed ??= new Map();
    state.closed.set(decision.local.scope, engine.clock.now() + decision.local.delay);
  }
  if (decision.action === "repeat" && failure.sure === "suspected")
    state.paid = engine.pay(target.scopes["upstream-model"], failure);
  const { action, why } = decision;
  state.decisions = withItem(state.decisions, `${target.name}: ${failure.kind}; ${why}`);
  engine.emit({
    type: "decision",
    call: state.id,
    action,
    why,
    target: target.name,
    ...(decision.local ? { delay: decision.local.delay } : {}),
  });
  return decision;
}

/** Lets the policy change the request; the changed one is tried at once. */
function repaired(
  state: CallState,
  { permit, failure }: { permit: Permit; failure: Failure },
): Decision | undefined {
  const changed = state.settings.repair?.(state.input, failure, permit.target);
  if (changed === undefined || state.attempts >= state.settings.attempts) return undefined;
  state.input = changed;
  return { action: "repeat", why: "the request was repaired", out: [], stick: true };
}
