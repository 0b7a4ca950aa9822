// Hours in which a target may be used.
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

/** Checks a schedule. @throws TypeError that names what is wrong */
export function checkSchedule(schedule: Schedule, index: number): void {
  const field = `schedules[${index}]`;
  for (const name of ["from", "to"] as const)
    if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(schedule[name]))
      throw new TypeError(
        `Holdfast: ${field}.${name} is "${schedule[name]}": give a time of day such as 22:30`,
      );
  if (schedule.from === schedule.to)
    throw new TypeError(
      `Holdfast: ${field}.to is "${schedule.to}", as is its from: give another time, or leave the schedule out for all day`,
    );
  try {
    minuteOf(0, schedule.timeZone);
  } catch {
    throw new TypeError(
      `Holdfast: ${field}.timeZone is "${schedule.timeZone}": give an IANA name such as Asia/Shanghai`,
    );
  }
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
    const now = minuteOf(wall, timeZone);
    const [start, end] = [parse(from), parse(to)];
    const inside = start <= end ? now >= start && now < end : now >= start || now < end;
    if (!inside) latest = Math.max(latest, ((start - now + day) % day) * 60_000 - (wall % 60_000));
  }
  return latest;
}
