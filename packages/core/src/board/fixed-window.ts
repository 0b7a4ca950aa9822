// Quotas whose minutes begin together, at one moment of the clock: how much of the current one is used, and how refusals
// show that a server counts in that way. Around the end of a minute such a server takes twice its limit.
import { type Domain, type Need, type QuotaWindow, type Reservation } from "./quota.ts";

/** A moment on both clocks. */
interface Moment {
  now: number;
  wall: number;
}

interface Sight extends Moment {
  window: QuotaWindow;
}

/** The server's current window, as this process sees it. */
export interface FixedWindow {
  /** How far into a window of the wall clock the server's begins, in ms: this clock's error is part of it. */
  phase: number;
  /** Monotonic ms: what was sent from here on counts, and when the next window is surely open. */
  from: number;
  until: number;
  requests: number;
  tokens: number;
}

/** When the last refusal said a window would end that this process's own requests do not explain. */
export interface SuspectedEnd {
  phase: number;
  at: number;
}

/** One request that a fixed window would let in and a sliding one would not: its answer tells which it is. */
export interface Trial {
  window: FixedWindow;
  entry: Reservation | undefined;
}

/** Ends that lie so close are taken for the same, in ms: hints come in whole seconds. */
const tolerance = 1_500;

/** A window nobody has looked into yet. */
export function freshWindow(phase: number): FixedWindow {
  return { phase, from: -Infinity, until: -Infinity, requests: 0, tokens: 0 };
}

const modulo = (value: number, length: number): number => ((value % length) + length) % length;

/** How far a phase lies after another one, or before it (negative), around the end of the window too. */
function between(one: number, other: number, length: number): number {
  const after = modulo(one - other, length);
  return after > length / 2 ? after - length : after;
}

const later = (one: number, other: number, length: number): number =>
  between(one, other, length) > 0 ? one : other;

/** Goes on to the window that `now` falls into, where it is another one. */
export function turnWindow(
  fixed: FixedWindow,
  { log, head }: Domain,
  { now, wall, window: { length, margin } }: Sight,
): void {
  const opened = now - modulo(wall - fixed.phase - margin, length);
  // The two clocks never run quite alike.
  if (Math.abs(opened + length - fixed.until) <= margin) return;
  fixed.until = opened + length;
  // What is sent just before a window may arrive in it, and counts in both.
  fixed.from = opened - 3 * margin;
  fixed.requests = 0;
  fixed.tokens = 0;
  for (let index = log.length - 1; index >= head; index -= 1) {
    const entry = log[index];
    if (!entry || entry.at < fixed.from) return;
    fixed.requests += entry.requests;
    fixed.tokens += entry.tokens;
  }
}

/** When `need` fits under `limit` of a fixed window. */
export function fitsWindow(
  fixed: FixedWindow,
  [need, limit, unit]: [number, number, "requests" | "tokens"],
): number {
  if (need > limit) return Infinity;
  return fixed[unit] + need <= limit ? -Infinity : fixed.until;
}

/** Counts what is sent, or what turned out otherwise. */
export function countInWindow({ fixed, trial }: Domain, at: number, more: Need): void {
  const window = fixed ?? trial?.window;
  if (!window || at < window.from) return;
  window.requests += more.requests;
  window.tokens += more.tokens;
}

/**
 * Whether to send a request that a sliding window lets in at `opensAt` only, because it would show how the server counts:
 * once, where a refusal left it open, and where it saves a wait worth the refusal, or lets many in who wait in line.
 */
export function isWorthTrying(
  domain: Domain,
  need: Need,
  { opensAt, ...sight }: Sight & { opensAt: number },
): boolean {
  const { trial, limits, cautious } = domain;
  if (!trial || trial.entry || cautious || !isFull(domain, need)) return false;
  turnWindow(trial.window, domain, sight);
  const { rpm = Infinity } = limits;
  const { length } = sight.window;
  // A refused request takes a place in the log, and with it about so long from those that follow.
  const price = Math.max(tolerance, (2 * length) / rpm);
  const gain = lastOf(domain, rpm - trial.window.requests, sight) - sight.now;
  if (opensAt - sight.now <= tolerance && gain <= price) return false;
  const fits = (unit: keyof Need, limit = Infinity): boolean =>
    fitsWindow(trial.window, [need[unit], limit, unit]) <= sight.now;
  return fits("requests", rpm) && fits("tokens", limits.tpm);
}

/** When a sliding window has let in the last of so many as a fixed one lets in now. */
function lastOf({ log, limits, requests, head }: Domain, more: number, { window }: Sight): number {
  if (limits.rpm === undefined) return -Infinity;
  const last = log[head + requests + more - limits.rpm - 1];
  return last ? last.at + window.length : -Infinity;
}

