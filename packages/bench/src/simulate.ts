// What if: a policy tried out before it meets production.
import { type PolicyOptions } from "@holdfast/core";

import { type Contender } from "./contender.ts";
import { holdfast } from "./contenders/holdfast.ts";
import { oracle } from "./contenders/oracle.ts";
import { type Row } from "./metrics.ts";
import { type Key, type Scenario } from "./scenario.ts";
import { measure, type Result, withRegret } from "./suite.ts";

/** How often a scenario is played. */
export interface SimulateOptions {
  /** @default 0 to 9 */
  seeds?: readonly number[];
}

const usualSeeds: readonly number[] = Array.from({ length: 10 }, (_, seed) => seed);

/** The policy's own accounts stand in the scenario's projects, in order; what happens to a project happens to them. */
function withAccounts(scenario: Scenario, { accounts }: PolicyOptions): Scenario {
  if (!accounts) return scenario;
  const keys = accounts.map(({ name, project }, index): Key => {
    const key = scenario.keys[index % scenario.keys.length];
    return { ...key, account: name, project: project ?? key?.project ?? name };
  });
  return { ...scenario, keys };
}

/**
 * Plays a scenario under a policy, in virtual time with the real engine, and says what it came to, also beside the best
 * that is possible. The scenario gives what the policy leaves open: accounts, fallbacks, deadline.
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
  { seeds = usualSeeds }: SimulateOptions = {},
): Promise<Row[]> {
  const results: Result[] = [];
  for (const [name, options] of Object.entries(policies)) {
    const contender: Contender = {
      ...holdfast(options, { name }),
      continues: options.afterContent === "continue",
    };
    results.push(await measure(contender, withAccounts(scenario, options), seeds));
  }
  results.push(await measure(oracle, scenario, seeds));
  return withRegret(results)
    .map(({ row }) => row)
    .slice(0, -1);
}
