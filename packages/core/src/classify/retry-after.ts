// How long a provider asks to be left alone, in whatever form it says so.

import { type Fields, get, numberOf } from "./safe.ts";

const unitNames = "milliseconds?|ms|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s|days?|d";
const step = `(?:\\d{1,9}(?:\\.\\d{1,12})? ?|an? |one )(?:${unitNames})(?![a-z])`;
// "5h54m39.6s" has no boundary between its steps, so a unit may also be followed by a digit.
const steps = new RegExp(
  `(\\d{1,9}(?:\\.\\d{1,12})?|\\b(?:an?|one)(?= )) ?(${unitNames})(?![a-z])`,
  "gi",
);
const hints = new RegExp(
  `(?:(?:retry|try again|resets?|available)(?: again)? (?:in|after)|\\bwait)(?: for| at least)?(?: about)?:? ?((?:${step}(?:,| and)? ?){1,4})`,
  "gi",
);

/** Most sentences ask for nothing, and looking for it in detail costs. */
const speaksOfTime = /retry|again|reset|available|wait/i;

const unitLength = (unit: string): number => {
  const name = unit.toLowerCase();
  if (name.startsWith("ms") || name.startsWith("milli")) return 1;
  if (name.startsWith("s")) return 1_000;
  if (name.startsWith("m")) return 60_000;
  return name.startsWith("h") ? 3_600_000 : 86_400_000;
};

/** A duration as Google's APIs and others write it ("26s", "856.5ms", "5h54m39.64s", "2 minutes"), in ms. */
export function readDuration(text: string): number | undefined {
  const bare = /^(\d{1,9}(?:\.\d{1,12})?)s$/.exec(text)?.[1];
  if (bare !== undefined) return Number(bare) * 1_000;
  let total: number | undefined;
  for (const [, amount, unit] of text.slice(0, 100).matchAll(steps)) {
    // "in a minute": an amount that is no number is one.
    total =
      (total ?? 0) +
      (Number(amount) || (/^\d/.test(amount ?? "") ? 0 : 1)) * unitLength(unit ?? "");
  }
  return total;
}

const chineseUnits: readonly (readonly [string, number])[] = [
  ["毫秒", 1],
  ["秒", 1_000],
  ["分", 60_000],
  ["时", 3_600_000],
  ["天", 86_400_000],
];
const chineseSteps = /(\d{1,6}(?:\.\d{1,3})?) ?(毫秒|秒|分|个?小?时|天)/g;
const chineseHints =
  /等待? ?(\d[\d. 毫秒分钟个小时天]{1,30})|(\d[\d. 毫秒分钟个小时天]{1,30}) ?[之以]?后/g;

/** "请在 1 分 30 秒后重试", "请等待 60 秒". */
function readChineseDelays(text: string, delays: number[]): void {
  for (const [, waiting, later] of text.matchAll(chineseHints)) {
    let total = 0;
    for (const [, amount, unit = ""] of (waiting ?? later ?? "").matchAll(chineseSteps)) {
      total += Number(amount) * (chineseUnits.find(([name]) => unit.endsWith(name))?.[1] ?? 0);
    }
    if (total > 0) delays.push(total);
  }
}

/** The delays a sentence asks for: "Please retry in 34.07s.", "Your quota will reset after 12h34m16s." */
export function readDelays(text: string): number[] {
  const delays: number[] = [];
  if (/[后等]/.test(text)) readChineseDelays(text, delays);
  if (!speaksOfTime.test(text)) return delays;
  for (const [, found] of text.matchAll(hints)) {
    const delay = found === undefined ? undefined : readDuration(found);
    if (delay !== undefined) delays.push(delay);
  }
  return delays;
}

const seconds = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*\d{1,16}(?:\.\d+)?\s*$/.test(text) ? Number(text) * 1_000 : undefined;

/** From a moment to another; `undefined` where either is not known. */
const between = (start: number | undefined, until: number): number | undefined =>
  start === undefined || Number.isNaN(until) ? undefined : Math.max(0, until - start);

