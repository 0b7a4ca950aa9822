// What the board learns from how an attempt ended.
import { type Board, type Moment } from "./board/board.ts";
import { type Closing } from "./board/closures.ts";
import { projectName } from "./board/domains.ts";
import { pacificDay } from "./board/pacific-day.ts";
import { accept, guessLower, learn, refund, settleTokens } from "./board/quota.ts";
import { trim } from "./board/trim.ts";
import { type BoardAccess } from "./engine.ts";
import { type CatalogueRow, type Failure } from "./failure.ts";
import { type Ending, type Permit } from "./permit.ts";
import { type PlannedTarget, suspectedScope } from "./target.ts";

const hour = 3_600_000;
/** A hint this long on a day's quota is honest; one of seconds is not (reported since 2025, mended in part in 2026). */
const honestHint = 300_000;

/** Follows how long answers usually take: slowly upwards, so that a queue that builds up does not pass for usual. */
function usualTime(before: number, duration: number): number {
  if (!before) return duration;
  return before + (duration - before) * (duration > before ? 0.002 : 0.01);
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
  board.domains.proved(domain);
  if (board.networkTrouble.size) board.networkTrouble.delete(target.scopes.endpoint);
  if (entered) board.passed(entered, duration, domain);
  // While a scope recovers its answers are no measure of what is usual.
  else domain.typical = usualTime(domain.typical, duration);
  if (board.closures.size) board.refute(target, domain, access.moment());
  if (board.budgets.size) access.payIn(target.scopes["upstream-model"], paid);
  if (!settings.breaker || !board.evidence.size) return;
  const moment = access.moment();
  const verdict = { call, failed: false, kind: "unknown", message: "" } as const;
  for (const scope of [target.scopes["upstream-model"], target.scopes.target])
    board.witness({ ...verdict, scope }, settings.breaker, { moment, random: 0 });
}

/** Gives a permit back: the board learns how the attempt ended. */
export function release(access: BoardAccess, permit: Permit, ending: Ending): void {
  if (permit.released) return;
  permit.released = true;
  const { board } = access;
  const suspected = ending.how === "failure" && ending.failure.sure === "suspected";
  access.left(permit.target, suspected);
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
  const { domain } = permit;
  refund(permit.reservation);
  const news = learn(domain, failure.quotas ?? (failure.quota ? [failure.quota] : []), moment.now);
  board.domains.verdict(domain);
  for (const { metric, limit } of news) {
    if (metric === "rpm") board.domains.expect(domain, limit);
    board.emit({ type: "quota-learned", domain: domain.key, metric, limit });
  }
  const countsRequests = failure.quota?.unit !== "tokens";
  if (countsRequests && settings.rows[failure.kind].reopens === "window") {
    if (failure.quota?.limit === undefined) guessLower(domain, moment.now);
    else if (isAnothersDoing(access, permit, { failure, limit: failure.quota.limit, moment }))
      return;
  }
  board.close(quotaClosing(access, permit, { failure, moment }), moment);
}

/** Whether the refusal is explained by an account that turns out to be of the same project. */
function isAnothersDoing(
  { board, settings }: BoardAccess,
  { target, domain }: Permit,
  { failure, limit, moment }: { failure: Failure; limit: number; moment: Moment },
): boolean {
  const window = { length: settings.quotaWindow, margin: 0 };
  const { retryAfter } = failure;
  const hint = retryAfter === undefined ? {} : { retryAfter };
  const other = board.domains.explain(domain, { limit, now: moment.now, window, ...hint });
  if (other)
    board.emit({ type: "accounts-merged", accounts: [projectName(other), target.account] });
  return other !== undefined;
}

function quotaClosing(
  access: BoardAccess,
  { domain }: Permit,
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
  { target, call, entered }: Permit,
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
  board.witness({ scope, call, failed: true, kind, message, entered }, settings.breaker, {
    moment,
    random: access.random(),
  });
}
