// What charts show and a row does not say.
import { type Run } from "./run.ts";
import { type Scenario } from "./scenario.ts";

/** The course of a policy's runs. */
export interface Detail {
  /** Latency in seconds below which 0, 2, 4, … 100 % of the answered calls lie, over all seeds. */
  latencies: number[];
  /** Requests of the first seed, by the time they were sent. */
  timeline: Timeline;
}

/** Requests in steps of equal length. */
export interface Timeline {
  /** Length of a step in seconds. */
  step: number;
  answered: number[];
  refused: number[];
  /** What the quota of the model asked for admits in a step, where there is one. */
  quota: number | null;
}

const steps = 60;

/** Latencies at every second percent. */
export function spreadOf(latencies: readonly number[]): number[] {
  const sorted = latencies.toSorted((one, other) => one - other);
  if (!sorted.length) return [];
  return Array.from({ length: 51 }, (_, index) => {
    const at = Math.min(sorted.length - 1, Math.floor((index / 50) * sorted.length));
    return Number((sorted[at] ?? 0).toFixed(2));
  });
}

/** Counts the requests of one run. */
export function timelineOf({ requests }: Run, scenario: Scenario): Timeline {
  // They stand in the order in which they were sent.
  const end = Math.max(1, requests.at(-1)?.at ?? 1);
  const least = Math.ceil(end / steps / 1_000);
  // A quota per minute shows in whole minutes only.
  const step = quotaOf(scenario, 60) === null ? least : Math.ceil(least / 60) * 60;
  const length = Math.floor(end / 1_000 / step) + 1;
  const answered = Array.from({ length }, () => 0);
  const refused = Array.from({ length }, () => 0);
  for (const { at, status } of requests) {
    const index = Math.floor(at / 1_000 / step);
    const counts = status === 200 ? answered : refused;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return { step, answered, refused, quota: quotaOf(scenario, step) };
}

function quotaOf({ weather, keys, model }: Scenario, step: number): number | null {
  const rpm = weather.limits?.[model]?.rpm;
  if (rpm === undefined) return null;
  const usable = keys.filter(
    ({ fault, project }) => !fault && !weather.zeroQuota?.includes(project),
  );
  return (new Set(usable.map(({ project }) => project)).size * rpm * step) / 60;
}
