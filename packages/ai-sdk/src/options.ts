// What a user may say beside the policy, and what one call may say of itself.
import { type CallOptions, type Target } from "@holdfast/core";

import { type Preflight } from "./preflight.ts";

/** What a single call may change of its policy, as `providerOptions: { holdfast: … }`. Durations are in ms. */
export type HoldfastCallOptions = Pick<
  CallOptions,
  "account" | "affinity" | "attemptTimeout" | "deadline" | "patience" | "priority" | "tokens"
>;

/** What can be said of a held model beside its policy. */
export interface HoldfastOptions {
  /**
   * Changes the options of one attempt for the target it goes to: settings, `providerOptions`, the prompt.
   * Called before every attempt with what the SDK passed; answer new options, never change those given.
   */
  adapt?: (options: never, target: Target) => object;
  /**
   * `preflight` of `@holdfast/core/models`: looks at every generation before it is sent. What is certain to be refused is
   * not sent, doubts become warnings. It reads every character, so it is not on by itself. @default requests are not looked at
   */
  preflight?: Preflight;
  /** Checks generated JSON against what was asked for; by default nothing is checked. */
  structured?: StructuredOutputOptions;
  /**
   * A name by which a workflow finds the model again after its state was stored: each process that resumes it has to
   * have made the provider or model with the same id. Needed for durable workflows only.
   */
  id?: string;
  /** What every call says of itself unless it says otherwise. */
  call?: HoldfastCallOptions;
}

/** How answers that should be JSON are checked. */
export interface StructuredOutputOptions {
  /**
   * Says what is wrong with the parsed value, or `undefined` when it fits. `schema` is the JSON schema of the call.
   * @default only that the text is JSON
   */
  validate?: (value: unknown, schema: unknown) => string | undefined;
  /** Whether the attempts that follow are told what was wrong, until an answer fits. @default true */
  hint?: boolean;
}
