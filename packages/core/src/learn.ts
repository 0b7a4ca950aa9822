// What the board learns from how an attempt ended.
import { type Board, type Moment } from "./board/board.ts";
import { type Closing, isQueue } from "./board/closures.ts";
import { isCrowded, isLate, seeLate } from "./board/crowding.ts";
import { projectName } from "./board/domains.ts";
import { seeAnswer, seeEnding } from "./board/fixed-window.ts";
import { guessLower, learn } from "./board/learn-limits.ts";
import { pacificDay } from "./board/pacific-day.ts";
import { type Refusal } from "./board/projects.ts";
import { accept, type Domain, refund, settleTokens } from "./board/quota.ts";
import { trim } from "./board/trim.ts";
import { type BoardAccess } from "./engine.ts";
import { type CatalogueRow, type Failure } from "./failure.ts";
import { type Ending, type Permit } from "./permit.ts";
import { type PlannedTarget, suspectedScope } from "./target.ts";

const hour = 3_600_000;
/** A hint this long on a day's quota is honest; one of seconds is not (reported since 2025, mended in part in 2026). */
const honestHint = 300_000;

/** So many answers are averaged before they are followed slowly. */
const firstAnswers = 20;

/** Follows how long answers usually take: slowly upwards, so that a queue that builds up does not pass for usual. */
function followPace(domain: Domain, duration: number): void {
  const { typical } = domain;
  if (domain.timed < firstAnswers) domain.timed += 1;
  const early = domain.timed < firstAnswers ? 1 / domain.timed : 0;
  // However late an answer comes, it counts no more than one that takes twice as long as usual.
  const off = Math.min(duration - typical, typical);
  domain.typical = typical ? typical + off * Math.max(early, off < 0 ? 0.01 : 0.002) : duration;
}

/** The attempt was answered after `duration` ms; a stream may still fail later. */
export function commit(
  access: BoardAccess,
  permit: Permit,
  { duration, refund: paid }: { duration: number; refund: number },
): void {
  const { board, settings } = access;
  const { target, domain, call, entered } = permit;
  permit.committed = true;
  accept(permit.reservation);
  if (domain.trial && seeAnswer(domain, permit.reservation)) {
    emitWindow(board, domain, domain.limits.rpm === undefined ? "tpm" : "rpm");
    board.onOpening();
  }
  if (board.domains.projects.same.size) tellApart(access, domain);
  board.domains.proved(domain);
  if (board.networkTrouble.size) board.networkTrouble.delete(target.scopes.endpoint);
  if (entered) board.passed(entered, duration, domain);
  notePace(access, permit, duration);
  if (board.closures.size) board.refute(target, domain, access.moment());
  if (board.budgets.size) access.payIn(target.scopes["upstream-model"], paid);
  if (!settings.breaker || !board.evidence.size) return;
  const moment = access.moment();
  const sentAt = permit.at;
  const verdict = { call, sentAt, failed: false, kind: "unknown", message: "" } as const;
  for (const scope of [target.scopes["upstream-model"], target.scopes.target])
    board.witness({ ...verdict, scope }, settings.breaker, { moment, random: 0 });
}

/** An answer may show that accounts which count as one project are of two: what waits may then go. */
function tellApart(access: BoardAccess, domain: Domain): void {
  const { board, settings } = access;
  const accounts = board.domains.shownApart(domain, {
    now: access.moment().now,
    length: settings.quotaWindow,
  });
  if (!accounts) return;
  board.emit({ type: "accounts-parted", accounts });
  board.onOpening();
}

/** Follows how long answers take; lets no more in than are under way where they would wait too long behind each other. */
function notePace(access: BoardAccess, permit: Permit, duration: number): void {
  const { domain, entered } = permit;
  const scope = permit.target.scopes["upstream-model"];
  const closure = access.board.closures.get(scope);
  // While a queue is worked off its answers are no measure of what is usual.
  if (closure && isQueue(closure)) return;
  const { typical } = domain;
  followPace(domain, duration);
  if (entered || closure) return;
  if (!isLate(duration, typical)) {
    domain.late = undefined;
    return;
  }
  const { now } = access.moment();
  const seen = seeLate(domain.late, duration, now);
  domain.late = seen;
  const limit = access.settings.attemptTimeout;
  if (!access.settings.breaker || !isCrowded(seen, { flying: domain.flying, limit, now })) return;
  const mean = seen.total / seen.count;
  const times = Math.round(mean / typical);
  const message = `answers take ${times} times as long as usual, and ${domain.flying} calls are under way`;
  access.board.hold(scope, { message, held: mean, model: domain.model }, now);
  domain.late = undefined;
}

