import { type Scenario } from "../scenario.ts";
import { dayScenarios } from "./day.ts";
import { outageScenarios } from "./outage.ts";
import { quotaScenarios } from "./quota.ts";

/** All scenarios, in the order of their names. */
export const scenarios: readonly Scenario[] = [
  ...quotaScenarios,
  ...outageScenarios,
  ...dayScenarios,
].toSorted((one, other) => one.name.localeCompare(other.name));
