import { type Call, type CallOptions, type Executed } from "@holdfast/core";

import { checkCallOptions } from "./check-options.ts";
import { finalError } from "./final-error.ts";
import { type HostMessage, type HostOptions } from "./host-types.ts";
import { type HoldfastCallOptions } from "./options.ts";
import { findingsOf } from "./preflight.ts";
import { conversationOf, isOfProject } from "./prompt.ts";
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

/** Where several accounts could serve: which has to, and which had better. */
function place(route: Route, options: HostOptions, call: CallOptions): void {
  if (route.home !== undefined && call.account === undefined && isOfProject(options))
    call.account = route.home;
  const conversation = call.affinity ?? conversationOf(options);
  if (conversation !== undefined) call.affinity = conversation;
}

/** What the call of a held model says to the policy. */
function callOptions(route: Route, options: HostOptions): CallOptions {
  const own = options.providerOptions?.["holdfast"] as HoldfastCallOptions | undefined;
  if (own !== undefined) checkCallOptions(own, "providerOptions.holdfast");
  const call: CallOptions = own ? { ...route.plan, ...own } : { ...route.plan };
  call.input = options;
  call.tokens ??= estimateTokens(options);
  if (options.abortSignal) call.signal = options.abortSignal;
  if (executesTools(options)) call.unsafe = true;
  if (route.policy.settings.accounts.length > 1) place(route, options, call);
  const { preflight } = route.options;
  // Only language models are asked with messages: what others are sent has another shape.
  if (preflight && route.provider === "google" && typeof options.prompt === "object")
    call.findings = findingsOf(preflight, options, route.base.modelId);
  return call;
}

/** One call of a held model: how it is attempted, and what the host is told of it. */
export interface Work<T, R> {
  /** Says more to the policy than the host's options do. */
  prepare?: (call: CallOptions) => void;
  attempt: Call<T>;
  finish: (executed: Executed<T>, call: CallOptions) => R;
}

/** Executes one call of a held model. @throws what `finalError` makes of the error, or the caller's own reason */
export async function run<T, R>(
  route: Route,
  options: HostOptions,
  { prepare, attempt, finish }: Work<T, R>,
): Promise<R> {
  const { policy } = route;
  const call = callOptions(route, options);
  prepare?.(call);
  let executed: Executed<T>;
  try {
    executed = await policy.execute(attempt, call);
  } catch (error) {
    throw finalError(error, policy);
  }
  return finish(executed, call);
}
