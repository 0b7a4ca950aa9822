import { scattered } from "../arrivals.ts";
import { models, type Scenario } from "../scenario.ts";
import { keys, plainCounting } from "./common.ts";

const hour = 3_600_000;

const days = [
  // Pacific standard time is UTC-8, daylight saving time UTC-7; 1 November 2026 has 25 hours.
  { variant: "one day", start: Date.UTC(2026, 10, 23, 8), hours: 12, count: 400 },
  { variant: "over midnight", start: Date.UTC(2026, 10, 23, 20), hours: 24, count: 800 },
  { variant: "25-hour day", start: Date.UTC(2026, 10, 1, 7), hours: 27, count: 900 },
];

/** The quota of the day runs out; its refusals advise to come back in 36 seconds. */
export const dayScenarios: readonly Scenario[] = days.flatMap(({ variant, start, hours, count }) =>
  [true, false].map((told) => ({
    name: "S7",
    variant: `${told ? "told" : "learned"}, ${variant}`,
    title: `${count} calls in ${hours} hours, 250 requests per day, refusals that advise 36 s, a fallback of 15 requests per minute`,
    model: models.primary,
    fallback: models.fallback,
    keys: keys(1),
    told,
    deadline: 300_000,
    start: () => start,
    arrivals: (seed: number) => scattered({ count, until: hours * hour }, seed),
    weather: {
      limits: { [models.primary]: { rpd: 250 }, [models.fallback]: { rpm: 15 } },
      counting: plainCounting,
    },
  })),
);
