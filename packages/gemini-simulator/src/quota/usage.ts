import { type Scenario } from "../scenario.ts";
import { endOfDay } from "./calendar.ts";
import { type Dimension, type Limits } from "./limits.ts";

/** A limit that a request would exceed. */
export interface Violation {
  dimension: Dimension;
  limit: number;
  /** Milliseconds until there is room again. */
  wait: number;
}

/** What one project has used of one model. */
export interface Usage {
  /** When the current fixed minute ends, and what was used in it. */
  minute: { end: number; requests: number; tokens: number };
  day: { end: number; requests: number };
  /** For sliding windows: the requests of the last minute, oldest first, and their sums. */
  sliding: { recent: Spent[]; requests: number; tokens: number };
}

interface Spent extends Cost {
  time: number;
}

/** What a request needs. */
export interface Cost {
  /** Embeddings count texts, all else counts 1. */
  requests: number;
  tokens: number;
}

type Counting = Scenario["quotas"];

/** Usage of nothing yet. */
export function noUsage(): Usage {
  return {
    minute: { end: 0, requests: 0, tokens: 0 },
    day: { end: 0, requests: 0 },
    sliding: { recent: [], requests: 0, tokens: 0 },
  };
}

/** Forgets what lies in windows that have ended by `now` (ms since 1970). */
export function renewUsage(usage: Usage, now: number, counting: Counting): void {
  if (now >= usage.minute.end) {
    const end = (Math.floor(now / counting.minute) + 1) * counting.minute;
    usage.minute = { end, requests: 0, tokens: 0 };
  }
  if (now >= usage.day.end) usage.day = { end: endOfDay(now, counting.day), requests: 0 };
  const { sliding } = usage;
  for (
    let first = sliding.recent[0];
    first !== undefined && first.time <= now - counting.minute;
    first = sliding.recent[0]
  ) {
    sliding.requests -= first.requests;
    sliding.tokens -= first.tokens;
    sliding.recent.shift();
  }
}

/** The limits that a request would exceed; `usage` has to be renewed. */
export function findViolations(
  { usage, limits, cost }: { usage: Usage; limits: Limits; cost: Cost },
  now: number,
  counting: Counting,
): Violation[] {
  const waits: Record<Dimension, (limit: number) => number> = {
    "requests-per-day": (limit) =>
      usage.day.requests + cost.requests > limit ? usage.day.end - now : 0,
    "requests-per-minute": (limit) =>
      minuteWait(usage, { kind: "requests", need: cost.requests, limit, now }, counting),
    "tokens-per-minute": (limit) =>
      minuteWait(usage, { kind: "tokens", need: cost.tokens, limit, now }, counting),
  };
  return dimensions.flatMap((dimension) => {
    const limit = limits[dimension];
    const wait = limit === undefined ? 0 : waits[dimension](limit);
    return limit === undefined || wait === 0 ? [] : [{ dimension, limit, wait }];
  });
}

const dimensions: readonly Dimension[] = [
  "requests-per-day",
  "requests-per-minute",
  "tokens-per-minute",
];

interface Need {
  kind: "requests" | "tokens";
  need: number;
  limit: number;
  now: number;
}

/** What Gemini advises for a request that no minute has room for: a second, after which it is refused again. */
const hopelessWait = 1000;

/** How long until this minute has room; 0 when it has. */
function minuteWait(
  { minute, sliding }: Usage,
  { kind, need, limit, now }: Need,
  counting: Counting,
): number {
  const used = counting.window === "fixed" ? minute[kind] : sliding[kind];
  if (used + need <= limit) return 0;
  if (need > limit && limit > 0) return hopelessWait;
  if (counting.window === "fixed" || limit === 0) return minute.end - now;
  let over = used + need - limit;
  const freeing = sliding.recent.find((entry) => {
    over -= entry[kind];
    return over <= 0;
  });
  return (freeing?.time ?? now) - (now - counting.minute);
}

/** Counts a request that was let in. */
export function addUsage(usage: Usage, spent: Spent, { window }: Counting): void {
  const { requests, tokens } = spent;
  usage.minute.requests += requests;
  usage.minute.tokens += tokens;
  usage.day.requests += requests;
  if (window === "fixed") return;
  usage.sliding.requests += requests;
  usage.sliding.tokens += tokens;
  usage.sliding.recent.push(spent);
}