/** Gives a permit back: the board learns how the attempt ended. */
export function release(access: BoardAccess, permit: Permit, ending: Ending): void {
  if (permit.released) return;
  permit.released = true;
  permit.reservation.over = true;
  const { board } = access;
  const suspected = ending.how === "failure" && ending.failure.sure === "suspected";
  access.left(permit.target, ending.how === "neutral" ? undefined : suspected);
  permit.domain.flying -= 1;
  if (board.closures.size) board.leftEarlier(permit);
  count(board, permit, ending.usage?.inputTokens);
  if (ending.how === "failure")
    blame(access, permit, { failure: ending.failure, moment: access.moment() });
  if (permit.entered && !permit.committed) board.lapsed(permit.entered, suspected);
}

/** Replaces the estimate of the tokens; where it was too high, somebody may go who waits. */
function count(board: Board, { reservation }: Permit, tokens: number | undefined): void {
  if (tokens === undefined) return;
  const spare = tokens < reservation.tokens;
  settleTokens(reservation, tokens);
  if (spare) board.onOpening();
}

function blame(
  access: BoardAccess,
  permit: Permit,
  { failure, moment }: { failure: Failure; moment: Moment },
): void {
  if (failure.scope === "quota-domain") return refuse(access, permit, { failure, moment });
  // Whatever else the server said, it did not refuse for the quota.
  if (failure.status !== undefined) accept(permit.reservation);
  if (failure.sure === "suspected") return suspect(access, permit, { failure, moment });
  const scope = scopeOf(failure, permit.target);
  if (!scope) return;
  access.board.close(closing(access.settings.rows[failure.kind], failure, scope), moment);
}

/** The key on the board of what a stated failure closes; nothing for what concerns the request alone. */
function scopeOf({ scope, helps }: Failure, { scopes }: PlannedTarget): string | undefined {
  // "No longer available to new users" concerns a project; another one may still have the model.
  if (scope === "model") return helps.account ? scopes.projectModel : scopes.model;
  if (
    scope === "account" ||
    scope === "project" ||
    scope === "billing-account" ||
    scope === "endpoint"
  )
    return scopes[scope];
  return undefined;
}

function closing(row: CatalogueRow, failure: Failure, scope: string): Closing {
  const { kind, sure, message, retryAfter = 0 } = failure;
  const base = { scope, kind, sure, message };
  if (row.reopens === "minutes") {
    const delay = Math.max(retryAfter, 60_000);
    return { ...base, delay, probe: true, doubling: { floor: 60_000, cap: 600_000 } };
  }
  return { ...base, delay: hour, probe: true };
}

function refuse(
  access: BoardAccess,
  permit: Permit,
  { failure, moment }: { failure: Failure; moment: Moment },
): void {
  const { board, settings } = access;
  const refusal = refusalOf(access, failure, moment);
  const domain = board.domains.shownSame(permit.domain, refusal);
  refund(permit.reservation);
  const news = learn(domain, failure.quotas ?? (failure.quota ? [failure.quota] : []), moment.now);
  board.domains.verdict(domain);
  for (const { metric, limit } of news) {
    if (metric === "rpm") board.domains.expect(domain, limit);
    board.emit({ type: "quota-learned", domain: domain.key, metric, limit });
  }
  const countsRequests = failure.quota?.unit !== "tokens";
  if (countsRequests && settings.rows[failure.kind].reopens === "window") {
    if (failure.quota?.limit === undefined)
      guessLower(domain, moment.now, {
        length: settings.quotaWindow,
        isTimed: failure.retryAfter !== undefined,
      });
    else {
      const another = isAnothersDoing(access, { target: permit.target, domain }, refusal);
      if (domain === permit.domain) board.domains.doubt(permit.target, refusal);
      if (another) return;
    }
  }
  seeWindow(access, { domain, reservation: permit.reservation }, { failure, moment });
  board.close(quotaClosing(access, domain, { failure, moment }), moment);
}

