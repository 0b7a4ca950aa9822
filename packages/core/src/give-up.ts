import { type CallState } from "./call-state.ts";
import { type Engine } from "./engine.ts";
import { GaveUpError, type GiveUpReason } from "./errors.ts";
import { learnModels } from "./learn-models.ts";
import { type Executed } from "./outcome.ts";
import { spentByAll } from "./price.ts";
import { traceOf } from "./trace.ts";

const nothingToResume = (): Promise<never> =>
  Promise.reject(new TypeError("Holdfast: a last resort has nothing to resume"));

/** Ends the call without an answer: with the policy's last resort, or with an error that says what was wrong. */
export async function giveUp<T>(
  engine: Engine,
  state: CallState,
  { reason = "not-retryable", why }: { reason?: GiveUpReason; why: string },
): Promise<Executed<T>> {
  const { settings, reported } = state;
  await learnModels(engine, state);
  const duration = engine.clock.now() - state.began.now;
  const trace = traceOf(state, duration);
  const ending = `${why.charAt(0).toUpperCase()}${why.slice(1)}.`;
  const diagnosis = reported
    ? `${engine.diagnose(reported, state.plan.targets)} ${ending}`
    : ending;
  const { id: call, attempts, records } = state;
  const end = { type: "call-end", call, duration, attempts, ...spentByAll(records) } as const;
  if (settings.degrade !== undefined) {
    const situation = {
      diagnosis,
      trace,
      input: state.input,
      ...(reported ? { failure: reported } : {}),
    };
    try {
      const { degrade } = settings;
      const value = (typeof degrade === "function" ? await degrade(situation) : degrade) as T;
      engine.emit({ ...end, outcome: "degraded" });
      return { value, degraded: true, trace, resume: nothingToResume };
    } catch (error) {
      engine.emit({ ...end, outcome: "gave-up", reason });
      throw error;
    }
  }
  engine.emit({ ...end, outcome: "gave-up", reason });
  const cause = reported ? engine.redactError(reported.error) : undefined;
  throw new GaveUpError({
    reason,
    diagnosis,
    trace,
    cause,
    ...(reported ? { failure: reported } : {}),
  });
}
