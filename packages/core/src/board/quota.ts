// What one quota domain (project × model) allows, and what was sent into it: an exact sliding log, so that the limit
// holds in every window, whether the server counts fixed minutes or sliding ones, unless it is known to count fixed ones.
import { type Limits } from "../target.ts";
import { type LateAnswers } from "./crowding.ts";
import {
  countInWindow,
  fitsWindow,
  type FixedWindow,
  freshWindow,
  isWorthTrying,
  noteTrial,
  type SuspectedEnd,
  type Trial,
  turnWindow,
} from "./fixed-window.ts";
import { pacificDay } from "./pacific-day.ts";

/** What a call takes out of a quota domain. */
export interface Need {
  /** Requests as the quota counts them: the texts of an embedding batch. */
  requests: number;
  /** Estimated input tokens. */
  tokens: number;
}

/** A request that was sent: what it holds of the domain. */
export interface Reservation extends Need {
  at: number;
  day: string;
  /** Where it counts; another domain when two turned out to be one. */
  domain: Domain;
  /** Whether it was not refused: answered, or in the air for longer than a refusal takes. */
  accepted: boolean;
  /** Whether its attempt has ended. */
  over: boolean;
  /** Whose project it counted under before two turned out to be one. */
  from?: string;
  refused: boolean;
}

/** What a quota domain is called and consists of. */
export interface DomainName {
  readonly key: string;
  readonly project: string;
  /** What the model's name stands for. */
  readonly model: string;
  readonly tier: string;
}

/** The state of one quota domain. */
export interface Domain extends DomainName {
  /** Told by the policy or learned from a refusal. */
  limits: Limits;
  /** The limits that were told, so that others told later are noticed. */
  told: Limits;
  /** When a refusal last taught a limit. */
  learnedAt: number | undefined;
  /** Guess at the requests per minute where a refusal named no number: falls by a third, rises by one a minute. */
  guess?: { rpm: number; since: number };
  /** Where the server is told or seen to count minutes that begin together. */
  fixed: FixedWindow | undefined;
  suspectedEnd: SuspectedEnd | undefined;
  trial: Trial | undefined;
  log: Reservation[];
  /** The log begins here; what is before has left the window. */
  head: number;
  /** Monotonic ms: until then the log lacks something that was sent within the window. */
  wholeFrom: number;
  /** Those before this have been in the air long enough to count as accepted. */
  aged: number;
  /** How many in the window count as accepted, and how many did at most. */
  accepted: number;
  shown: number;
  requests: number;
  tokens: number;
  day: { name: string; count: number };
  lastSent: number;
  /** One of several accounts, and never yet answered: its first calls go a few at a time. */
  cautious: boolean;
  /** Moving average of how long answers take, in ms. */
  typical: number;
  /** How many answers that was learned from, up to a few. */
  timed: number;
  /** Attempts under way. */
  flying: number;
  /** Answers in a row that took far longer than is typical. */
  late: LateAnswers | undefined;
  /** Whether no other account can turn out to be of the same project. */
  alone: boolean;
  /** Whether it is the first of several that may be of the same project. */
  first: boolean;
  /** What the others of those took before this one had its first answer: if they are one project, it counts here too. */
  beside: number;
  /** The requests per minute that were learned from another account of the same sort. */
  expected: number | undefined;
}

/** The minute that quotas count, in ms, and a little for the way there. */
export interface QuotaWindow {
  length: number;
  margin: number;
}

/** A refusal comes within this time; what was not refused by then counts as accepted. */
const refusalTime = 400;
/**
 * With no limit known, a fresh domain takes this many at once and the rest spaced, until it shows that it takes more.
 * The smallest limits that Gemini publishes are 5 requests per minute.
 */
const burst = 4;
const spacing = 60;
const logLimit = 20_000;
/** So many are enough while no limit has to be held; more would only be carried along, at a cost to every call. */
const freeLogLimit = 500;
/** How long a learned limit is believed, in ms. */
const believed = 3_600_000;
/** Marks a reservation that has left the window. */
export const left: number = -Infinity;

