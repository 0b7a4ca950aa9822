import { poisson } from "../arrivals.ts";
import { models, type Scenario } from "../scenario.ts";
import { anyTime, keys, plainCounting } from "./common.ts";

const base = { model: models.primary, start: anyTime, keys: keys(1), told: true };

/** The model asked for is down for a while; its fallback is healthy. */
const s3: Scenario[] = [
  { variant: "5 minutes", until: 360_000, end: 600_000 },
  // The median length of an outage of the OpenAI API (AtLarge, ICPE'25).
  { variant: "75 minutes", until: 4_560_000, end: 4_800_000, mostSeeds: 5, mostPeerSeeds: 2 },
].map(({ variant, until, end, ...rest }) => ({
  ...base,
  ...rest,
  name: "S3",
  variant,
  title: `two calls a second, the model answers 503 for ${variant}, a fallback is healthy`,
  fallback: models.fallback,
  deadline: 60_000,
  faultEnd: until,
  arrivals: (seed) => poisson({ perSecond: 2, until: end }, seed),
  weather: { counting: plainCounting, outages: [{ model: models.primary, from: 60_000, until }] },
}));

/** 503s that strike each request by itself. */
const s4: Scenario[] = [0.1, 0.3, 0.6].flatMap((share) =>
  [undefined, models.fallback].map((fallback) => ({
    ...base,
    name: fallback ? "S4b" : "S4a",
    variant: `p=${share}`,
    title: `two calls a second for 10 minutes, each request fails with a chance of ${share}${fallback ? ", a fallback is healthy" : ""}`,
    ...(fallback ? { fallback } : {}),
    deadline: 60_000,
    arrivals: (seed: number) => poisson({ perSecond: 2, until: 600_000 }, seed),
    weather: { counting: plainCounting, overload: { [models.primary]: share } },
  })),
);

/** Scenarios about models that are down or overloaded. */
export const outageScenarios: readonly Scenario[] = [...s3, ...s4];
