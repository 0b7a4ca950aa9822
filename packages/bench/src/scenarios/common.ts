import { chance } from "../random.ts";
import { type Key, models } from "../scenario.ts";
import { type Counting } from "../world/quota.ts";

/** A whole minute, at which fixed windows begin. */
const noon = Date.UTC(2026, 10, 23, 12);

/** Noon in UTC, and this far into a minute: a fixed window is somewhere in its course when a scenario begins. */
export function anyTime(seed: number): number {
  return noon + Math.floor(chance(seed, 31) * 60_000);
}

/** Fixed windows; refused requests use nothing. */
export const plainCounting: Counting = { window: "fixed", countRefused: false, dayHint: 36_000 };

/** Keys of as many projects, or of one. */
export function keys(count: number, project?: string): Key[] {
  return Array.from({ length: count }, (_, index) => ({
    account: `key-${index + 1}`,
    project: project ?? `project-${index + 1}`,
  }));
}

/** Limits of the model asked for. */
export const primaryLimits = <T>(limits: T): Record<string, T> => ({ [models.primary]: limits });

/** How a quota is counted, whether a policy knows the limit, and where in a window the scenario begins. */
export interface QuotaVariant {
  variant: string;
  told: boolean;
  counting: Counting;
  start: (seed: number) => number;
}

const rows: [
  told: boolean,
  window: "fixed" | "sliding",
  countRefused: boolean,
  midWindow: boolean,
][] = [
  [true, "fixed", false, false],
  [false, "fixed", false, false],
  [true, "fixed", false, true],
  [false, "fixed", false, true],
  [true, "sliding", false, false],
  [false, "sliding", false, false],
  [false, "fixed", true, true],
  [false, "sliding", true, false],
];

/** The ways a quota may be counted, and whether a policy knows it. */
export const quotaVariants: readonly QuotaVariant[] = rows.map(
  ([told, window, countRefused, midWindow]) => ({
    variant: `${told ? "told" : "learned"}, ${window}${midWindow ? ", mid-window" : ""}${countRefused ? ", refusals count" : ""}`,
    told,
    counting: { ...plainCounting, window, countRefused },
    start: midWindow ? anyTime : (): number => noon,
  }),
);
