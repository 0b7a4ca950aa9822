import { type Failure, printableName, type QuotaViolation } from "@holdfast/core";
import {
  entryOf,
  type Limits,
  limitsOf,
  type Model,
  modelFacts,
  nearestModels,
  type Tier,
} from "@holdfast/core/models";

import { type ExplainContext } from "./context.ts";
import { durationInWords, localTime, nextPacificMidnight } from "./local-time.ts";

/** A shorter delay than this, in ms, says nothing of a quota that opens once a day. */
const honestDelay = 300_000;

/** After a shorter delay than this, in ms, the time of day adds nothing. */
const shortestReset = 60_000;

/** What is special about this failure, a line each: only names and numbers, never a sentence of the provider. */
export function factsOf(failure: Failure, context: ExplainContext): string[] {
  return [
    ...statusFacts(failure, context),
    ...askedFacts(failure, context),
    ...fieldFacts(failure, context),
    ...quotaFacts(failure, context),
    ...timeFacts(failure, context),
  ];
}

function statusFacts(
  { status, reason, provider }: Failure,
  { language }: ExplainContext,
): string[] {
  const facts: string[] = [];
  const named = printableName(reason);
  if (status !== undefined) facts.push(language.facts.status(status, named));
  else if (named !== undefined) facts.push(language.facts.code(named));
  const other = provider === "google" ? undefined : printableName(provider);
  if (other !== undefined) facts.push(language.facts.provider(other));
  return facts;
}

function askedFacts(failure: Failure, context: ExplainContext): string[] {
  const { language } = context;
  const name = printableName(failure.model ?? context.model ?? failure.quota?.model);
  if (name === undefined) return [];
  return [language.facts.model(name), ...catalogueFacts(name, failure, context)];
}

function catalogueFacts(name: string, failure: Failure, context: ExplainContext): string[] {
  const { language, now, models } = context;
  const entry = entryOf(name, models);
  const facts = entry === undefined ? [] : agedFacts(entry, context);
  const known = modelFacts(models);
  if (failure.kind === "model-not-found" && entry === undefined) {
    const names = context.candidates
      ? nearestModels(name, context)
      : (known.nearest?.(name, context.exclude) ?? []);
    const near = names.map(printableName).filter((one) => one !== undefined);
    if (near.length > 0) facts.push(language.facts.nearest(near));
  }
  const successor = printableName(known.successor?.(name, now));
  if (successor !== undefined) facts.push(language.facts.successor(successor));
  return facts;
}

function agedFacts(
  { retired, routed, closedToNewUsers }: Model,
  context: ExplainContext,
): string[] {
  const { language, now } = context;
  const past = (since: string | undefined): since is string =>
    since !== undefined && Date.parse(since) <= now;
  const facts: string[] = [];
  if (past(retired?.since)) facts.push(language.facts.retired(retired.since));
  if (past(routed?.since)) facts.push(language.facts.routed(routed.since, routed.to));
  const closed = closedToNewUsers?.since;
  if (past(closed)) facts.push(language.facts.closed(closed));
  return facts;
}

function fieldFacts({ fields = [] }: Failure, { language }: ExplainContext): string[] {
  const names = fields.map(printableName).filter((name) => name !== undefined);
  return names.length === 0 ? [] : [language.facts.fields(names.slice(0, 10))];
}

function quotaFacts(failure: Failure, context: ExplainContext): string[] {
  const { quota } = failure;
  if (quota === undefined) return [];
  const { language } = context;
  const tier = context.tier ?? tierOf(quota);
  const facts = countedFacts(quota, tier, context);
  const named = printableName(quota.id ?? quota.metric);
  if (named !== undefined) facts.push(language.facts.quotaName(named));
  const limits = tier === undefined ? [] : knownLimits(failure, tier, context);
  if (tier !== undefined && limits.length > 0) {
    facts.push(language.facts.tierLimits(language.names.tiers[tier], limits));
  }
  return facts;
}

/** How much of what, where the quota tells any of it. */
function countedFacts(
  { limit, window, unit = "requests" }: QuotaViolation,
  tier: Tier | undefined,
  { language: { facts, names } }: ExplainContext,
): string[] {
  if (limit === undefined && window === undefined && tier === undefined) return [];
  const words = {
    limit,
    tier: tier && names.tiers[tier],
    unit: names.units[unit],
    window: window && names.windows[window],
  };
  return [facts.quota(words)];
}

/** The tier that the name of a quota gives away. */
function tierOf({ metric = "", id = "" }: QuotaViolation): Tier | undefined {
  const name = `${metric} ${id}`;
  if (/free_?tier/i.test(name)) return "free";
  const paid = /paid_?tier_?([123])/i.exec(name)?.[1];
  return paid === undefined ? undefined : (`tier-${paid}` as Tier);
}

function knownLimits(
  failure: Failure,
  tier: Tier,
  { language, ...context }: ExplainContext,
): string[] {
  const name = failure.model ?? context.model ?? failure.quota?.model ?? "";
  const limits = limitsOf(name, tier, context);
  return (Object.keys(limits) as (keyof Limits)[])
    .filter((limit) => limits[limit] !== undefined)
    .map((limit) => `${limits[limit]?.toLocaleString("en")} ${language.names.limits[limit]}`);
}

function timeFacts(failure: Failure, context: ExplainContext): string[] {
  const { language, timeZone } = context;
  const facts: string[] = [];
  const useless = isUselessDelay(failure);
  if (failure.retryAfter !== undefined) {
    const duration = durationInWords(failure.retryAfter, language);
    facts.push(useless ? language.facts.uselessDelay(duration) : language.facts.delay(duration));
  }
  const reset = resetTime(failure, context);
  if (reset !== undefined)
    facts.push(language.facts.reset(localTime(reset, language.locale, timeZone)));
  return facts;
}

const isUselessDelay = ({ kind, retryAfter = Infinity }: Failure): boolean =>
  kind === "quota-zero" || (kind === "rate-limit-day" && retryAfter < honestDelay);

function resetTime(failure: Failure, { resetsAt, now }: ExplainContext): number | undefined {
  if (resetsAt !== undefined) return resetsAt;
  if (failure.kind === "quota-zero") return undefined;
  const { retryAfter } = failure;
  if (retryAfter !== undefined && !isUselessDelay(failure))
    return retryAfter < shortestReset ? undefined : now + retryAfter;
  return failure.kind === "rate-limit-day" ? nextPacificMidnight(now) : undefined;
}
