// The best target that is open now for a call, or the moment one opens. Nothing is taken yet.
import { type Board, type Moment, type Opening, quotaOpening } from "./board/board.ts";
import { type Domain, type QuotaWindow } from "./board/quota.ts";
import { type CallState } from "./call-state.ts";
import { duration } from "./diagnosis.ts";
import { type Pick } from "./taken.ts";
import { type PlannedTarget } from "./target.ts";

/** What `pick` reads besides the call and the moment. */
export interface PickContext {
  readonly board: Board;
  readonly window: QuotaWindow;
  readonly order: "in-order" | "balanced";
  /** When more calls than allowed are under way at a target, or its hours have not come. */
  readonly extra: ((target: PlannedTarget, moment: Moment) => Opening | undefined) | undefined;
}

interface PickContextNow extends PickContext {
  readonly moment: Moment;
}

interface Look extends Opening {
  target: PlannedTarget;
  domain: Domain;
  own: boolean;
  /** Whether another call may go where this one may not. */
  passes?: true;
}

function look(state: CallState, target: PlannedTarget, context: PickContextNow): Look {
  const { board, moment, window } = context;
  const domain = board.domains.of(target, moment.now);
  let { at, why, eventful, probed } = board.opening(target, domain, moment);
  const consider = (next: Opening): void => {
    if (next.at > at) ({ at, why, eventful, probed } = next);
  };
  consider(quotaOpening(board, domain, { need: state.need, moment, window }));
  const extra = context.extra?.(target, moment);
  if (extra) consider(extra);
  const until = state.closed ? ownDelay(state.closed, target) : -Infinity;
  if (until > moment.now && until >= at)
    return { target, domain, at: until, why: "backoff", eventful: false, probed: false, own: true };
  const seen = { target, domain, at, why, eventful, probed, own: false };
  if (at > moment.now || !isLeftToOthers(state, domain, moment.now)) return seen;
  const others = "its time is too short for an answer, and others wait that have more";
  return { ...seen, at: Infinity, why: others, eventful: true, passes: true };
}

/** Many answers take somewhat longer than is typical. */
const enough = 1.5;

/**
 * Who has less time left than answers take lets the others go first. Else those would be served whose time is about to
 * run out, one after the other, and all in vain: earliest deadline first does that as soon as there is too much to do.
 */
const isLeftToOthers = (
  { yields, deadlineAt }: CallState,
  { typical }: Domain,
  now: number,
): boolean => yields && deadlineAt - now < typical * enough;

/** Until when the call itself stays away from a target. */
function ownDelay(closed: ReadonlyMap<string, number>, { keys }: PlannedTarget): number {
  let latest = -Infinity;
  for (const key of keys) latest = Math.max(latest, closed.get(key) ?? -Infinity);
  return latest;
}

/** How much of its quota a domain has left; a larger number is better. */
function headroom({ limits, requests, tokens }: Domain): number {
  const shares = [
    limits.rpm ? 1 - requests / limits.rpm : 1,
    limits.tpm ? 1 - tokens / limits.tpm : 1,
  ];
  return Math.min(...shares) - requests / 1e6;
}

/** The targets that may still serve the call, best first. */
function inOrder(
  state: CallState,
  { board, order, moment }: PickContextNow,
): readonly PlannedTarget[] {
  const all = state.plan.targets;
  const targets = state.out.length ? all.filter(({ index }) => !state.out[index]) : all;
  const asPlanned = order === "in-order" && !state.current && state.preferred === undefined;
  if (asPlanned || targets.length < 2) return targets;
  const place = (target: PlannedTarget): number => {
    if (target === state.current || target.name === state.preferred) return -1;
    return target.rank;
  };
  const room = new Map<PlannedTarget, number>();
  if (order === "balanced")
    for (const target of targets) room.set(target, headroom(board.domains.of(target, moment.now)));
  return targets.toSorted(
    (one, other) =>
      place(one) - place(other) ||
      (room.get(other) ?? 0) - (room.get(one) ?? 0) ||
      one.index - other.index,
  );
}