/** A domain nobody has used. */
export function freshDomain(name: DomainName, limits: Limits): Domain {
  return {
    ...name,
    limits: { ...limits },
    told: limits,
    learnedAt: undefined,
    fixed: windowOf(limits),
    suspectedEnd: undefined,
    trial: undefined,
    log: [],
    head: 0,
    wholeFrom: -Infinity,
    aged: 0,
    accepted: 0,
    shown: 0,
    requests: 0,
    tokens: 0,
    day: { name: "", count: 0 },
    lastSent: -Infinity,
    cautious: false,
    typical: 0,
    timed: 0,
    flying: 0,
    late: undefined,
    alone: true,
    first: false,
    beside: 0,
    expected: undefined,
  };
}

/** How a told limit is counted. */
export const windowOf = ({ window }: Limits): FixedWindow | undefined =>
  window === "fixed" ? freshWindow(0) : undefined;

function prune(domain: Domain, now: number, length: number): void {
  const { log } = domain;
  const most = isLimited(domain) ? logLimit : freeLogLimit;
  let entry = log[domain.head];
  while (entry && (entry.at + length <= now || log.length - domain.head > most)) {
    domain.requests -= entry.requests;
    domain.tokens -= entry.tokens;
    if (entry.accepted) domain.accepted -= 1;
    if (entry.at + length > now) domain.wholeFrom = entry.at + length;
    entry.at = left;
    domain.head += 1;
    entry = log[domain.head];
  }
  age(domain, now);
  if (domain.head > 64 && domain.head * 2 > log.length) {
    log.splice(0, domain.head);
    domain.aged -= domain.head;
    domain.head = 0;
  }
}

const isLimited = ({ limits, guess, expected }: Domain): boolean =>
  limits.rpm !== undefined || limits.tpm !== undefined || (guess ?? expected) !== undefined;

function age(domain: Domain, now: number): void {
  if (domain.aged < domain.head) domain.aged = domain.head;
  let entry = domain.log[domain.aged];
  while (entry && entry.at + refusalTime <= now) {
    accept(entry);
    domain.aged += 1;
    entry = domain.log[domain.aged];
  }
}

/** The request was not refused. */
export function accept(entry: Reservation): void {
  if (entry.accepted || entry.refused || entry.at === left) return;
  entry.accepted = true;
  const { domain } = entry;
  domain.accepted += 1;
  if (domain.accepted > domain.shown) domain.shown = domain.accepted;
}

/** When enough of the log has left the window for `need` to fit under `limit`. */
function fits(
  domain: Domain,
  [need, limit, unit]: [number, number, "requests" | "tokens"],
  window: number,
): number {
  if (domain.fixed) return fitsWindow(domain.fixed, [need, limit, unit]);
  if (need > limit) return Infinity;
  let excess = domain[unit] + need - limit;
  for (let index = domain.head; excess > 0; index += 1) {
    const entry = domain.log[index];
    if (!entry) return -Infinity;
    excess -= entry[unit];
    if (excess <= 0) return entry.at + window;
  }
  return -Infinity;
}

/** Slow start, where no limit is known: some at once, the rest spaced, and twice as many as turned out accepted. */
function paced(domain: Domain, need: Need, now: number): number {
  const sent = domain.log.length - domain.head;
  const careful = domain.cautious ? !domain.first : domain.expected !== undefined;
  if (sent + need.requests <= Math.max(freely(domain), need.requests)) return now;
  return domain.lastSent + (careful ? refusalTime : spacing);
}

/** How many requests a window takes without a pause between them. */
function freely(domain: Domain): number {
  const { accepted, shown, cautious, alone, first, beside, expected } = domain;
  // Accounts that may share one quota go one at a time; those of different projects cannot get in each other's way.
  if (cautious && !first) return alone ? 2 + 2 * accepted : 1 + accepted;
  if (!cautious && expected !== undefined) return expected + 2 * Math.max(0, accepted - expected);
  return Math.max(burst, shown, 2 * accepted) - (cautious ? beside : 0);
}

/** The guessed requests per minute, where a refusal named no number. */
export function guessed({ guess }: Domain, now: number): number | undefined {
  return guess && Math.floor(guess.rpm + (now - guess.since) / 60_000);
}

/** Spreads what a reopening window releases: one fifth at once, the rest over a twentieth of the window. */
function spread(
  domain: Domain,
  limit: number,
  { now, window }: { now: number; window: number },
): number {
  const step = window / 20 / limit;
  const recent = domain.log[domain.log.length - Math.max(1, Math.ceil(limit / 5))];
  const full = domain.log.length - domain.head >= limit / 2;
  return full && recent && now - recent.at < step * (limit / 5) ? domain.lastSent + step : now;
}

