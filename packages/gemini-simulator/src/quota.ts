import { endOfDay } from "./quota-calendar.ts";
import { type Dimension, type Limits } from "./quota-limits.ts";
import { type Scenario } from "./scenario.ts";

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
  /** For sliding windows: the requests of the last minute, oldest first. */
  recent: { time: number; requests: number; tokens: number }[];
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
  return { minute: { end: 0, requests: 0, tokens: 0 }, day: { end: 0, requests: 0 }, recent: [] };
}

/** Forgets what lies in windows that have ended by `now` (ms since 1970). */
export function renewUsage(usage: Usage, now: number, counting: Counting): void {
  if (now >= usage.minute.end) {
    const end = (Math.floor(now / counting.minute) + 1) * counting.minute;
    usage.minute = { end, requests: 0, tokens: 0 };
  }
  if (now >= usage.day.end) usage.day = { end: endOfDay(now, counting.day), requests: 0 };
  const first = usage.recent.findIndex(({ time }) => time > now - counting.minute);
  usage.recent = first < 0 ? [] : usage.recent.slice(first);
}

/** The limits that a request would exceed; `usage` has to be renewed. */
export function findViolations(
  { usage, limits, cost }: { usage: Usage; limits: Limits; cost: Cost },
  now: number,
  counting: Counting,
): Violation[] {
  const violations: Violation[] = [];
  const check = (
    dimension: Dimension,
    need: number,
    room: (need: number, limit: number) => number,
  ): void => {
    const limit = limits[dimension];
    if (limit === undefined) return;
    const wait = room(need, limit);
    if (wait > 0) violations.push({ dimension, limit, wait });
  };
  const minute = (kind: "requests" | "tokens") => (need: number, limit: number) =>
    counting.window === "fixed"
      ? usage.minute[kind] + need > limit
        ? usage.minute.end - now
        : 0
      : slidingWait(
          usage.recent.map((entry) => ({ time: entry.time, amount: entry[kind] })),
          limit - need,
          now - counting.minute,
        );
  check("requests-per-day", cost.requests, (need, limit) =>
    usage.day.requests + need > limit ? usage.day.end - now : 0,
  );
  check("requests-per-minute", cost.requests, minute("requests"));
  check("tokens-per-minute", cost.tokens, minute("tokens"));
  return violations;
}

/** How long until no more than `room` lies in the window that began at `since`. */
function slidingWait(
  recent: { time: number; amount: number }[],
  room: number,
  since: number,
): number {
  let used = recent.reduce((sum, { amount }) => sum + amount, 0);
  if (used <= room) return 0;
  for (const { time, amount } of recent) {
    used -= amount;
    if (used <= room) return time - since;
  }
  return 1;
}

/** Counts a request that was let in. */
export function addUsage(usage: Usage, cost: Cost, now: number): void {
  usage.minute.requests += cost.requests;
  usage.minute.tokens += cost.tokens;
  usage.day.requests += cost.requests;
  usage.recent.push({ time: now, ...cost });
}
