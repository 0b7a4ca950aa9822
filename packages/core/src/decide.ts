// What a failure means for the rest of its call. Pure: the same situation always gets the same decision.
import { backoffDelay, type BackoffOptions, hintedDelay } from "./backoff.ts";
import { type GiveUpReason } from "./errors.ts";
import { type CatalogueRow, type Failure } from "./failure.ts";
import { type Rule } from "./options.ts";
import { type PlannedTarget, suspectedScope } from "./target.ts";

/** What a decision is made of. */
export interface Situation {
  failure: Failure;
  row: CatalogueRow;
  rule: Rule | undefined;
  backoff: BackoffOptions;
  target: PlannedTarget;
  /** The targets that may still serve the call, the failed one among them. */
  targets: readonly PlannedTarget[];
  /** Those of them that are open, or will be before the deadline. */
  reachable: readonly PlannedTarget[];
  /** Those whose model takes a longer input, where the failed one's was too small. */
  larger?: readonly PlannedTarget[];
  /** Attempts of this call at the target, and in all. */
  spent: number;
  attempts: number;
  maxAttempts: number;
  /** The caller said how many attempts it wants: they are made wherever one can help. */
  attemptsGiven: boolean;
  /** Whether another target failed before for another reason. */
  later: boolean;
  /** Share of other calls that lately succeeded in the failed scope, and how many failed there. */
  healthy: number;
  /** Whether chance explains what failed since the last success. */
  byChance: boolean;
  othersFailing: number;
  /** Whether the retry budget pays for another attempt here. */
  affordable: boolean;
  /** Ms until the deadline of the call. */
  left: number;
  random: number;
}

/** What happens next in a call. */
export interface Decision {
  action: "repeat" | "next" | "give-up";
  /** In plain words. */
  why: string;
  reason?: GiveUpReason;
  /** A scope that is closed for this call, for so many ms. */
  local?: { scope: string; delay: number };
  /** Targets that cannot serve this call any more. */
  out: readonly PlannedTarget[];
  /** Whether to prefer the same target over its equals. */
  stick: boolean;
}

const giveUp = (reason: GiveUpReason, why: string): Decision => ({
  action: "give-up",
  reason,
  why,
  out: [],
  stick: false,
});

/** Whether `other` differs from the failed target in something that helps. */
function mayHelp({ helps, kind }: Failure, target: PlannedTarget, other: PlannedTarget): boolean {
  if (other === target || dodges({ kind }, target, other)) return false;
  if (kind === "unknown") return true;
  const differs = (scope: "project" | "endpoint" | "upstream-model" | "account"): boolean =>
    other.scopes[scope] !== target.scopes[scope];
  if (other.provider !== target.provider) return helps.model || helps.account || helps.endpoint;
  return (
    (helps.model && other.model !== target.model) ||
    (helps.account && differs("project")) ||
    (helps.endpoint && differs("endpoint"))
  );
}

/**
 * What was blocked for its content is never tried by another account of the same provider. In a list of the
 * application's own models every model may seem to be an account of its own: there only the same model is.
 */
function dodges(
  { kind }: Pick<Failure, "kind">,
  target: PlannedTarget,
  other: PlannedTarget,
): boolean {
  if (!kind.startsWith("content-blocked-") || other.provider !== target.provider) return false;
  const listed = !other.pooled && other.model !== target.model;
  return other.account !== target.account && !listed;
}

/** The delay before the same place is asked again. */
function delayOf({
  failure,
  row,
  rule,
  backoff,
  spent,
  random,
  healthy,
  byChance,
  affordable,
  left,
}: Situation): number {
  if (failure.retryAfter !== undefined) return hintedDelay(failure.retryAfter, random);
  const own = { ...backoff, ...rule?.backoff };
  const grown = { ...row.backoff, ...own };
  const delay = backoffDelay(grown, spent, random);
  if (healthy === 0 || own.base !== undefined) return delay;
  // Where others are served meanwhile it is chance, not an outage: waiting longer each time would only cost time.
  const constant = { ...grown, factor: 1 };
  if (affordable) return Math.min(delay, backoffDelay(constant, 1, random) * (1 - healthy));
  if (!byChance) return delay;
  // Where most fail by chance a call needs many attempts, and the time that is left has to hold them.
  const base = Math.max(grown.base ?? 0, left * chanceShare);
  return Math.min(delay, backoffDelay({ ...constant, base }, 1, random));
}

/** The longest delay beside a chance, as a share of the time that is left. */
const chanceShare = 0.05;

const leaves = (
  others: readonly PlannedTarget[],
  targets: readonly PlannedTarget[],
): PlannedTarget[] => targets.filter((target) => !others.includes(target));

/** The request, the key, the project, the model, the place: what the answer itself says. */
function stated(situation: Situation): Decision {
  const { failure, target, targets, larger = targets, later } = situation;
  const helpful = larger.filter((other) => mayHelp(failure, target, other));
  if (failure.scope === "request" && helpful.length === 0) {
    if (!later)
      return giveUp("not-retryable", "no other target and no later time mends this request");
    const rest = targets.filter(
      (other) => other.model !== target.model && !dodges(failure, target, other),
    );
    if (!rest.length)
      return giveUp("not-retryable", "no target that is left can serve this request");
    return next("only this target refuses it", leaves(rest, targets));
  }
  if (helpful.length === 0) return giveUp("targets-exhausted", "no other target would fare better");
  return next(`leaves the ${failure.scope.replace("-", " ")}`, leaves(helpful, targets));
}

