// A second attempt against stragglers (Dean and Barroso, "The Tail at Scale", 2013): at most one, after the time that
// 95 % of attempts need, in another quota domain, and only for a small share of the calls.
import { type CallState } from "./call-state.ts";
import { setAlarm } from "./clock.ts";
import { type Engine } from "./engine.ts";
import { type Call } from "./outcome.ts";
import { type Permit } from "./permit.ts";
import { type Attempting, type Outcome, type Running, tryOnce } from "./try-once.ts";

/** An attempt and its outcome. */
interface Contender<T> {
  permit: Permit;
  /** Ends it: the other one has won. */
  lose(): void;
  outcome: Promise<Outcome<T> | undefined>;
}

function start<T>(
  engine: Engine,
  state: CallState,
  attempting: Omit<Attempting<T>, "done">,
): Contender<T> {
  let running: Running | undefined;
  const outcome = new Promise<Outcome<T> | undefined>((done) => {
    running = tryOnce(engine, state, { ...attempting, done });
  });
  return { lose: () => running?.lose(), permit: attempting.permit, outcome };
}

/** Makes an attempt, and starts a second one elsewhere when it takes unusually long. The first good one wins. */
export async function hedged<T>(
  engine: Engine,
  state: CallState,
  { permit, call }: { permit: Permit; call: Call<T> },
): Promise<Outcome<T> | undefined> {
  const first = start(engine, state, { permit, call });
  const allowed = !state.options.unsafe && state.attempts < state.settings.attempts;
  const delay = allowed ? engine.hedgeDelay(permit.target) : undefined;
  if (delay === undefined || (await isOver(engine, first, delay))) return first.outcome;
  const other = engine.takeHedge(state, permit);
  if (!other) return first.outcome;
  const { target } = other;
  engine.emit({
    type: "hedge-start",
    call: state.id,
    target: target.name,
    attempt: state.attempts + 1,
  });
  return race(first, start(engine, state, { permit: other, call, role: "hedge" }));
}

/** Whether an attempt ends within `delay`. */
function isOver<T>({ clock }: Engine, { outcome }: Contender<T>, delay: number): Promise<boolean> {
  return new Promise((resolve) => {
    const alarm = setAlarm(clock, delay, () => resolve(false));
    void outcome.then(() => {
      alarm.callOff();
      resolve(true);
    });
  });
}

/** The first good outcome; the other attempt is ended. When both fail, the outcome of the first one. */
async function race<T>(first: Contender<T>, second: Contender<T>): Promise<Outcome<T> | undefined> {
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
  for (const one of both) if (one.permit !== won.permit) one.lose();
  return won;
}
