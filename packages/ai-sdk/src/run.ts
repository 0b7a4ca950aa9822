import { type Call, type CallOptions, type Executed } from "@holdfast/core";

import { finalError } from "./final-error.ts";
import { type HostMessage, type HostOptions } from "./host-types.ts";
import { type HoldfastCallOptions } from "./options.ts";
import { findingsOf } from "./preflight.ts";
import { type Route } from "./route.ts";

/** Tools of these kinds are executed by the provider: a second attempt beside the first could do things twice. */
function executesTools(options: HostOptions): boolean {
  return options.tools?.some(({ type }) => type !== "function") ?? false;
}

function lengthOf({ content }: HostMessage): number {
  if (typeof content === "string") return content.length;
  let length = 0;
  for (const { text } of content) length += typeof text === "string" ? text.length : 0;
  return length;
}

/** A rough count, settled later by what the provider counts: about four characters are a token. */
function estimateTokens({ prompt }: HostOptions): number {
  let characters = 0;
  // Image models take a plain text.
  if (typeof prompt === "string") characters = prompt.length;
  else for (const message of prompt ?? []) characters += lengthOf(message);
  return Math.ceil(characters / 4);
}

/** What the call of a held model says to the policy. */
export function callOptions(route: Route, options: HostOptions): CallOptions {
  const call: CallOptions = {
    ...route.plan,
    ...route.options.call,
    ...(options.providerOptions?.["holdfast"] as HoldfastCallOptions | undefined),
    input: options,
  };
  call.tokens ??= estimateTokens(options);
  if (options.abortSignal) call.signal = options.abortSignal;
  if (executesTools(options)) call.unsafe = true;
  const { preflight } = route.options;
  if (preflight && route.provider === "google")
    call.findings = findingsOf(preflight, options, route.base.modelId);
  return call;
}

/** Executes one call of a held model. @throws what `finalError` makes of the error, or the caller's own reason */
export async function run<T>(
  route: Route,
  call: Call<T>,
  options: CallOptions,
): Promise<Executed<T>> {
  try {
    return await route.policy.execute(call, options);
  } catch (error) {
    throw finalError(error, route.policy);
  }
}
