const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** What a duration looks like when it is written as text: `250ms`, `30s`, `1.5m`, `2h`, `1d`. */
export const durationShape: RegExp = /^\d+(\.\d+)?(ms|s|m|h|d)$/;

/** The ms of a text that has the shape of a duration. */
export function durationOf(text: string): number {
  const unit = text.replace(/^[\d.]+/, "");
  return Number.parseFloat(text) * (units[unit] ?? Number.NaN);
}
