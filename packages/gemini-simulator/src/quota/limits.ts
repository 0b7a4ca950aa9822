import { type Model } from "../models.ts";
import { matches } from "../pattern.ts";
import { type Scenario, type Tier } from "../scenario.ts";

/** What is counted. */
export type Dimension = "requests-per-minute" | "tokens-per-minute" | "requests-per-day";

/** Limits of one project for one model; what is missing is unlimited. */
export type Limits = Partial<Record<Dimension, number>>;

type Column = "flash" | "lite" | "pro" | "image" | "embedding";

/** Requests a minute, input tokens a minute, requests a day: observed in autumn 2026, where known. */
type Row = readonly [minute: number, tokens: number, day: number];

const none: Row = [0, 0, 0];

/** Tiers 2 and 3 differ from tier 1 by factors that were seen for single models only. */
const tables: Record<Tier, Record<Column, Row>> = {
  free: {
    flash: [5, 250_000, 20],
    lite: [15, 250_000, 500],
    pro: none,
    image: none,
    embedding: [100, 30_000, 1000],
  },
  "tier-1": {
    flash: [1000, 1_000_000, 10_000],
    lite: [4000, 4_000_000, 150_000],
    pro: [25, 1_000_000, 250],
    image: [500, 500_000, 1000],
    embedding: [3000, 1_000_000, 100_000],
  },
  "tier-2": {
    flash: [2000, 3_000_000, 100_000],
    lite: [10_000, 10_000_000, 350_000],
    pro: [1000, 5_000_000, 50_000],
    image: [1000, 1_000_000, 10_000],
    embedding: [5000, 5_000_000, 1_000_000],
  },
  "tier-3": {
    flash: [10_000, 8_000_000, 1_000_000],
    lite: [30_000, 30_000_000, 5_000_000],
    pro: [2000, 8_000_000, 100_000],
    image: [2000, 2_000_000, 50_000],
    embedding: [10_000, 10_000_000, 10_000_000],
  },
};

/** The limits that hold for a project and a model. */
export function limitsFor(scenario: Scenario, project: string, model: Model): Limits {
  const served = model.servedBy ?? model.name;
  const own = scenario.quotas.limits.find(
    (limit) =>
      matches(limit.project, project) &&
      (matches(limit.model, model.name) || matches(limit.model, served)),
  );
  if (own !== undefined)
    return named([own.requestsPerMinute, own.inputTokensPerMinute, own.requestsPerDay]);
  const tier = tierOf(scenario, project);
  return tier === undefined ? {} : named(tables[tier][columnOf(model)]);
}

/** The tier of a project, where the scenario names one. */
export function tierOf(scenario: Scenario, project: string): Tier | undefined {
  return scenario.projects.find(({ name }) => matches(name, project))?.tier;
}

function named([minute, tokens, day]: readonly (number | undefined)[]): Limits {
  return {
    ...(day !== undefined && { "requests-per-day": day }),
    ...(minute !== undefined && { "requests-per-minute": minute }),
    ...(tokens !== undefined && { "tokens-per-minute": tokens }),
  };
}

function columnOf(model: Model): Column {
  if (model.family === "embedding") return "embedding";
  if (model.family !== "text") return "image";
  const name = model.servedBy ?? model.name;
  if (name.includes("lite")) return "lite";
  return name.includes("flash") ? "flash" : "pro";
}