/** How long a call waits for an account rather than try the next one, which may share its quota, in ms. */
const trialDelay = { unknown: 100, known: 1_500 };

/** Whether a call would rather wait for `one` than take `other`. Nobody knows what a probe will find. */
function isBetter(state: CallState, one: Look, other: Look): boolean {
  if (one.eventful || one.probed) return false;
  if (one.target.rank < other.target.rank || (one.own && one.target === state.current)) return true;
  const { cautious, alone, expected } = other.domain;
  if (!cautious || alone) return false;
  return one.at - other.at <= (expected === undefined ? trialDelay.unknown : trialDelay.known);
}

function earliest(looks: readonly Look[]): Look | undefined {
  let first: Look | undefined;
  for (const one of looks) if (!first || one.at < first.at) first = one;
  return first;
}

/** The usual case: nothing is closed, and the first target has quota left. No other one need be looked at. */
function atOnce(state: CallState, context: PickContext, moment: Moment): Pick | undefined {
  const { board, window, order, extra } = context;
  const usual = order === "in-order" && state.preferred === undefined && !extra;
  const [target] = state.plan.targets;
  if (!usual || !target || state.attempts || board.closures.size) return undefined;
  const domain = board.domains.of(target, moment.now);
  if (isLeftToOthers(state, domain, moment.now)) return undefined;
  const { at } = quotaOpening(board, domain, { need: state.need, moment, window });
  return at <= moment.now ? { action: "go", target, domain } : undefined;
}

/** Looks at the targets in order of preference. */
export function pick(state: CallState, rules: PickContext, moment: Moment): Pick {
  const first = atOnce(state, rules, moment);
  if (first) return first;
  const { now } = moment;
  const context = { ...rules, moment };
  const targets = inOrder(state, context);
  const shut: Look[] = [];
  for (const target of targets) {
    const seen = look(state, target, context);
    if (seen.at > now) {
      shut.push(seen);
      continue;
    }
    const better = earliest(shut.filter((one) => isBetter(state, one, { ...seen, at: now })));
    if (better && better.at - now <= state.patience && better.at < state.deadlineAt)
      return { action: "wait", until: better.at, why: better.why, choosy: true, own: better.own };
    return { action: "go", target, domain: seen.domain };
  }
  return waitOrStop(state, shut, now);
}

function waitOrStop(state: CallState, shut: readonly Look[], now: number): Pick {
  const first = earliest(shut);
  if (!first)
    return {
      action: "stop",
      reason: "targets-exhausted",
      why: "no target is left that could serve it",
    };
  const eventful = shut.some((one) => one.eventful);
  if (first.at < state.deadlineAt || eventful)
    return {
      action: "wait",
      until: Math.min(first.at, state.deadlineAt),
      why: first.why,
      choosy: false,
      own: first.own,
      ...(shut.some((one) => one.passes) ? { passes: true } : {}),
    };
  if (shut.every(({ at }) => at === Infinity) && !state.attempts)
    return { action: "stop", reason: "preflight", why: tooLarge(state, shut) };
  if (first.own) return { action: "stop", reason: "deadline", why: first.why };
  return { action: "stop", reason: "all-closed", why: closedForNow(first, now) };
}

function closedForNow({ target, at, why }: Look, now: number): string {
  const opens =
    at === Infinity ? target.name : `${target.name} opens first, in ${duration(at - now)}`;
  return `every target is closed; ${opens}: ${why}`;
}

function tooLarge({ need }: CallState, shut: readonly Look[]): string {
  if (shut.every(({ domain: { limits } }) => limits.rpm === 0 || limits.rpd === 0))
    return `the limits of ${shut.map(({ target }) => target.name).join(", ")} allow no request at all: give another tier or limits, if that has changed`;
  const limits = shut.map(({ domain }) => domain.limits.tpm ?? domain.limits.rpm ?? 0);
  return `it needs ${need.tokens} tokens and ${need.requests} request(s) at once, more than the limit per minute (${Math.max(...limits)}) ever allows`;
}
