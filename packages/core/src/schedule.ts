// Hours in which a target may be used.
import { type Check, object, such, text } from "./check.ts";
import { type Schedule } from "./options.ts";
import { type Target } from "./target.ts";

const day = 1_440;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes since midnight in a time zone. */
function minuteOf(wall: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      hourCycle: "h23",
      hour: "2-digit",
      minute: "2-digit",
    });
    formats.set(timeZone, format);
  }
  const [hour = 0, minute = 0] = format.format(wall).split(":").map(Number);
  return hour * 60 + minute;
}

function parse(time: string): number {
  const [hour = NaN, minute = NaN] = time.split(":").map(Number);
  return hour * 60 + minute;
}

const time = such(
  (value) => typeof value === "string" && /^([01]\d|2[0-3]):[0-5]\d$/.test(value),
  "give a time of day such as 22:30",
);

function isTimeZone(name: string): boolean {
  try {
    minuteOf(0, name);
    return true;
  } catch {
    return false;
  }
}

const zone = such(
  (value) => typeof value === "string" && isTimeZone(value),
  "give an IANA name such as Asia/Shanghai",
);

const shape = object(
  { model: text, account: text, timeZone: zone, from: time, to: time } satisfies Record<
    keyof Schedule,
    Check
  >,
  ["timeZone", "from", "to"],
);

/** Checks a schedule. @throws TypeError that names what is wrong */
export const checkSchedule: Check = (value, field) => {
  shape(value, field);
  const { from, to } = value as Schedule;
  const remedy = "as is its from: give another time, or leave the schedule out for all day";
  if (from === to) throw new TypeError(`Holdfast: ${field}.to is "${to}", ${remedy}`);
};

/** Hours as minutes of the day. */
interface Hours {
  timeZone: string;
  start: number;
  end: number;
}

function isInside({ timeZone, start, end }: Hours, wall: number): boolean {
  const now = minuteOf(wall, timeZone);
  return start <= end ? now >= start && now < end : now >= start || now < end;
}

/** The most that clocks are put forward or back at once. */
const longestShift = 180;

/** When the hours begin next; `wall` is outside them. */
function beginning(hours: Hours, wall: number): number {
  const minutes = (hours.start - minuteOf(wall, hours.timeZone) + day) % day;
  const guess = wall - (wall % 60_000) + minutes * 60_000;
  // Clocks may be put forward or back on the way, and the very minute may be left out.
  const shown = (minuteOf(guess, hours.timeZone) - hours.start + day) % day;
  if (shown === 0) return guess;
  let at = shown <= longestShift ? guess - shown * 60_000 : guess;
  for (let step = 0; step <= 2 * longestShift && !isInside(hours, at); step += 1) at += 60_000;
  return at;
}

/** Ms until the hours of `target` begin; 0 when they are now. */
export function untilHours(schedules: readonly Schedule[], target: Target, wall: number): number {
  let latest = 0;
  for (const { model, account, timeZone, from, to } of schedules) {
    if (
      (model !== undefined && model !== target.model) ||
      (account !== undefined && account !== target.account)
    )
      continue;
    const hours = { timeZone, start: parse(from), end: parse(to) };
    if (!isInside(hours, wall)) latest = Math.max(latest, beginning(hours, wall) - wall);
  }
  return latest;
}
