// A second attempt against stragglers (Dean and Barroso, "The Tail at Scale", 2013): at most one, after the time that
// 95 % of attempts need, in another quota domain, and only for a small share of the calls.
import { type CallState } from "./call-state.ts";
import { setAlarm } from "./clock.ts";
import { type Engine } from "./engine.ts";
import { type Call } from "./outcome.ts";
import { type Outcome, type Running, tryOnce } from "./try-once.ts";

/** Waits for an attempt, and starts a second one elsewhere when it takes unusually long. The first good one wins. */
export async function hedged<T>(
  engine: Engine,
  state: CallState,
  { running, call }: { running: Running<T>; call: Call<T> },
): Promise<Outcome<T>> {
  const delay = state.options.unsafe ? undefined : engine.hedgeDelay(running.permit.target);
  if (delay === undefined) return running.outcome;
  const early = await firstOf(engine, running, delay);
  if (early) return early;
  const permit = engine.takeHedge(state, running.permit);
  if (!permit) return running.outcome;
  const { target } = permit;
  engine.emit({
    type: "hedge-start",
    call: state.id,
    target: target.name,
    attempt: state.attempts + 1,
  });
  const second = tryOnce(engine, state, { permit, call, role: "hedge" });
  return race(running, second);
}

/** The outcome when it comes within `delay`, else nothing. */
function firstOf<T>(
  { clock }: Engine,
  { outcome }: Running<T>,
  delay: number,
): Promise<Outcome<T> | undefined> {
  return new Promise((resolve, reject) => {
    const alarm = setAlarm(clock, delay, () => resolve(undefined));
    outcome.then(resolve, reject).finally(() => alarm.callOff());
  });
}

/** The first good outcome; the other attempt is ended. When both fail, the outcome of the first one. */
async function race<T>(first: Running<T>, second: Running<T>): Promise<Outcome<T>> {
  const both = [first, second];
  const won = await new Promise<Outcome<T> | undefined>((resolve, reject) => {
    let failed = 0;
    for (const { outcome } of both)
      outcome.then((ended) => {
        if (ended.ok) resolve(ended);
        else if ((failed += 1) === both.length) resolve(undefined);
      }, reject);
  });
  if (!won) return first.outcome;
  for (const running of both) if (running.permit !== won.permit) running.lose();
  return won;
}