function refusalOf(
  { settings }: BoardAccess,
  { retryAfter, quota }: Failure,
  { now }: Moment,
): Refusal {
  const window = { length: settings.quotaWindow, margin: 0 };
  return {
    limit: quota?.limit ?? 0,
    now,
    window,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/** What the refusal tells of how the server counts its minutes. */
function seeWindow(
  { board, settings }: BoardAccess,
  { domain, reservation }: Pick<Permit, "domain" | "reservation">,
  { failure, moment }: { failure: Failure; moment: Moment },
): void {
  const { retryAfter, quota } = failure;
  if (retryAfter === undefined || quota?.window !== "minute" || !quota.limit) return;
  const { unit = "requests", limit } = quota;
  const window = { length: settings.quotaWindow, margin: 0 };
  const ending = { unit, limit, retryAfter, sentAt: reservation.at };
  if (seeEnding(domain, ending, { ...moment, window }))
    emitWindow(board, domain, unit === "tokens" ? "tpm" : "rpm");
}

function emitWindow(board: Board, { key, limits, fixed }: Domain, metric: "rpm" | "tpm"): void {
  const window = fixed ? "fixed" : "sliding";
  board.emit({ type: "quota-learned", domain: key, metric, limit: limits[metric] ?? 0, window });
}

/** Whether the refusal is explained by an account that turns out to be of the same project. */
function isAnothersDoing(
  { board }: BoardAccess,
  { target, domain }: Pick<Permit, "target" | "domain">,
  refusal: Refusal,
): boolean {
  const other = board.domains.explain(domain, refusal);
  if (other)
    board.emit({ type: "accounts-merged", accounts: [projectName(other), target.account] });
  return other !== undefined;
}

function quotaClosing(
  access: BoardAccess,
  domain: Domain,
  { failure, moment }: { failure: Failure; moment: Moment },
): Closing {
  const { kind, sure, message, retryAfter } = failure;
  const { settings } = access;
  const row = settings.rows[kind];
  const base = { kind, sure, message };
  if (row.reopens === "hourly-probe")
    return { ...base, scope: `${domain.key} zero`, delay: hour, probe: true };
  if (row.reopens === "day") {
    const midnight = pacificDay(moment.wall).endsAt - moment.wall;
    const reopensIn = retryAfter !== undefined && retryAfter > honestHint ? retryAfter : midnight;
    const doubling = { floor: hour, cap: 8 * hour };
    return {
      ...base,
      scope: `${domain.key} day`,
      delay: Math.min(hour, reopensIn),
      reopensIn,
      probe: true,
      doubling,
    };
  }
  const cap = settings.quotaWindow * 10;
  const fallback = row.backoff ? row.backoff.base : settings.quotaWindow;
  const delay = retryAfter ?? fallback;
  return {
    ...base,
    scope: `${domain.key} minute`,
    // Never earlier than asked, and not all in the same instant.
    delay: delay + access.random() * Math.min(1_000, delay * 0.02),
    probe: false,
    doubling: { floor: 1_000, cap },
  };
}

function suspect(
  access: BoardAccess,
  { target, domain, call, at: sentAt, entered }: Permit,
  { failure, moment }: { failure: Failure; moment: Moment },
): void {
  const { board, settings } = access;
  if (failure.scope === "none" || !settings.breaker) return;
  if (failure.kind === "network") {
    board.networkTrouble.set(target.scopes.endpoint, moment.now);
    trim(board.networkTrouble);
    // Different hosts failing together: the network is ours, and no target is to blame.
    const recent = [...board.networkTrouble.values()].filter((at) => moment.now - at < 10_000);
    if (recent.length > 1) return;
  }
  const scope = suspectedScope(failure.scope, target);
  const { kind, message } = failure;
  const verdict = { scope, call, sentAt, failed: true, kind, message, entered, domain };
  board.witness(verdict, settings.breaker, { moment, random: access.random() });
}
