import { type Caller } from "./account.ts";
import { createCatalogue, type Model } from "./models.ts";
import { type QuotaState } from "./quota/gate.ts";
import { type ReadCall } from "./read-call.ts";
import { type Envelope } from "./reply/messages.ts";
import { noResources, type Resources } from "./resources.ts";
import { type RuleState } from "./rules.ts";
import { type Scenario } from "./scenario.ts";
import { noSpending, type SpendState } from "./spend.ts";

/** Everything that a simulated Gemini remembers between two requests, but for its log. */
export interface State {
  scenario: Scenario;
  models: Map<string, Model>;
  /** Milliseconds since 1970; `undefined` until the scenario begins. */
  startedAt: number | undefined;
  requests: number;
  rules: RuleState;
  /** Names given to keys that no account declares. */
  keyNames: Map<string, string>;
  quotas: QuotaState;
  spending: SpendState;
  resources: Resources;
}

/** The state in which a scenario begins. */
export function newState(scenario: Scenario): State {
  return {
    scenario,
    models: createCatalogue(scenario.models),
    startedAt: undefined,
    requests: 0,
    rules: { seed: scenario.seed, counts: [], arrivals: [] },
    keyNames: new Map(),
    quotas: new Map(),
    spending: noSpending(),
    resources: noResources(),
  };
}

/** One request on its way through. */
export interface Visit extends ReadCall {
  state: State;
  caller: Caller;
  /** Milliseconds since 1970, and since the scenario began. */
  now: number;
  elapsed: number;
  /** Counts from 1. */
  number: number;
  /** `undefined` when the request names none, or none that exists. */
  model: Model | undefined;
  /** The fields that end every good answer to it. */
  envelope: Envelope;
}
