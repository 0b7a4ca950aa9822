import { burst, conversational, poisson } from "../arrivals.ts";
import { models, type Scenario } from "../scenario.ts";
import { anyTime, keys, plainCounting, primaryLimits, quotaVariants } from "./common.ts";
import { at, type Rates } from "./rates.ts";

const minute = 60_000;
const base = { model: models.primary, start: anyTime };

/** Where in a window steady traffic begins makes no difference. */
const steady = quotaVariants.filter(
  ({ variant }) => !variant.includes("mid-window") && !variant.includes("count"),
);

/** A burst of ten times what a minute takes. */
function s1(rates: Rates): Scenario[] {
  const { rpm } = rates.quota;
  return quotaVariants.map(({ variant, told, counting, start }) => ({
    ...base,
    start,
    name: "S1",
    variant: at(variant, rates),
    title: `${10 * rpm} calls at once, ${rpm} requests per minute`,
    keys: keys(1),
    told,
    deadline: 900_000,
    arrivals: () => burst(10 * rpm),
    weather: { limits: primaryLimits({ rpm }), counting },
  }));
}

/** Steady traffic just under the limit. */
function s2(rates: Rates): Scenario[] {
  const { rpm } = rates.quota;
  return steady.map(({ variant, told, counting, start }) => ({
    ...base,
    start,
    name: "S2",
    variant: at(variant, rates),
    title: `${0.9 * rpm} calls a minute on average for 30 minutes, ${rpm} requests per minute`,
    keys: keys(1),
    told,
    deadline: 300_000,
    arrivals: (seed) => poisson({ perSecond: (0.9 * rpm) / 60, until: 30 * minute }, seed),
    weather: { limits: primaryLimits({ rpm }), counting },
  }));
}

/** Tokens, not requests, are what is scarce. */
function s2tokens(rates: Rates): Scenario[] {
  const tpm = rates.quota.tokens;
  const perSecond = (3.4 * tpm) / 250_000;
  return steady.map(({ variant, told, counting, start }) => ({
    ...base,
    name: "S2",
    start,
    variant: at(`tokens, ${variant}`, rates),
    title: `${perSecond.toFixed(1)} calls a second for 30 minutes with the lengths of conversations, ${tpm.toLocaleString("en")} tokens per minute`,
    keys: keys(1),
    told,
    deadline: 300_000,
    mostSeeds: 10,
    mostPeerSeeds: 2,
    arrivals: (seed) => conversational(poisson({ perSecond, until: 30 * minute }, seed), seed),
    weather: { limits: primaryLimits({ tpm }), counting },
  }));
}

/** A pool of projects. */
function s6(rates: Rates): Scenario[] {
  const { rpm, keys: count } = rates.quota;
  const calls = 4 * rpm * count;
  return quotaVariants.slice(0, 6).map(({ variant, told, counting, start }) => ({
    ...base,
    start,
    name: "S6",
    variant: at(variant, rates),
    title: `${calls} calls at once over ${count} projects of ${rpm} requests per minute each`,
    keys: keys(count),
    told,
    deadline: 900_000,
    arrivals: () => burst(calls),
    weather: { limits: primaryLimits({ rpm }), counting },
  }));
}

/** Keys that turn out to be of one project. */
function s6c(rates: Rates): Scenario[] {
  const { rpm, keys: count } = rates.quota;
  return [true, false].map((told) => ({
    ...base,
    name: "S6c",
    variant: at(told ? "told" : "learned", rates),
    title: `${4 * rpm} calls at once over ${count} keys of one project, ${rpm} requests per minute`,
    keys: keys(count, "only-project"),
    told,
    deadline: 900_000,
    arrivals: () => burst(4 * rpm),
    weather: { limits: primaryLimits({ rpm }), counting: plainCounting },
  }));
}

/** One key is dead and one project has no quota. */
function s6d(rates: Rates): Scenario[] {
  const { rpm, keys: count } = rates.quota;
  const calls = 4 * rpm * (count - 2);
  return [true, false].map((told) => ({
    ...base,
    name: "S6d",
    variant: at(told ? "told" : "learned", rates),
    title: `${calls} calls at once over ${count} projects, of which one has a revoked key and one no quota at all`,
    keys: keys(count).map((key, index) =>
      index === 0 ? { ...key, fault: "leaked-key" as const } : key,
    ),
    told,
    deadline: 900_000,
    arrivals: () => burst(calls),
    weather: {
      limits: primaryLimits({ rpm }),
      counting: plainCounting,
      zeroQuota: ["project-2"],
    },
  }));
}

/** Scenarios about quotas per minute. */
export const quotaScenarios = (rates: Rates): Scenario[] =>
  [s1, s2, s2tokens, s6, s6c, s6d].flatMap((scenarios) => scenarios(rates));
