// The circuit breaker: what many calls saw of one scope, and whether that is evidence enough to close it for all.

/** When a scope counts as failing for everybody. */
export interface BreakerOptions {
  /** Distinct calls that must have seen it fail. @default 5 */
  calls?: number;
  /** Share of the calls lately seen that must have failed. @default 0.5 */
  share?: number;
  /**
   * Attempts in a row, of whatever call, that must have failed: what fails by chance alone recovers before. More are
   * needed where many fail by chance: so many that chance explains them once in 100,000 times. @default 20
   */
  streak?: number;
  /** Or for how long nothing must have succeeded, in ms. @default 15000 */
  silence?: number;
  /** How long a verdict counts, in ms. @default 30000 */
  window?: number;
  /** How long the scope stays closed at first, in ms; doubled each time the probe fails. @default 5000 */
  cooldown?: number;
  /** The longest time between two probes, in ms. @default 15000 */
  maxCooldown?: number;
}

interface Verdict {
  call: number;
  at: number;
  /** When its attempt was sent. */
  sentAt: number;
  failed: boolean;
}

/** What is known of one scope. A call counts once: its last verdict replaces its earlier ones. */
export interface Evidence {
  verdicts: Map<number, Verdict>;
  failing: number;
  /** Attempts that failed since the last success, and when the first of them did. */
  streak: number;
  since: number;
  /** When the first of them was sent: an answer to what was sent before says nothing of what came after. */
  sentAt: number;
  /** Ms that the slowest of them took. */
  slowest: number;
  /** Whether the scope was closed for them: then they were no chance. */
  closed: boolean;
  /** Moving share of the attempts that failed while others were answered. */
  chance: number;
}

/** No evidence yet. */
export function noEvidence(): Evidence {
  const streak = { streak: 0, since: 0, sentAt: 0, slowest: 0, closed: false };
  return { verdicts: new Map(), failing: 0, ...streak, chance: 0 };
}

/** How much of `chance` stays with each attempt. */
const memory = 0.95;
/** A longer row says no more of chance: it may have been an outage that was over before the scope was closed. */
const longest = 10;

/** A row of failures is over: they were chance, unless the scope was closed for them. */
function endRow(evidence: Evidence): void {
  const { streak, closed, chance } = evidence;
  const failed = closed ? 0 : Math.min(streak, longest);
  evidence.chance = 1 - (1 - chance) * memory ** failed;
  evidence.streak = 0;
  evidence.closed = false;
}

/** The scope lets calls in again: what was seen before says nothing of it now, but how often it fails by chance. */
export function beginAnew(evidence: Evidence): void {
  endRow(evidence);
  evidence.verdicts.clear();
  evidence.failing = 0;
}

/** How many failures in a row are less likely than `odds`, where attempts fail by chance. At least one. */
export function tooMany({ chance }: Evidence, odds: number): number {
  return chance > 0 ? Math.max(1, Math.ceil(Math.log(odds) / Math.log(chance))) : 1;
}

/** More verdicts than this say no more. */
const most = 200;

function forget(evidence: Evidence, now: number, window: number): void {
  for (const [call, verdict] of evidence.verdicts) {
    if (now - verdict.at <= window && evidence.verdicts.size <= most) break;
    evidence.verdicts.delete(call);
    if (verdict.failed) evidence.failing -= 1;
  }
}

/** Takes in how `call` ended at the scope. */
export function witness(
  evidence: Evidence,
  verdict: Verdict,
  { window = 30_000 }: BreakerOptions,
): void {
  const isNews = !verdict.failed && verdict.sentAt >= evidence.sentAt;
  if (isNews) {
    endRow(evidence);
    evidence.chance *= memory;
  }
  // Who succeeds is of interest only beside those that fail.
  if (!verdict.failed && evidence.verdicts.size === 0) return;
  const before = evidence.verdicts.get(verdict.call);
  if (before?.failed) evidence.failing -= 1;
  // Deleted first, so that the map stays in order of time.
  evidence.verdicts.delete(verdict.call);
  evidence.verdicts.set(verdict.call, verdict);
  if (verdict.failed) {
    evidence.failing += 1;
    const { at, sentAt } = verdict;
    if (evidence.streak === 0) Object.assign(evidence, { since: at, sentAt, slowest: 0 });
    evidence.slowest = Math.max(evidence.slowest, at - sentAt);
    evidence.streak += 1;
  }
  forget(evidence, verdict.at, window);
}

/** A row of failures this unlikely is no chance: where a scope would be closed, and where it is tested. */
export const odds = { closing: 1e-5, testing: 1e-2 };

/**
 * Whether the evidence is enough to close the scope for all: enough calls saw it fail, and it is no mere chance, by
 * which something always succeeds in between.
 */
export function isFailing(
  evidence: Evidence,
  now: number,
  { calls = 5, share = 0.5, streak = 20, silence = 15_000, window = 30_000 }: BreakerOptions,
): boolean {
  forget(evidence, now, window);
  const { failing, verdicts } = evidence;
  if (failing < calls || failing < share * verdicts.size) return false;
  if (evidence.streak >= Math.max(streak, tooMany(evidence, odds.closing))) return true;
  return now - evidence.since >= silence && evidence.streak >= tooMany(evidence, odds.testing);
}

/**
 * How others fared lately: how many failed, the share that succeeded (0 when nobody was seen), and whether those that
 * failed since the last success are no more than chance explains.
 */
export function lately(
  evidence: Evidence | undefined,
  now: number,
  { window = 30_000 }: BreakerOptions,
): { seen: number; failing: number; healthy: number; byChance: boolean } {
  if (!evidence) return { seen: 0, failing: 0, healthy: 0, byChance: false };
  forget(evidence, now, window);
  const seen = evidence.verdicts.size;
  return {
    seen,
    failing: evidence.failing,
    healthy: seen ? (seen - evidence.failing) / seen : 0,
    byChance: evidence.streak < tooMany(evidence, odds.testing),
  };
}
