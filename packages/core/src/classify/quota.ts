// A 429 is four different things: a quota, shared capacity, money, a spending rate. The questions in their order.

import type { QuotaViolation } from "../failure.ts";
import type { Verdict } from "./make-failure.ts";
import { statusOf, type Signals } from "./signals.ts";

/** A hint longer than this is for a day's quota, whatever window the refusal named. */
const longestMinuteHint = 300_000;

/** A verdict on quotas, with those that were named and the one that governs. */
export interface QuotaVerdict extends Verdict {
  quota?: QuotaViolation;
  quotas?: readonly QuotaViolation[];
}

/** proto3 drops zeros, so a limit of 0 is a missing `quotaValue` beside a sentence with `limit: 0`. */
function withLimits({ violations, limits }: Signals): QuotaViolation[] {
  if (violations.length === 0) return limits;
  return violations.map((violation) => {
    if (violation.limit !== undefined) return violation;
    const same = limits.filter(
      ({ metric, model }) =>
        metric === violation.metric &&
        (model === undefined || violation.model === undefined || model === violation.model),
    );
    const said = same.find(({ limit }) => limit === 0) ?? (same.length === 1 ? same[0] : undefined);
    return said?.limit === undefined ? violation : { ...violation, limit: said.limit };
  });
}

const perDay =
  /\bper (?:\w+ )?day\b|(?<!\bnot )\bdaily\b|(?:per[_-]?|\/ ?)day\b|\brpd\b|\btpd\b|(?:requests?|quota|limit) (?:for|of) (?:the|a|to)?day|\btoday's\b|\b(?:for|left|used|remaining) today\b|\b24[- ]?h(?:ours?)?\b|[每当单今]一?[天日]/i;
const perMinute =
  /\bper (?:\w+ )?min(?:ute)?\b|(?:per[_-]?|\/ ?)min(?:ute)?|\brpm\b|\btpm\b|in (?:the last|one|a|this) minute|[每\d] ?分钟/i;
const tokens =
  /tokens? ?(?:per|\/|this|a|in (?:the last|one|a)) ?min|input[_ ]?token[_ ]?(?:count|limit)|tokens_per_min|\btpm\b/i;
const limitZero = /\b(?:quota_limit_value['"]?|limit): ?['"]?0(?![\d.])/i;
const zero =
  /\blimit: ?['"]?0(?![\d.])|\bquota (?:of|is) 0(?![\d.])|(?:doesn't|does not) have a free (?:quota )?tier|no free (?:quota )?tier/i;

/** What a refusal says in words only. */
function fromWords(text: string): QuotaVerdict {
  if (zero.test(text)) return { kind: "quota-zero" };
  if (perDay.test(text)) return { kind: "rate-limit-day" };
  if (tokens.test(text)) return { kind: "rate-limit-tokens-minute" };
  return { kind: perMinute.test(text) ? "rate-limit-minute" : "rate-limit-unknown" };
}

function fromQuotas(quotas: readonly QuotaViolation[]): QuotaVerdict {
  const zeroed = quotas.find(({ limit }) => limit === 0);
  if (zeroed) return { kind: "quota-zero", quota: zeroed };
  const day = quotas.find(({ window }) => window === "day");
  if (day) return { kind: "rate-limit-day", quota: day };
  const minute = quotas.filter(({ window }) => window === "minute");
  const ofTokens = minute.find(({ unit }) => unit === "tokens");
  if (ofTokens) return { kind: "rate-limit-tokens-minute", quota: ofTokens };
  const [first] = minute;
  if (first) return { kind: "rate-limit-minute", quota: first };
  const [any] = quotas;
  return { kind: "rate-limit-unknown", ...(any ? { quota: any } : {}) };
}

/** A quota counted for a region or a project, and not for each model, is used up for every model. */
const forAllModels = ({ id = "" }: QuotaViolation): boolean =>
  /per_? ?region|for a region/i.test(id) && !/model/i.test(id);

/** What the sentence says of quotas that the details name. */
function sharpen(named: QuotaVerdict, text: string): void {
  if (limitZero.test(text)) {
    named.kind = "quota-zero";
    if (named.quota?.limit === undefined) named.quota = { ...named.quota, limit: 0 };
  } else if (named.kind === "rate-limit-unknown") named.kind = fromWords(text).kind;
}

/** Which limit refused; asked only when something says that one did. */
export function classifyQuota(signals: Signals, text: string): QuotaVerdict {
  const quotas = withLimits(signals);
  const named = quotas.length > 0 ? fromQuotas(quotas) : fromWords(text);
  // A details list that was cut off still has its sentence, and the other way round.
  if (quotas.length > 0) sharpen(named, text);
  const longest = Math.max(0, ...signals.delays);
  if (named.kind !== "quota-zero" && longest > longestMinuteHint) named.kind = "rate-limit-day";
  return {
    ...named,
    ...(quotas.length > 0 ? { quotas } : {}),
    ...(named.quota && forAllModels(named.quota) ? { helps: { model: false } } : {}),
  };
}

const words =
  /\b(?:quota|allowance)s?\b.{0,30}\b(?:reach|exceed|exhaust|deplet|used up|run out|consumed)|\bquota of 0\b|\blimit: 0\b.{0,40}\b(?:tier|requests|tokens)\b|\btier\b.{0,20}\blimit: 0\b|no (?:more )?(?:requests|calls) (?:are )?(?:left|remaining)|\b(?:requests|tokens) (?:in (?:the last|one|a|this)|this) minute|\b(?:exceed|reach|hit)\w{0,3} (?:the )?[rt]p[md]\b|(?:exceed|reach|exhaust|used up)\w{0,10}\b.{0,30}\bquota|resource (?:has been )?exhausted|rate[ _-]?limit(?!error|exception)|too many requests|quota will reset|exhausted your (?:capacity|quota|daily)|(?:requests?|calls?|tokens?) ?(?:per|\/) ?(?:min(?:ute)?|day)|\b[rt]p[md]\b.{0,20}\b(?:limit|exceed|reach)|(?:hit|reached|exceeded) (?:your|the|my) (?:\w+ )?(?:usage|requests?|rate|account|daily|hourly|api) limit|(?:reached|exceeded|hit) the limit (?:of|for)\b.{0,20}\b(?:requests|calls|messages)|no free (?:quota )?tier|throttl|\bin cool-?down\b|requests? too (?:quickly|fast|frequently|often)|daily\b.{0,40}\b(?:quota|limit|allowance|usage)\b|used (?:up )?(?:all )?(?:of )?your daily\b|quota limit|(?:usage|request|rate|quota|account|daily|hourly) limits? (?:was |has been |is |have been )?(?:reached|exceeded|hit)|(?:accounts?|keys?) (?:are|is) (?:currently |temporarily )?(?:rate[- ]?)?limited|请求(?:过于|太)频繁|[频速]率限制|限流|请求[次]?数.{0,6}(?:限制|上限)|(?:配额|限额)/i;

/** Whether a limit of any sort refused the call. */
export const isRefusal = (signals: Signals, text: string): boolean => {
  const status = statusOf(signals);
  if (signals.violations.length > 0 || signals.limits.length > 0) return true;
  if (status === 429 || signals.rpc === "RESOURCE_EXHAUSTED") return true;
  // Relays turn a provider's refusal into a failure of their own.
  return (status === undefined || status === 403 || status === 500) && words.test(text);
};
