// Gemini's day ends at midnight in Los Angeles, whose days have 23, 24 or 25 hours
// (https://ai.google.dev/gemini-api/docs/rate-limits).

const format = new Intl.DateTimeFormat("en-CA", {
  timeZone: "America/Los_Angeles",
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

const hour = 3_600_000;

/** What the clocks in Los Angeles show, read as if it were UTC. */
function local(wall: number): number {
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(wall)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour: h = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, h, minute, second);
}

/** A day as Gemini's quotas count it; times are ms since the epoch. */
export interface PacificDay {
  /** `2026-11-23` */
  name: string;
  endsAt: number;
}

let last: PacificDay & { startsAt: number } = { name: "", startsAt: 0, endsAt: 0 };

/** The day that `wall` falls into, and when it ends. */
export function pacificDay(wall: number): PacificDay {
  if (wall >= last.startsAt && wall < last.endsAt) return last;
  const shown = local(wall);
  const date = Math.floor(shown / (24 * hour)) * 24 * hour;
  last = {
    name: new Date(date).toISOString().slice(0, 10),
    startsAt: wall,
    endsAt: instantOf(date + 24 * hour, wall),
  };
  return last;
}

/** The instant at which the clocks show `target`; the offset is 7 or 8 hours, so trying both finds it. */
function instantOf(target: number, near: number): number {
  const candidates = [7, 8].map((offset) => target + offset * hour);
  return (
    candidates.find((instant) => local(instant) === target && instant > near) ?? target + 8 * hour
  );
}
