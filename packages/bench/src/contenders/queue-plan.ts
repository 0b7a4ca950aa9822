import { type Scenario } from "../scenario.ts";
import { type Plan, type Slot } from "./oracle.ts";

/**
 * The schedule of somebody who knows how fast a queue moves: a call is sent at the moment its turn has come, so that it
 * is served at once; who cannot be served before its deadline is not sent at all, so that no turn is lost on it.
 * First come, first served is optimal, since all calls have equal work and equal deadlines.
 */
export function planQueue(scenario: Scenario, seed: number): Plan {
  const { queue } = scenario.weather;
  const slots = new Map<number, Slot>();
  const account = scenario.keys[0]?.account ?? "";
  let freeAt = 0;
  for (const call of scenario.arrivals(seed)) {
    const at = Math.max(call.at, freeAt);
    const dip = queue?.dips.find((one) => at >= one.from && at < one.until);
    const done = at + 1_000 / (dip?.perSecond ?? queue?.perSecond ?? Infinity);
    if (done > call.at + scenario.deadline) continue;
    slots.set(call.id, { at, model: scenario.model, account });
    freeAt = done;
  }
  return { slots, bound: new Set() };
}
