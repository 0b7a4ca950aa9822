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
  /** After a good probe, what may still be sent before the next success: doubles as successes come in. */
  ramp?: number;
  /** What the provider said. */
  message: string;
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
  message: string;
}

/** How long a probe may run before another call may take its place, in ms. */
const leaseTime = 60_000;
/** A ramp this wide is an open scope. */
const wide = 64;

/** Closes a scope, or closes it longer: closing again never shortens a longer closure. */
export function closed(before: Closure | undefined, closing: Closing, now: number): Closure {
  const { scope, kind, sure, probe, message, doubling } = closing;
  // A call that was sent before the scope closed brings no news about its reopening.
  const repeated = before !== undefined && now >= before.until;
  const strikes = before ? before.strikes + (repeated ? 1 : 0) : 0;
  const delay =
    doubling && strikes
      ? Math.min(doubling.cap, Math.max(closing.delay, doubling.floor) * 2 ** Math.min(strikes, 20))
      : closing.delay;
  const until = Math.max(now + delay, before && !repeated ? before.until : 0);
  const reopens = Math.max(
    now + (closing.reopensIn ?? (probe ? Infinity : delay)),
    before && !repeated ? before.reopens : 0,
  );
  return { scope, kind, sure, since: now, until, reopens, probe, lease: 0, strikes, message };
}

/** When a call may be sent into the scope; a time not after `now` means at once. */
export function opensAt(closure: Closure, now: number): number {
  if (closure.reopens <= now) return now;
  if (closure.ramp !== undefined) return closure.ramp > 0 ? now : Infinity;
  if (now < closure.until) return Math.min(closure.until, closure.reopens);
  if (!closure.probe) return now;
  return closure.lease > now ? closure.lease : now;
}

/** Takes the right to send one call; answers whether that call is the probe. */
export function enter(closure: Closure, now: number): boolean {
  if (closure.reopens <= now) return false;
  if (closure.ramp !== undefined) {
    closure.ramp -= 1;
    return false;
  }
  if (!closure.probe) return false;
  closure.lease = now + leaseTime;
  return true;
}

/** The probe, or a call on the ramp, succeeded. Answers whether the scope is fully open now. */
export function succeeded(closure: Closure, gradual: boolean): boolean {
  if (!gradual) return true;
  closure.lease = 0;
  closure.ramp = closure.ramp === undefined ? 2 : closure.ramp + 2;
  return closure.ramp >= wide;
}

/** The probe ended without a verdict: the right passes on. */
export function lapsed(closure: Closure): void {
  closure.lease = 0;
  if (closure.ramp !== undefined) closure.ramp += 1;
}