/**
 * When the domain takes `need`: a time not after `now` means at once, `Infinity` that it never fits.
 * `wall` is the same moment in ms since the epoch.
 */
export function opening(
  domain: Domain,
  need: Need,
  { moment, window }: { moment: { now: number; wall: number }; window: QuotaWindow },
): number {
  const { now } = moment;
  const length = window.length + window.margin;
  prune(domain, now, length);
  if (domain.fixed) turnWindow(domain.fixed, domain, { ...moment, window });
  const { tpm } = domain.limits;
  // A day's limit that was learned closes its scope by the refusal, which is probed; only a told one is counted out.
  const { rpd } = domain.told;
  unlearn(domain, now);
  const guess = guessed(domain, now);
  // A guess holds calls back, but says of none that it can never be sent.
  const rpm = domain.limits.rpm ?? (guess && Math.max(guess, need.requests));
  let at = now;
  if (rpm === undefined) at = Math.max(at, paced(domain, need, now));
  else {
    at = Math.max(at, fits(domain, [need.requests, Math.max(rpm, 0), "requests"], length));
    if (at <= now) at = spread(domain, rpm, { now, window: length });
    if (domain.cautious) at = Math.max(at, paced(domain, need, now));
  }
  if (tpm !== undefined) at = Math.max(at, fits(domain, [need.tokens, tpm, "tokens"], length));
  if (domain.trial && isWorthTrying(domain, need, { ...moment, window, opensAt: at })) at = now;
  if (rpd !== undefined) at = Math.max(at, dayOpening(domain, need, { ...moment, rpd }));
  return at;
}

/** Tiers are upgraded: what refusals taught is forgotten after a while, and learned anew if it still holds. */
function unlearn(domain: Domain, now: number): void {
  if (domain.learnedAt === undefined || now - domain.learnedAt < believed) return;
  domain.limits = { ...domain.told };
  domain.fixed = windowOf(domain.told);
  domain.suspectedEnd = undefined;
  domain.trial = undefined;
  domain.learnedAt = undefined;
}

function dayOpening(
  domain: Domain,
  need: Need,
  { now, wall, rpd }: { now: number; wall: number; rpd: number },
): number {
  const today = pacificDay(wall);
  if (domain.day.name !== today.name) return now;
  return domain.day.count + need.requests <= rpd ? now : now + (today.endsAt - wall);
}

/** Takes `need` out of the domain. */
export function reserve(
  domain: Domain,
  need: Need,
  { now, wall }: { now: number; wall: number },
): Reservation {
  const { name } = pacificDay(wall);
  if (domain.day.name !== name) domain.day = { name, count: 0 };
  domain.day.count += need.requests;
  const entry: Reservation = {
    at: now,
    day: name,
    requests: need.requests,
    tokens: need.tokens,
    domain,
    accepted: false,
    over: false,
    refused: false,
  };
  noteTrial(domain, entry);
  domain.log.push(entry);
  countInWindow(domain, now, need);
  domain.requests += need.requests;
  domain.tokens += need.tokens;
  domain.lastSent = now;
  domain.flying += 1;
  return entry;
}

/** Whether an attempt that was sent from `from` on, and before `until`, is under way still. */
export function isOut({ log, head }: Domain, from: number, until: number): boolean {
  for (let index = log.length - 1; index >= head; index -= 1) {
    const entry = log[index];
    if (!entry || entry.at < from) return false;
    if (!entry.over && entry.at < until) return true;
  }
  return false;
}

/** Replaces the estimate by the tokens the provider counted. */
export function settleTokens(entry: Reservation, tokens: number): void {
  const { at, domain } = entry;
  const more = { requests: 0, tokens: tokens - entry.tokens };
  if (at !== left) domain.tokens += more.tokens;
  countInWindow(domain, at, more);
  entry.tokens = tokens;
}

/** The request was refused: its tokens were not used, its day neither. The sent request itself stays counted. */
export function refund(entry: Reservation): void {
  const { domain } = entry;
  if (entry.accepted && entry.at !== left) domain.accepted -= 1;
  Object.assign(entry, { accepted: false, refused: true });
  settleTokens(entry, 0);
  if (domain.day.name === entry.day)
    domain.day.count = Math.max(0, domain.day.count - entry.requests);
}
