import { type PolicyOptions } from "@holdfast/core";

import { type Scenario } from "../scenario.ts";
import { type Counting, type QuotaLimits } from "../world/quota.ts";
import { keyOf } from "./gemini-fetch.ts";

/**
 * The policy that a user would write for a scenario: accounts, models, deadline, and limits where they are known; with
 * the user's own options on top.
 */
export function policyFor(scenario: Scenario, own: PolicyOptions = {}): PolicyOptions {
  const { keys, told, fallback, model, deadline, attemptTimeout, stallTimeout, weather } = scenario;
  return {
    accounts: keys.map(({ account, project }) => ({
      name: account,
      apiKey: keyOf(account),
      ...(told ? { project } : {}),
    })),
    deadline,
    ...(attemptTimeout === undefined ? {} : { attemptTimeout }),
    ...(stallTimeout === undefined ? {} : { stallTimeout, firstContentTimeout: stallTimeout }),
    ...(fallback === undefined || own.chain ? {} : { fallbacks: { [model]: [fallback] } }),
    ...(told && weather.limits ? { limits: toldLimits(weather.limits, weather.counting) } : {}),
    ...own,
  };
}

/** Whoever knows the limits knows how they are counted. */
function toldLimits(
  limits: Readonly<Record<string, QuotaLimits>>,
  { window }: Counting,
): NonNullable<PolicyOptions["limits"]> {
  return Object.fromEntries(
    Object.entries(limits).map(([model, limit]) => [model, { ...limit, window }]),
  );
}
