import { type Language, type Locale } from "./language.ts";

const hour = 3_600_000;

/** The next midnight in California, as wall time in ms; daily quotas reset then. */
export function nextPacificMidnight(now: number): number {
  const rest = hour * 24 - pacificTimeOfDay(now);
  const guess = now + rest;
  // A day on which the clocks change is an hour shorter or longer than the guess.
  const off = pacificTimeOfDay(guess);
  return off > hour * 12 ? guess + (hour * 24 - off) : guess - off;
}

function pacificTimeOfDay(time: number): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: "America/Los_Angeles",
    hourCycle: "h23",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(time);
  const value = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  const fraction = ((time % 1_000) + 1_000) % 1_000;
  return ((value("hour") * 60 + value("minute")) * 60 + value("second")) * 1_000 + fraction;
}

/**
 * A moment for a reader, with the name of the time zone.
 *
 * @throws RangeError for a time zone that does not exist
 */
export function localTime(time: number, locale: Locale, timeZone: string | undefined): string {
  const format = new Intl.DateTimeFormat(locale, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
    ...(timeZone !== undefined && { timeZone }),
  });
  return format.format(time).replaceAll(/[\u202f\u00a0]/g, " ");
}

/** A duration in words, to the second: `5 h 54 min`, `1 min 30 s`. */
export function durationInWords(milliseconds: number, { units }: Language): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 3_600), units.hours],
    [Math.floor(seconds / 60) % 60, units.minutes],
    [seconds % 60, units.seconds],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return `0 ${units.seconds}`;
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(" ");
}
