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
  // Not async, nor is what waits below: a call that waits among a hundred thousand should weigh little.
  let state: CallState;
  try {
    state = engine.begin(options);
  } catch (error) {
    return Promise.reject(error);
  }
  const refusal = preflight(engine, state);
  return refusal ? giveUp(engine, state, refusal) : carry(engine, call, state);
}

async function carry<T>(engine: Engine, call: Call<T>, state: CallState): Promise<Executed<T>> {
  let taken = engine.enter(state);
  for (;;) {
    while (taken.action === "wait" && !isAborted(state)) {
      const before = beginWait(engine, state, taken);
      const next = await pause(engine, state, taken);
      endWait(engine, state, { taken, before });
      taken = next ?? again(engine, state, taken);
    }
    if (taken.action === "stop") return giveUp(engine, state, taken);
    if (taken.action === "wait" || isAborted(state)) throw cancelled(engine, state, taken);
    const outcome = await runOnce(engine, state, { permit: taken.permit, call });
    if (!outcome) throw cancelled(engine, state);
    if (outcome.ok) return answered(engine, state, { outcome, goOn });
    const decision = react(engine, state, outcome);
    if (decision.action === "give-up") return giveUp(engine, state, decision);
    taken = engine.take(state);
  }
}

/** Looks anew, unless the caller has ended the call. */
const again = (engine: Engine, state: CallState, taken: Taken): Taken =>
  isAborted(state) ? taken : engine.take(state);

const isAborted = ({ signal }: CallState): boolean => signal?.aborted === true;

function runOnce<T>(
  engine: Engine,
  state: CallState,
  { permit, call }: { permit: Permit; call: Call<T> },
): Promise<Outcome<T> | undefined> {
  const running = tryOnce(engine, state, { permit, call });
  return state.settings.hedge ? hedged(engine, state, { running, call }) : running.outcome;
}

/** The value of an attempt failed after its commit point: the call goes on elsewhere. */
async function goOn<T>(
  engine: Engine,
  state: CallState,
  { permit, failure, call }: { permit: Permit; failure: Failure; call: Call<T> },
): Promise<Executed<T>> {
  if (isAborted(state)) throw cancelled(engine, state);
  const decision = react(engine, state, { permit, failure });
  if (decision.action !== "give-up") return carry(engine, call, state);
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
  const startedAt = before - state.startedAt;
  state.waits = withItem(state.waits, { startedAt, duration, reason: taken.why });
  if (taken.choosy) state.patience -= duration;
  engine.emit({ type: "wait-end", call: state.id, duration });
}

/** The caller's own reason. A permit that was taken meanwhile is given back: nothing is sent. */
function cancelled(engine: Engine, state: CallState, taken?: Taken): Error {
  const { id: call, signal, startedAt, attempts, records } = state;
  if (taken?.action === "go") release(engine, taken.permit, { how: "neutral" });
  const duration = engine.clock.now() - startedAt;
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
