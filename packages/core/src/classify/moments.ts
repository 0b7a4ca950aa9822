// Moments that a sentence names as the end of a wait: "resets at 2026-11-25T16:00:00Z", "try again at 4:30 pm UTC".

const day = 86_400_000;
const named =
  /\b(?:retry|try again|resets?|reset time|available(?: again)?)(?: is)?(?: at| on| after|:) ?(?:(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?(?:\.\d{1,9})?) ?(Z|UTC|GMT|[+-]\d\d:?\d\d)|(\d{1,2}):(\d\d)(?::\d\d)? ?([ap]m)? ?\(?(?:UTC|GMT|Z)\b)/gi;

const zoneOf = (zone: string): string => (/^[+-]/.test(zone) ? zone : "Z");

/** The next time that a clock in UTC shows this, from a moment on. */
function nextTime(start: number, time: number): number {
  const today = start - (start % day) + time;
  return today >= start ? today : today + day;
}

const hoursOf = (hours: number, half: string | undefined): number => {
  if (half === undefined) return hours;
  return (hours % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
};

/** The delays until the moments that a text names, in ms; moments that have passed, or without a zone, ask for none. */
export function readMoments(text: string, start: number): number[] {
  const delays: number[] = [];
  // Most texts name no time of day, and looking for one in detail costs.
  if (!/\d:\d\d/.test(text)) return delays;
  for (const [, date, time, zone = "", hours, minutes, half] of text.matchAll(named)) {
    const until =
      date === undefined
        ? nextTime(start, hoursOf(Number(hours), half) * 3_600_000 + Number(minutes) * 60_000)
        : Date.parse(`${date}T${time ?? ""}${zoneOf(zone)}`);
    if (until > start) delays.push(until - start);
  }
  return delays;
}
