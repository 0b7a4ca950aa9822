import { offAbort, onAbort } from "./abort-bell.ts";
import { type CallState } from "./call-state.ts";
import { setAlarm } from "./clock.ts";
import { type Engine } from "./engine.ts";

/** What a better guess at a misspelled name is worth, in ms. */
const longest = 1_000;

/**
 * Where a model is not known, lets the facts learn which ones are, before the diagnosis proposes names. Ends after a second,
 * with the call's deadline or with its signal, whatever comes of it.
 */
export async function learnModels(engine: Engine, state: CallState): Promise<void> {
  const { clock, settings } = engine;
  const { reported, signal, plan, records } = state;
  const { models } = settings;
  if (!models.learn || reported?.kind !== "model-not-found") return;
  const refusal = records.findLast(({ failure }) => failure === reported) ?? records.at(-1);
  const target = plan.targets.find(({ name }) => name === refusal?.target);
  const left = Math.min(longest, state.deadlineAt - clock.now());
  if (!target || left <= 0 || signal?.aborted) return;
  const enough = new AbortController();
  const stop = (): void => enough.abort();
  const stopped = new Promise<void>((resolve) => {
    onAbort(enough.signal, resolve);
  });
  const alarm = setAlarm(clock, left, stop);
  if (signal) onAbort(signal, stop);
  try {
    const learning = models.learn(target, { wall: clock.wall(), signal: enough.signal });
    await Promise.race([stopped, learning]);
  } catch {
    // The diagnosis does without.
  } finally {
    alarm.callOff();
    if (signal) offAbort(signal, stop);
  }
}
