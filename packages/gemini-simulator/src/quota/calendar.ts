const dayLength = 86_400_000;

const pacificHours = new Intl.DateTimeFormat("en-US", {
  timeZone: "America/Los_Angeles",
  hourCycle: "h23",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  second: "numeric",
});

/** When the day that `now` (ms since 1970) lies in ends: the next midnight in California, or in UTC. */
export function endOfDay(now: number, zone: "pacific" | "utc"): number {
  if (zone === "utc") return (Math.floor(now / dayLength) + 1) * dayLength;
  const today = Math.floor((now + pacificOffset(now)) / dayLength);
  const midnight = (today + 1) * dayLength;
  // The clocks change at two in the morning, so the offset at midnight decides, not the one of now.
  return midnight - pacificOffset(midnight - pacificOffset(now));
}

/** Milliseconds that a clock in California is ahead of UTC (it is behind: a negative number). */
function pacificOffset(now: number): number {
  const parts = Object.fromEntries(
    pacificHours.formatToParts(now).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  return local - Math.floor(now / 1000) * 1000;
}
