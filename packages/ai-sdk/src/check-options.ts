// What a user of this package writes, looked at before anything is sent.
import { callChecks, type Check, checks } from "@holdfast/core";

import { type HoldfastModelOptions } from "./model.ts";
import {
  type HoldfastCallOptions,
  type HoldfastOptions,
  type StructuredOutputOptions,
} from "./options.ts";

const { anything, callable, flag, object, text } = checks;
const { account, affinity, attemptTimeout, deadline, patience, priority, tokens } = callChecks;

/** Checks what one call says. @throws TypeError that names the option, its value and the remedy */
export const checkCallOptions: Check = object({
  account,
  affinity,
  attemptTimeout,
  deadline,
  patience,
  priority,
  tokens,
} satisfies Record<keyof HoldfastCallOptions, Check>);

const structured = object({ validate: callable, hint: flag } satisfies Record<
  keyof StructuredOutputOptions,
  Check
>);

const ofAll = {
  adapt: callable,
  preflight: callable,
  structured,
  id: text,
  call: checkCallOptions,
} satisfies Record<keyof HoldfastOptions, Check>;

const ofAny = object(ofAll);
const ofModel = object({ ...ofAll, provider: anything } satisfies Record<
  keyof HoldfastModelOptions,
  Check
>);

/** Checks what is said of a provider or a middleware. @throws TypeError that names the option, its value and the remedy */
export function checkOptions(options: HoldfastOptions): void {
  ofAny(options, "options");
}

/** Checks what is said of a model. @throws TypeError that names the option, its value and the remedy */
export function checkModelOptions(options: HoldfastModelOptions): void {
  ofModel(options, "options");
}
