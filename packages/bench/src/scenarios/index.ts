import { type Scenario } from "../scenario.ts";
import { dayScenarios } from "./day.ts";
import { loadScenarios } from "./load.ts";
import { outageScenarios } from "./outage.ts";
import { quotaScenarios } from "./quota.ts";
import { others, published, type Rates } from "./rates.ts";
import { streamScenarios } from "./streams.ts";
import { trafficScenarios } from "./traffic.ts";

/** All scenarios, in the order of their names; `trace` is a file of real traffic. */
export const allScenarios = (trace?: string): readonly Scenario[] =>
  inOrder(scenariosAt(published, trace));

/** The same at other rates, outage lengths and sizes, with which nothing was tuned. */
export const otherScenarios = (): readonly Scenario[] =>
  inOrder(others.flatMap((rates) => scenariosAt(rates)));

const scenariosAt = (rates: Rates, trace?: string): Scenario[] => [
  ...quotaScenarios(rates),
  ...outageScenarios(rates),
  ...loadScenarios(rates),
  ...dayScenarios(rates),
  ...streamScenarios(rates),
  ...trafficScenarios(rates, trace),
];

const inOrder = (scenarios: Scenario[]): Scenario[] =>
  scenarios.toSorted(
    (one, other) => numberOf(one) - numberOf(other) || one.name.localeCompare(other.name),
  );

const numberOf = ({ name }: Scenario): number => Number(/\d+/.exec(name)?.[0]);
