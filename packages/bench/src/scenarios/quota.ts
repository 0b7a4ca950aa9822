import { burst, conversational, poisson } from "../arrivals.ts";
import { models, type Scenario } from "../scenario.ts";
import { anyTime, keys, plainCounting, primaryLimits, quotaVariants } from "./common.ts";

const minute = 60_000;
const base = { model: models.primary, start: anyTime };

/** A burst of 100 calls against 10 requests per minute. */
const s1: Scenario[] = quotaVariants.map(({ variant, told, counting, start }) => ({
  ...base,
  start,
  name: "S1",
  variant,
  title: "100 calls at once, 10 requests per minute",
  keys: keys(1),
  told,
  deadline: 900_000,
  arrivals: () => burst(100),
  weather: { limits: primaryLimits({ rpm: 10 }), counting },
}));

/** Where in a window steady traffic begins makes no difference. */
const steady = quotaVariants.filter(
  ({ variant }) => !variant.includes("mid-window") && !variant.includes("count"),
);

/** Steady traffic just under the limit. */
const s2: Scenario[] = steady.map(({ variant, told, counting, start }) => ({
  ...base,
  start,
  name: "S2",
  variant,
  title: "9 calls a minute on average for 30 minutes, 10 requests per minute",
  keys: keys(1),
  told,
  deadline: 300_000,
  arrivals: (seed) => poisson({ perSecond: 9 / 60, until: 30 * minute }, seed),
  weather: { limits: primaryLimits({ rpm: 10 }), counting },
}));

/** Tokens, not requests, are what is scarce. */
const s2tokens: Scenario[] = steady.map(({ variant, told, counting, start }) => ({
  ...base,
  name: "S2",
  start,
  variant: `tokens, ${variant}`,
  title:
    "3.4 calls a second for 30 minutes with the lengths of conversations, 250,000 tokens per minute",
  keys: keys(1),
  told,
  deadline: 300_000,
  mostSeeds: 10,
  mostPeerSeeds: 2,
  arrivals: (seed) => conversational(poisson({ perSecond: 3.4, until: 30 * minute }, seed), seed),
  weather: { limits: primaryLimits({ tpm: 250_000 }), counting },
}));

/** A pool of five projects. */
const s6: Scenario[] = quotaVariants.slice(0, 6).map(({ variant, told, counting, start }) => ({
  ...base,
  start,
  name: "S6",
  variant,
  title: "200 calls at once over five projects of 10 requests per minute each",
  keys: keys(5),
  told,
  deadline: 900_000,
  arrivals: () => burst(200),
  weather: { limits: primaryLimits({ rpm: 10 }), counting },
}));

/** Five keys that turn out to be one project. */
const s6c: Scenario[] = [true, false].map((told) => ({
  ...base,
  name: "S6c",
  variant: told ? "told" : "learned",
  title: "40 calls at once over five keys of one project, 10 requests per minute",
  keys: keys(5, "only-project"),
  told,
  deadline: 900_000,
  arrivals: () => burst(40),
  weather: { limits: primaryLimits({ rpm: 10 }), counting: plainCounting },
}));

/** One key is dead and one project has no quota. */
const s6d: Scenario[] = [true, false].map((told) => ({
  ...base,
  name: "S6d",
  variant: told ? "told" : "learned",
  title:
    "120 calls at once over five projects, of which one has a revoked key and one no quota at all",
  keys: keys(5).map((key, index) => (index === 0 ? { ...key, fault: "leaked-key" as const } : key)),
  told,
  deadline: 900_000,
  arrivals: () => burst(120),
  weather: {
    limits: primaryLimits({ rpm: 10 }),
    counting: plainCounting,
    zeroQuota: ["project-2"],
  },
}));

/** Scenarios about quotas per minute. */
export const quotaScenarios: readonly Scenario[] = [
  ...s1,
  ...s2,
  ...s2tokens,
  ...s6,
  ...s6c,
  ...s6d,
];
