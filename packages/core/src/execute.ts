// The whole life of one call. Read this file first: one loop, and only it waits.
import { answered } from "./answered.ts";
import { type CallState } from "./call-state.ts";
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
import { situationOf } from "./situation.ts";
import { type Taken } from "./taken.ts";
import { tryOnce } from "./try-once.ts";

/** Carries one call through attempts, waits and fallbacks to an answer, a last resort, or a `GaveUpError`. */
export async function execute<T>(
  engine: Engine,
  call: Call<T>,
  options: CallOptions,
): Promise<Executed<T>> {
  const state = engine.begin(options);
  const refusal = preflight(engine, state);
  return refusal ? giveUp(engine, state, refusal) : carry(engine, call, state);
}

async function carry<T>(engine: Engine, call: Call<T>, state: CallState): Promise<Executed<T>> {
  for (;;) {
    let taken = state.attempts ? engine.take(state) : engine.enter(state);
    while (taken.action === "wait") taken = await wait(engine, state, taken);
    if (taken.action === "stop") return giveUp(engine, state, taken);
    if (state.signal?.aborted) {
      // Aborted between the permit and the attempt: nothing is sent.
      release(engine, taken.permit, { how: "neutral" });
      throw cancelled(engine, state);
    }
    const running = tryOnce(engine, state, { permit: taken.permit, call });
    const outcome = await (state.settings.hedge
      ? hedged(engine, state, { running, call })
      : running.outcome);
    if (!outcome) throw cancelled(engine, state);
    const { permit } = outcome;
    if (outcome.ok) return answered(engine, state, { outcome, goOn });
    const decision = react(engine, state, { permit, failure: outcome.failure });
    if (decision.action === "give-up") return giveUp(engine, state, decision);
  }
}

/** The value of an attempt failed after its commit point: the call goes on elsewhere. */
async function goOn<T>(
  engine: Engine,
  state: CallState,
  { permit, failure, call }: { permit: Permit; failure: Failure; call: Call<T> },
): Promise<Executed<T>> {
  const decision = react(engine, state, { permit, failure });
  if (decision.action !== "give-up") return carry(engine, call, state);
  return giveUp(engine, state, { reason: "interrupted", why: decision.why });
}

/** Waits for the board or out of the call's own backoff, then looks again. */
async function wait(
  engine: Engine,
  state: CallState,
  taken: Taken & { action: "wait" },
): Promise<Taken> {
  const { clock } = engine;
  const before = clock.now();
  const delay = Math.max(0, taken.until - before);
  engine.emit({ type: "wait-start", call: state.id, delay, why: taken.why });
  let next: Taken | undefined;
  try {
    if (taken.own) await clock.sleep(delay, state.signal);
    else next = await engine.wait(state, taken);
  } catch (error) {
    throw state.signal?.aborted ? cancelled(engine, state) : error;
  }
  const duration = clock.now() - before;
  state.waits.push({ startedAt: before - state.startedAt, duration, reason: taken.why });
  if (taken.choosy) state.patience -= duration;
  engine.emit({ type: "wait-end", call: state.id, duration });
  return next ?? engine.take(state);
}

/** The caller's own reason. */
function cancelled(engine: Engine, { id: call, signal, startedAt, attempts }: CallState): Error {
  const duration = engine.clock.now() - startedAt;
  engine.emit({ type: "call-end", call, outcome: "cancelled", duration, attempts });
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
  for (const { index } of decision.out) state.out[index] = true;
  state.current = decision.stick ? target : undefined;
  if (decision.local) {
    state.closed ??= new Map();
    state.closed.set(decision.local.scope, engine.clock.now() + decision.local.delay);
  }
  if (decision.action === "repeat" && failure.sure === "suspected")
    state.paid = engine.pay(target.scopes["upstream-model"], failure);
  const { action, why } = decision;
  state.decisions.push(`${target.name}: ${failure.kind}; ${why}`);
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