const allowances = [
  ["x-ratelimit-remaining", "x-ratelimit-reset"],
  ["x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"],
  ["x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"],
  ["x-rate-limit-remaining", "x-rate-limit-reset"],
  ["ratelimit-remaining", "ratelimit-reset"],
  ["anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"],
  ["anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"],
] as const;

/** Lower-case names of the headers that say something about a delay. */
export const delayHeaders: readonly string[] = [
  "retry-after",
  "retry-after-ms",
  "date",
  "ratelimit",
  ...allowances.flat(),
];

/** The header of the IETF's drafts: `"default";r=0;t=12`, before that `limit=100, remaining=0, reset=12`. */
function draftDelay(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const policies = /\breset=/.test(header) ? [header] : header.split(",");
  let longest: number | undefined;
  for (const policy of policies) {
    const left = /\b(?:r|remaining)=(\d{1,15})/.exec(policy)?.[1] ?? "0";
    const reset = /\b(?:t|reset)=(\d{1,15})/.exec(policy)?.[1];
    if (Number(left) === 0 && reset !== undefined)
      longest = Math.max(longest ?? 0, Number(reset) * 1_000);
  }
  return longest;
}

/** The headers that say when a used-up allowance is full again, as OpenAI, Groq, OpenRouter and Anthropic send them. */
function resetOf(headers: Headers, now: number | undefined): number | undefined {
  let longest: number | undefined;
  for (const [remaining, resetAt] of allowances) {
    const left = headers[remaining];
    const reset = headers[resetAt];
    if (reset === undefined || (left !== undefined && Number(left) > 0)) continue;
    const delay = resetDelay(reset, now);
    if (delay !== undefined) longest = Math.max(longest ?? 0, delay);
  }
  return longest;
}

function resetDelay(reset: string, now: number | undefined): number | undefined {
  const bare = seconds(reset);
  const isDate = /^\d{4}-\d\d-\d\dT/.test(reset);
  if (bare === undefined && !isDate) return readDuration(reset);
  // A bare number is seconds to go, or a moment as seconds or milliseconds since 1970.
  if (bare !== undefined && bare < 1e11) return bare;
  const moment = bare === undefined ? Date.parse(reset) : bare > 1e15 ? bare / 1_000 : bare;
  return between(now, moment);
}

/** Lower-case names of the headers that classification reads. */
export type Headers = Readonly<Record<string, string>>;

/** When the answer was sent: what names a moment counts from its own `date`, so that a skewed clock here does no harm. */
export function sentAt(headers: Headers, now?: number): number | undefined {
  const sent = Date.parse(headers["date"] ?? "");
  return Number.isNaN(sent) ? now : sent;
}

/** The delay that headers ask for, in ms. `now` is wall time, for headers that name a moment. */
export function headerDelay(headers: Headers, now?: number): number | undefined {
  const start = sentAt(headers, now);
  return (
    milliseconds(headers["retry-after-ms"]) ??
    seconds(headers["retry-after"]) ??
    between(start, Date.parse(headers["retry-after"] ?? "")) ??
    resetOf(headers, start) ??
    draftDelay(headers["ratelimit"])
  );
}

const milliseconds = (text: string | undefined): number | undefined => {
  const delay = seconds(text);
  return delay === undefined ? undefined : delay / 1_000;
};

const delayFields: readonly (readonly [string, number])[] = [
  ["retry_after", 1_000],
  ["retry_after_seconds", 1_000],
  ["retry_after_ms", 1],
  ["retryAfterMs", 1],
];

/** The delay that a field of a body asks for, in ms; only names that tell their unit or have one by custom. */
export function bodyDelay(body: Fields): number | undefined {
  for (const [name, unit] of delayFields) {
    const amount = numberOf(get(body, name));
    if (amount !== undefined && amount >= 0) return amount * unit;
  }
  return undefined;
}
