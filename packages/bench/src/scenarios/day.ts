import { scattered } from "../arrivals.ts";
import { models, type Scenario } from "../scenario.ts";
import { keys, plainCounting } from "./common.ts";
import { at, type Rates } from "./rates.ts";

const hour = 3_600_000;

const days = [
  // Pacific standard time is UTC-8, daylight saving time UTC-7; 1 November 2026 has 25 hours.
  { variant: "one day", start: Date.UTC(2026, 10, 23, 8), hours: 12, share: 1.6 },
  { variant: "over midnight", start: Date.UTC(2026, 10, 23, 20), hours: 24, share: 3.2 },
  { variant: "25-hour day", start: Date.UTC(2026, 10, 1, 7), hours: 27, share: 3.6 },
];

/** The quota of the day runs out; its refusals advise to come back in 36 seconds. */
export function dayScenarios(rates: Rates): Scenario[] {
  const { rpd } = rates.quota;
  return days.flatMap(({ variant, start, hours, share }) => {
    const count = Math.round(share * rpd);
    return [true, false].map((told) => ({
      name: "S7",
      variant: at(`${told ? "told" : "learned"}, ${variant}`, rates),
      title: `${count} calls in ${hours} hours, ${rpd} requests per day, refusals that advise 36 s, a fallback of 15 requests per minute`,
      model: models.primary,
      fallback: models.fallback,
      keys: keys(1),
      told,
      deadline: 300_000,
      start: () => start,
      arrivals: (seed: number) => scattered({ count, until: hours * hour }, seed),
      weather: {
        limits: { [models.primary]: { rpd }, [models.fallback]: { rpm: 15 } },
        counting: plainCounting,
      },
    }));
  });
}
