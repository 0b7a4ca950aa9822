import { type Scenario } from "../scenario.ts";
import { dayScenarios } from "./day.ts";
import { loadScenarios } from "./load.ts";
import { outageScenarios } from "./outage.ts";
import { quotaScenarios } from "./quota.ts";
import { streamScenarios } from "./streams.ts";
import { trafficScenarios } from "./traffic.ts";

/** All scenarios, in the order of their names; `trace` is a file of real traffic. */
export function allScenarios(trace?: string): readonly Scenario[] {
  const all = [
    ...quotaScenarios,
    ...outageScenarios,
    ...loadScenarios,
    ...dayScenarios,
    ...streamScenarios,
    ...trafficScenarios(trace),
  ];
  return all.toSorted(
    (one, other) => numberOf(one) - numberOf(other) || one.name.localeCompare(other.name),
  );
}

const numberOf = ({ name }: Scenario): number => Number(/\d+/.exec(name)?.[0]);
