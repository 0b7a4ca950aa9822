// What a refusal teaches of a quota: the limit that it names, or a guess where it names none.
import { type QuotaViolation } from "../failure.ts";
import { type Domain, guessed, type Need } from "./quota.ts";

const metricOf = ({ unit, window }: QuotaViolation): "rpm" | "tpm" | "rpd" | undefined => {
  if (window === "day") return unit === "tokens" ? undefined : "rpd";
  if (window === "minute") return unit === "tokens" ? "tpm" : "rpm";
  return undefined;
};

/** Takes limits out of a refusal; answers those that are new. `limit: 0` is no limit to keep but a closure. */
export function learn(
  domain: Domain,
  quotas: readonly QuotaViolation[],
  now: number,
): { metric: "rpm" | "tpm" | "rpd"; limit: number }[] {
  const news: { metric: "rpm" | "tpm" | "rpd"; limit: number }[] = [];
  for (const quota of quotas) {
    const metric = metricOf(quota);
    if (!metric || !quota.limit || domain.limits[metric] === quota.limit) continue;
    // What the policy was told may be a share of what the project has: it is lowered, never raised.
    if (quota.limit > (domain.told[metric] ?? Infinity)) continue;
    const unit = metric === "rpm" ? "requests" : "tokens";
    if (metric !== "rpd" && domain.wholeFrom > now) restore(domain, unit, quota.limit);
    domain.limits = { ...domain.limits, [metric]: quota.limit };
    domain.learnedAt = now;
    news.push({ metric, limit: quota.limit });
  }
  return news;
}

/** What a short log has forgotten, the refusal tells: at least its limit was sent. The oldest that is left stands for it. */
function restore(domain: Domain, unit: keyof Need, limit: number): void {
  const { log, head } = domain;
  const oldest = log[head];
  const missing = limit - domain[unit];
  if (!oldest || missing <= 0) return;
  oldest[unit] += missing;
  domain[unit] += missing;
}

/** Of fewer requests nothing can be guessed where the refusal named a time: others have used up the quota. */
const few = 3;

/** A refusal per minute that named no number: expect a third less than was sent. */
export function guessLower(
  domain: Domain,
  now: number,
  { length, isTimed }: { length: number; isTimed: boolean },
): void {
  if (domain.limits.rpm !== undefined) return;
  const { log, head, requests } = domain;
  // Of a faster pace than the log holds only the last part of the window is known.
  const covered = domain.wholeFrom > now ? now - (log[head]?.at ?? now) : length;
  const pace = requests * Math.max(1, length / Math.max(1, covered));
  const sent = Math.min(pace, guessed(domain, now) ?? Infinity);
  if (isTimed && sent < few) return;
  domain.guess = { rpm: Math.max(1, Math.floor(sent * 0.7)), since: now };
}
