// How many calls may be under way at once at an upstream × model: a fixed number, or one that learns from outcomes.

import { mostScopes } from "./trim.ts";

/** The state of one limit. */
export interface Concurrency {
  limit: number;
  running: number;
  /** When it was last lowered: one overload lowers it once, however many calls see it. */
  loweredAt: number;
}

const least = 1;
const most = 400;
const start = 20;

/** A limit nobody has met yet. */
function freshConcurrency(fixed: number | "adaptive"): Concurrency {
  return { limit: fixed === "adaptive" ? start : fixed, running: 0, loweredAt: -Infinity };
}

/** Additive increase, multiplicative decrease: a full limit that is answered grows by one for each round. */
export function adapt(state: Concurrency, overloaded: boolean, now: number): void {
  if (overloaded) {
    if (now - state.loweredAt < 1_000) return;
    state.loweredAt = now;
    state.limit = Math.max(least, Math.floor(state.limit * 0.8));
  } else if (state.running >= Math.floor(state.limit) * 0.8) {
    state.limit = Math.min(most, state.limit + 1 / state.limit);
  }
}

/** The limit of an upstream × model; those where nothing is under way are forgotten when there are too many. */
export function concurrencyAt(
  states: Map<string, Concurrency>,
  scope: string,
  setting: number | "adaptive",
): Concurrency {
  let state = states.get(scope);
  if (state) return state;
  if (states.size >= mostScopes)
    for (const [other, { running }] of states) if (running === 0) states.delete(other);
  states.set(scope, (state = freshConcurrency(setting)));
  return state;
}
