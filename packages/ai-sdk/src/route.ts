import { type CallOptions, type Policy, type Target } from "@holdfast/core";

import { type AnyModel } from "./host-types.ts";
import { type HoldfastOptions } from "./options.ts";

/** How a held model was made, in JSON. */
export interface Recipe {
  /** The `id` given in the options. */
  readonly id: string;
  /** The provider's method, absent where the provider itself was called. */
  readonly method?: string;
  readonly args: readonly unknown[];
}

/** Where the attempts of one held model go: the models that can serve it, found by target. */
export interface Route<M extends AnyModel = AnyModel> {
  readonly policy: Policy;
  readonly options: HoldfastOptions;
  /** Whose models these are, as accounts name it: `google`. */
  readonly provider: string;
  /** How the model is found again in another process; absent where nobody gave an id. */
  readonly recipe?: Recipe;
  /** What the wrapper shows to the SDK: the model asked for, at the first account. */
  readonly base: M;
  /** What every call says to the policy: the model asked for, or the candidates, and the `call` of the options. */
  readonly plan: CallOptions;
  /** The account to which uploaded files and cached contents belong: the first, which the provider's own `files()` uses. */
  readonly home?: string;
  /** Whether credentials in a call's own headers belong to this target. */
  ownsHeaders(target: Target): boolean;
  /** The host's model for a target; cached where that is cheap. */
  modelFor(target: Target): M;
  /** All models that may serve, for what a wrapper has to promise on behalf of all. */
  all(): readonly M[];
}
