// What if: a policy tried out before it meets production.
import { type PolicyOptions } from "@holdfast/core";

import { type Contender } from "./contender.ts";
import { holdfast } from "./contenders/holdfast.ts";
import { oracle } from "./contenders/oracle.ts";
import { type Row } from "./metrics.ts";
import { type Key, type Scenario } from "./scenario.ts";
import { measure, type Result, withRegret } from "./suite.ts";

/** How a scenario is played. */
export interface SimulateOptions {
  /** @default 0 to 9 */
  seeds?: readonly number[];
  /** The model that the calls ask for. @default the first of the policy's chain or fallbacks, else the scenario's */
  model?: string;
}

const usualSeeds: readonly number[] = Array.from({ length: 10 }, (_, seed) => seed);

/** The policy's own accounts stand in the scenario's projects, in order; what happens to a project happens to them. */
function withAccounts(scenario: Scenario, { accounts }: PolicyOptions): Scenario {
  if (!accounts) return scenario;
  const projects = new Map<string, string | undefined>();
  const keys = accounts.map(({ name, project = name }, index): Key => {
    const key = scenario.keys[index % scenario.keys.length];
    if (!projects.has(project)) projects.set(project, key?.project);
    return { ...key, account: name, project: projects.get(project) ?? project };
  });
  return { ...scenario, keys };
}

/** The model a policy is asked for, and the first it goes on to, where it names any. */
function modelsOf({ chain, fallbacks = {} }: PolicyOptions, asked?: string): string[] {
  const model = asked ?? chain?.[0] ?? Object.keys(fallbacks).find((name) => name !== "*");
  if (model === undefined) return [];
  const rest = fallbacks[model] ?? (chain?.includes(model) ? chain : fallbacks["*"]) ?? [];
  return [model, ...rest.filter((name) => name !== model).slice(0, 1)];
}

/** The policy's own models take the places of the scenario's: the weather of the one asked for, and of its fallback. */
function withModels(scenario: Scenario, policy: PolicyOptions, asked?: string): Scenario {
  const [model = scenario.model, fallback = scenario.fallback] = modelsOf(policy, asked);
  const renamed = (name: string): string => {
    if (name === scenario.model) return model;
    return name === scenario.fallback && fallback !== undefined ? fallback : name;
  };
  const byModel = <T>(values: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [renamed(name), value]));
  const { limits, overload, outages, queue } = scenario.weather;
  return {
    ...scenario,
    model,
    ...(fallback === undefined ? {} : { fallback }),
    weather: {
      ...scenario.weather,
      ...(limits && { limits: byModel(limits) }),
      ...(overload && { overload: byModel(overload) }),
      ...(outages && { outages: outages.map((one) => ({ ...one, model: renamed(one.model) })) }),
      ...(queue && { queue: { ...queue, model: renamed(queue.model) } }),
    },
  };
}

/**
 * Plays a scenario under a policy, in virtual time with the real engine, and says what it came to, also beside the best
 * that is possible. The scenario gives what the policy leaves open: accounts, models, deadline. The policy's own accounts
 * and models take the places of the scenario's, and its functions are called as in production.
 * @throws TypeError when the policy's options are wrong
 */
export async function simulate(
  policy: PolicyOptions,
  scenario: Scenario,
  options: SimulateOptions = {},
): Promise<Row> {
  const [row] = await compare({ policy }, scenario, options);
  if (!row) throw new Error("a simulation brings one row");
  return row;
}

/** Plays a scenario under several policies, which meet the same calls and the same luck; one row each, by name. */
export async function compare(
  policies: Readonly<Record<string, PolicyOptions>>,
  scenario: Scenario,
  { seeds = usualSeeds, model }: SimulateOptions = {},
): Promise<Row[]> {
  const results: Result[] = [];
  for (const [name, options] of Object.entries(policies)) {
    const contender: Contender = {
      ...holdfast(options, { name }),
      continues: options.afterContent === "continue",
    };
    const own = withModels(withAccounts(scenario, options), options, model);
    results.push(await measure(contender, own, seeds));
  }
  results.push(await measure(oracle, scenario, seeds));
  return withRegret(results)
    .map(({ row }) => row)
    .slice(0, -1);
}
