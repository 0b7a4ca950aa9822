// Closed scopes as plain data and pure steps: closed until a time, then either open again or up to one probe.
import { type FailureKind, type Sureness } from "../failure.ts";

/** A scope that is closed, or that reopens step by step. */
export interface Closure {
  readonly scope: string;
  kind: FailureKind;
  sure: Sureness;
  /** Monotonic ms. */
  since: number;
  /** When it may be asked again: by one probe, or by everybody. */
  until: number;
  /** When it is open again without a probe, such as at midnight Pacific. */
  reopens: number;
  /** Whether one real call must test it first. */
  probe: boolean;
  /** While a probe runs: until when it holds the right to its verdict. */
  lease: number;
  /** How often in a row it closed; makes the next closure longer. */
  strikes: number;
  /** How many of those let in may fail in a row, where many fail by chance, and how many did. */
  tolerance: number;
  missed: number;
  /** How calls are let in again after a suspicion. */
  flow?: Flow;
  /** What the provider said. */
  message: string;
}

/**
 * A scope that was closed on suspicion lets in one call, then as many at once as it answers about as fast as it used to:
 * slow start, then additive increase and multiplicative decrease (Jacobson, "Congestion Avoidance and Control", 1988).
 * Without it the calls that waited would overwhelm at once what has just recovered.
 */
interface Flow {
  limit: number;
  running: number;
  /** Moving average of the answers' durations, in ms. */
  recent: number;
  /** Whether slow start is over. */
  gentle: boolean;
  /** Those among the running that were sent before the scope closed. */
  earlier: number;
  /** What answers took on average when the scope was held, in ms: it grows no further while they take longer. */
  held?: number;
}

/** What to close, and for how long. */
export interface Closing {
  scope: string;
  kind: FailureKind;
  sure: Sureness;
  /** Ms until it may be asked again. */
  delay: number;
  /** Ms until it is open again without a probe. */
  reopensIn?: number;
  probe: boolean;
  /** Grow the delay when the scope closes again right after it reopened. */
  doubling?: { floor: number; cap: number };
  /** How many tests in a row may fail before it closes again. @default 1 */
  tolerance?: number;
  message: string;
}

/** How long a probe may run before another call may take its place, in ms. */
const leaseTime = 60_000;
/** A scope that takes so many at once is open, and so is one that takes so many more than are sent. */
const wide = 4_096;
const spare = 4;
/** Answers that take this many times as long as usual tell of a queue. */
export const slow = 3;

/** Closes a scope, or closes it longer: closing again never shortens a longer closure. */
export function closed(before: Closure | undefined, closing: Closing, now: number): Closure {
  const { scope, kind, sure, probe, message, doubling, tolerance = 1 } = closing;
  // A call that was sent before the scope closed brings no news about its reopening.
  const earlier = before && now < before.until ? before : { until: 0, reopens: 0 };
  const strikes = before ? before.strikes + (earlier === before ? 0 : 1) : 0;
  const delay =
    doubling && strikes
      ? Math.min(doubling.cap, Math.max(closing.delay, doubling.floor) * 2 ** Math.min(strikes, 20))
      : closing.delay;
  const until = Math.max(now + delay, earlier.until);
  const unprobed = closing.reopensIn ?? (probe ? Infinity : delay);
  const reopens = Math.max(now + unprobed, earlier.reopens);
  const counts = { lease: 0, strikes, tolerance, missed: 0 };
  return { scope, kind, sure, since: now, until, reopens, probe, message, ...counts };
}

/** When a call may be sent into the scope; a time not after `now` means at once. */
export function opensAt(closure: Closure, now: number): number {
  const { reopens, until, flow, probe, lease } = closure;
  if (reopens <= now) return now;
  if (flow) return flow.running < Math.floor(flow.limit) ? now : Infinity;
  if (now < until) return Math.min(until, reopens);
  return probe && lease > now ? lease : now;
}

/** Takes the right to send one call; answers whether its outcome is of interest to the closure. */
export function enter(closure: Closure, now: number): boolean {
  if (closure.reopens <= now || !closure.probe) return false;
  if (closure.sure === "stated") closure.lease = now + leaseTime;
  else {
    closure.flow ??= { limit: 1, running: 0, recent: 0, gentle: false, earlier: 0 };
    closure.flow.running += 1;
  }
  return true;
}

/** A scope that lets in no more at once than are under way: its answers take `held` ms on average, and ever longer. */
export function heldAt(
  { scope, message, held }: { scope: string; message: string; held: number },
  running: number,
  now: number,
): Closure {
  return {
    scope,
    kind: "capacity-exhausted",
    sure: "suspected",
    since: now,
    until: now,
    reopens: Infinity,
    probe: true,
    lease: 0,
    strikes: 0,
    tolerance: 1,
    missed: 0,
    flow: { limit: running, running, recent: held, gentle: true, earlier: running, held },
    message,
  };
}

/** A call ended that was sent at `sentAt`, without having entered. Answers whether it made room for another one. */
export function leftEarlier({ flow, since }: Closure, sentAt: number): boolean {
  if (!flow?.earlier || sentAt > since) return false;
  flow.earlier -= 1;
  flow.running -= 1;
  return true;
}

/** Whether a scope was closed for answers that come too late, rather than for refusals. */
export const isQueue = ({ kind, flow }: Closure): boolean =>
  kind === "timeout" || flow?.held !== undefined;

/** Whether one call is testing a closed scope. */
export function isTested({ lease, flow }: Closure): boolean {
  return lease > 0 || (flow !== undefined && flow.limit < 2);
}

/** What an answer tells of a scope that recovers. */
export interface Passed {
  /** Ms the answer took, and what answers usually take. */
  duration: number;
  usual: number;
  /** Whether calls wait, and would all come at once. */
  pressed: boolean;
}

/** A call that entered was answered. Answers whether the scope is fully open now. */
export function passed(closure: Closure, { duration, usual, pressed }: Passed): boolean {
  const { flow } = closure;
  closure.missed = 0;
  if (!flow) return true;
  flow.running -= 1;
  flow.recent = flow.recent ? flow.recent * 0.8 + duration * 0.2 : duration;
  const { held: before = Infinity } = flow;
  if (usual && flow.recent > slow * (flow.held ?? usual)) {
    flow.limit = Math.max(1, flow.limit * 0.9);
    flow.gentle = true;
  } else if (flow.recent <= before) flow.limit += flow.gentle ? 1 / flow.limit : 1;
  return flow.limit >= wide || (!pressed && flow.limit >= flow.running + spare);
}

/** A call that entered failed, or ended without a verdict: the right passes on. */
export function lapsed(closure: Closure, failed: boolean): void {
  closure.lease = 0;
  const { flow } = closure;
  if (!flow) return;
  flow.running -= 1;
  if (!failed) return;
  closure.missed += 1;
  if (closure.missed < closure.tolerance) return;
  closure.missed = 0;
  flow.limit = Math.max(1, flow.limit / 2);
  // Where many fail by chance, a row of failures says little of how much is too much.
  flow.gentle ||= closure.tolerance === 1;
}
