import { poisson } from "../arrivals.ts";
import { models, type Scenario } from "../scenario.ts";
import { anyTime, keys, plainCounting } from "./common.ts";
import { at, type Rates } from "./rates.ts";

const base = { model: models.primary, start: anyTime, keys: keys(1), told: true };

/** The model asked for is down for a while; its fallback is healthy. */
function s3(rates: Rates): Scenario[] {
  return rates.outages.map(({ variant, lasts, ...rest }) => ({
    ...base,
    ...rest,
    name: "S3",
    variant: at(variant, rates),
    title: `two calls a second, the model answers 503 for ${variant}, a fallback is healthy`,
    fallback: models.fallback,
    deadline: 60_000,
    faultEnd: 60_000 + lasts,
    arrivals: (seed) => poisson({ perSecond: 2, until: lasts + 300_000 }, seed),
    weather: {
      counting: plainCounting,
      outages: [{ model: models.primary, from: 60_000, until: 60_000 + lasts }],
    },
  }));
}

/** 503s that strike each request by itself. */
function s4(rates: Rates): Scenario[] {
  return rates.shares.flatMap((share) =>
    [undefined, models.fallback].map((fallback) => ({
      ...base,
      name: fallback ? "S4b" : "S4a",
      variant: at(`p=${share}`, rates),
      title: `two calls a second for 10 minutes, each request fails with a chance of ${share}${fallback ? ", a fallback is healthy" : ""}`,
      ...(fallback ? { fallback } : {}),
      deadline: 60_000,
      arrivals: (seed: number) => poisson({ perSecond: 2, until: 600_000 }, seed),
      weather: { counting: plainCounting, overload: { [models.primary]: share } },
    })),
  );
}

/** Scenarios about models that are down or overloaded. */
export const outageScenarios = (rates: Rates): Scenario[] => [...s3(rates), ...s4(rates)];
