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
): Promise<Outcome<T> | undefined> {
  const allowed = !state.options.unsafe && state.attempts < state.settings.attempts;
  const delay = allowed ? engine.hedgeDelay(running.permit.target) : undefined;
  if (delay === undefined) return running.outcome;
  if (await isOver(engine, running, delay)) return running.outcome;
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

/** Whether an attempt ends within `delay`. */
function isOver<T>({ clock }: Engine, { outcome }: Running<T>, delay: number): Promise<boolean> {
  return new Promise((resolve) => {
    const alarm = setAlarm(clock, delay, () => resolve(false));
    void outcome.then(() => {
      alarm.callOff();
      resolve(true);
    });
  });
}

/** The first good outcome; the other attempt is ended. When both fail, the outcome of the first one. */
async function race<T>(first: Running<T>, second: Running<T>): Promise<Outcome<T> | undefined> {
  const both = [first, second];
  const won = await new Promise<Outcome<T> | undefined>((resolve) => {
    let over = 0;
    for (const { outcome } of both)
      void outcome.then((ended) => {
        over += 1;
        if (ended?.ok) resolve(ended);
        else if (over === both.length) resolve(undefined);
      });
  });
  if (!won) return first.outcome;
  for (const running of both) if (running.permit !== won.permit) running.lose();
  return won;
}