/** Whether a sliding window would not let this in. */
function isFull({ limits, requests, tokens }: Domain, need: Need): boolean {
  const { rpm = Infinity, tpm = Infinity } = limits;
  return requests + need.requests > rpm || tokens + need.tokens > tpm;
}

/** Notes what is sent where only a fixed window would let it in. */
export function noteTrial(domain: Domain, entry: Reservation): void {
  const { trial } = domain;
  if (!trial || trial.entry) return;
  if (isFull(domain, entry)) trial.entry = entry;
}

/** The request was answered. Answers whether that showed that the windows are fixed. */
export function seeAnswer(domain: Domain, entry: Reservation): boolean {
  const { trial } = domain;
  if (trial?.entry !== entry || !trial) return false;
  Object.assign(domain, { fixed: trial.window, trial: undefined });
  return true;
}

/** A refusal that says when its window ends. */
export interface Ending {
  unit: "requests" | "tokens";
  limit: number;
  /** Ms from now. */
  retryAfter: number;
  /** Monotonic ms: when the refused request was sent. */
  sentAt: number;
}

/**
 * Whether a server that looks back from each request would name this end: the moment at which enough of what it had
 * accepted is a window old. One that has accepted more than its limit within a window does not look back.
 */
function looksBack({ log, head }: Domain, ending: Ending, { now, window }: Sight): boolean {
  const { unit, limit, retryAfter, sentAt } = ending;
  const slack = slackOf(ending, now);
  const since = sentAt - window.length;
  const sent = log.slice(head).filter(({ at, refused }) => !refused && at > since && at <= sentAt);
  const surely = sent.filter(({ at, accepted }) => accepted && at > since + slack);
  if (sum(surely, unit) > limit) return false;
  let excess = sum(sent, unit) - limit;
  for (const entry of sent) {
    if (Math.abs(entry.at + window.length - now - retryAfter) <= slack) return true;
    excess -= entry[unit];
    if (excess < 0) return false;
  }
  return false;
}

const sum = (sent: readonly Need[], unit: keyof Need): number =>
  sent.reduce((total, entry) => total + entry[unit], 0);

/** How far an end may be off: the hint's seconds, and the way of the refused request and its answer. */
const slackOf = ({ sentAt }: Ending, now: number): number => tolerance + now - sentAt;

/**
 * Takes in what a refusal says of the window's end. Ends at whole minutes are believed at once, ends at another moment
 * when they come back to it; the first refusal that fits no fixed window puts an end to the belief.
 * Answers whether it changed.
 */
export function seeEnding(domain: Domain, ending: Ending, sight: Sight): boolean {
  if (domain.told.window === "sliding") return false;
  const { length } = sight.window;
  const phase = modulo(sight.wall + ending.retryAfter, length);
  const isAt = (other: number): boolean =>
    Math.abs(between(phase, other, length)) <= slackOf(ending, sight.now);
  const end = { phase, at: sight.now + ending.retryAfter };
  const { fixed } = domain;
  if (!fixed) return !isTold(domain) && suspect(domain, { end, ending, isAt }, sight);
  if (!isAt(fixed.phase)) {
    Object.assign(domain, { fixed: undefined, suspectedEnd: end });
    return true;
  }
  // The later of two measures: a window must not be used before it has begun.
  fixed.phase = later(phase, fixed.phase, length);
  return false;
}

interface Seen {
  end: SuspectedEnd;
  ending: Ending;
  /** Whether the end lies at a phase. */
  isAt: (phase: number) => boolean;
}

/** Whether an end shows that windows are fixed. */
function suspect(domain: Domain, seen: Seen, sight: Sight): boolean {
  const { length } = sight.window;
  // Where not all that was sent is known, either way of counting may explain it.
  if (domain.wholeFrom > sight.now || looksBack(domain, seen.ending, sight)) {
    planTrial(domain, seen, length);
    return false;
  }
  const { end, isAt } = seen;
  const { suspectedEnd: before } = domain;
  domain.suspectedEnd = end;
  // Of one window all refusals name the same end.
  if (before && end.at - before.at <= length / 2) return false;
  const expected = before?.phase ?? 0;
  if (!isAt(expected)) return false;
  domain.fixed = freshWindow(later(end.phase, expected, length));
  return true;
}

/** A refusal that fits both ways of counting calls for a trial, unless it is the trial's own. */
function planTrial(domain: Domain, { end, isAt }: Seen, length: number): void {
  const { trial, suspectedEnd } = domain;
  if (trial?.entry?.refused) Object.assign(domain, { trial: undefined, suspectedEnd: end });
  else if (!trial && !suspectedEnd && isAt(0))
    domain.trial = { window: freshWindow(later(end.phase, 0, length)), entry: undefined };
}

/** A limit that was told without a word of windows holds in every one. */
const isTold = ({ told }: Domain): boolean =>
  told.window === undefined && (told.rpm !== undefined || told.tpm !== undefined);