const next = (why: string, out: readonly PlannedTarget[]): Decision => ({
  action: "next",
  why,
  out,
  stick: false,
});

const shortly = (ms: number): string =>
  ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;

/** A quota that opens again: the board holds it closed, so the call waits or takes another target by itself. */
function refused({ failure, target, row, spent, attemptsGiven }: Situation): Decision {
  if (!row.persistent && !attemptsGiven && spent >= row.attempts)
    return next("refused again and again without saying until when", [target]);
  const { kind, retryAfter } = failure;
  // What a day's refusal advises may be a lie of seconds.
  const known = retryAfter !== undefined && kind !== "rate-limit-day";
  const wait = known ? ` for ${shortly(retryAfter)}` : "";
  return { action: "repeat", why: `the quota is used up${wait}`, out: [], stick: false };
}

/** Overload, errors of the server, timeouts, the network, answers that are no use. */
function suspected(situation: Situation): Decision {
  const { failure, rule, target, targets, reachable } = situation;
  const scope = suspectedScope(failure.scope, target);
  const same = targets.filter((other) => other.keys.includes(scope));
  const reason = reasonToLeave(situation);
  if (reason !== undefined && reachable.some((other) => !same.includes(other)))
    return next(reason, same);
  if (rule?.action === "next" || isSpent(situation))
    return giveUp("targets-exhausted", `${reason} and no other target is left`);
  const delay = delayOf(situation);
  // Capacity is no account's, as far as is known; still another account tells more than the same one once more.
  const another = reason !== undefined && reachable.some((one) => isElsewhere(one, target));
  return {
    action: "repeat",
    why: `may pass by itself; again after ${shortly(delay)}`,
    local: { scope, delay },
    out: another ? [target] : [],
    stick: !another,
  };
}

const isElsewhere = (one: PlannedTarget, other: PlannedTarget): boolean =>
  one.scopes.account !== other.scopes.account;

/** Why a call should rather be somewhere else, if it should. */
function reasonToLeave({
  rule,
  row,
  spent,
  othersFailing,
  affordable,
}: Situation): string | undefined {
  if (rule?.action === "next") return "a rule of the policy says so";
  if (spent >= (rule?.attempts ?? row.attempts))
    return `it had its ${spent} attempt${spent === 1 ? "" : "s"} there`;
  if (othersFailing >= 2) return "other calls see it fail as well";
  return affordable ? undefined : "the retry budget is spent";
}

/** Whether a call may not repeat even where it has nowhere else to go. */
function isSpent({ rule, row, spent, attemptsGiven }: Situation): boolean {
  if (rule?.attempts !== undefined) return spent >= rule.attempts;
  const persistent = row.persistent || (attemptsGiven && row.retryable);
  return !persistent && spent >= row.attempts;
}

const isQuota = ({ kind, scope, retryable }: Failure): boolean =>
  kind === "rate-limit-day" ||
  (retryable && (scope === "quota-domain" || kind === "rate-limit-spend"));

/** Decides what a call does after a failed attempt. */
export function decide(situation: Situation): Decision {
  const { failure, rule, target, attempts, maxAttempts } = situation;
  if (rule?.action === "give-up") return giveUp("not-retryable", "a rule of the policy says so");
  const decision = plain(withRule(situation));
  const closed = closedByRule(situation);
  const out = closed.length ? [...decision.out, ...closed] : decision.out;
  if (decision.action === "give-up") return decision;
  if (attempts >= maxAttempts)
    return giveUp("attempts-exhausted", `it had its ${attempts} attempts`);
  if (rule?.action === "next" && decision.action === "repeat" && failure.sure === "stated")
    return next("a rule of the policy says so", [...out, target]);
  return out === decision.out ? decision : { ...decision, out };
}

/** The targets that a rule does not want after this failure. */
function closedByRule({ rule, target, targets, failure }: Situation): readonly PlannedTarget[] {
  const { models } = rule ?? {};
  const staying = rule?.action === "wait" && mayPass(failure);
  return targets.filter(
    ({ model, rank }) =>
      (models !== undefined && !models.includes(model)) || (staying && rank > target.rank),
  );
}

/** Whether waiting can help at all. */
const mayPass = (failure: Failure): boolean =>
  failure.retryable || failure.sure === "suspected" || isQuota(failure);

/**
 * A rule may let another model take a request that the catalogue gives up: never another account or endpoint. Or it
 * may keep a call with its model for as long as the deadline allows.
 */
function withRule(situation: Situation): Situation {
  const { failure, rule, row, target } = situation;
  if (rule?.action === "wait" && mayPass(failure)) {
    const equals = (others: readonly PlannedTarget[]): PlannedTarget[] =>
      others.filter(({ rank }) => rank <= target.rank);
    const [targets, reachable] = [equals(situation.targets), equals(situation.reachable)];
    return { ...situation, targets, reachable, row: { ...row, persistent: true } };
  }
  if (failure.scope !== "request" || !(rule?.action === "next" || rule?.models)) return situation;
  return { ...situation, failure: { ...failure, helps: { ...failure.helps, model: true } } };
}

function plain(situation: Situation): Decision {
  const { failure } = situation;
  if (isQuota(failure)) return refused(situation);
  if (failure.sure === "suspected") return suspected(situation);
  return failure.retryable ? suspected(situation) : stated(situation);
}
