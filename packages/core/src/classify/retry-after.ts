// How long a provider asks to be left alone, in whatever form it says so.

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

const unitLength = (unit: string): number => {
  const name = unit.toLowerCase();
  if (name.startsWith("ms") || name.startsWith("milli")) return 1;
  if (name.startsWith("s")) return 1_000;
  if (name.startsWith("m")) return 60_000;
  return name.startsWith("h") ? 3_600_000 : 86_400_000;
};

/** A duration as Google's APIs and others write it ("26s", "856.5ms", "5h54m39.64s", "2 minutes"), in ms. */
export function readDuration(text: string): number | undefined {
  let total: number | undefined;
  for (const [, amount, unit] of text.slice(0, 100).matchAll(steps)) {
    // "in a minute": an amount that is no number is one.
    total =
      (total ?? 0) +
      (Number(amount) || (/^\d/.test(amount ?? "") ? 0 : 1)) * unitLength(unit ?? "");
  }
  return total;
}

/** The delays a sentence asks for: "Please retry in 34.07s.", "Your quota will reset after 12h34m16s." */
export function readDelays(text: string): number[] {
  const delays: number[] = [];
  for (const [, found] of text.matchAll(hints)) {
    const delay = found === undefined ? undefined : readDuration(found);
    if (delay !== undefined) delays.push(delay);
  }
  return delays;
}

const seconds = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*\d{1,16}(?:\.\d+)?\s*$/.test(text) ? Number(text) * 1_000 : undefined;

/** A date in `retry-after` counts from the answer's own `date`, so that a skewed clock here does no harm. */
function untilDate(headers: Headers, now: number | undefined): number | undefined {
  if (headers["retry-after"] === undefined) return undefined;
  const until = Date.parse(headers["retry-after"]);
  const from = Date.parse(headers["date"] ?? "");
  const start = Number.isNaN(from) ? now : from;
  return Number.isNaN(until) || start === undefined ? undefined : Math.max(0, until - start);
}

const allowances = [
  ["x-ratelimit-remaining", "x-ratelimit-reset"],
  ["x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"],
  ["x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"],
] as const;

/** The headers that say when a used-up allowance is full again, as OpenAI, Groq and OpenRouter send them. */
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
  if (bare === undefined) return readDuration(reset);
  // A bare number is seconds to go, or a moment as seconds or milliseconds since 1970.
  if (bare < 1e11) return bare;
  const moment = bare > 1e15 ? bare / 1_000 : bare;
  return now === undefined ? undefined : Math.max(0, moment - now);
}

/** Lower-case names of the headers that classification reads. */
export type Headers = Readonly<Record<string, string>>;

/** The delay that headers ask for, in ms. `now` is wall time, for headers that name a moment. */
export function headerDelay(headers: Headers, now?: number): number | undefined {
  return (
    milliseconds(headers["retry-after-ms"]) ??
    seconds(headers["retry-after"]) ??
    untilDate(headers, now) ??
    resetOf(headers, now)
  );
}

const milliseconds = (text: string | undefined): number | undefined => {
  const delay = seconds(text);
  return delay === undefined ? undefined : delay / 1_000;
};
