// Codes of the providers that stand in a chain beside Gemini, and of the relays between.
// Sources: platform.openai.com/docs/guides/error-codes, docs.claude.com/en/api/errors, openrouter.ai/docs/api-reference/errors.

import type { FailureKind } from "../failure.ts";
import type { Signals } from "./signals.ts";

const kinds: Readonly<Record<string, FailureKind>> = {
  insufficient_quota: "spend-cap",
  billing_hard_limit_reached: "spend-cap",
  billing_error: "spend-cap",
  billing_not_active: "billing-required",
  account_deactivated: "project-suspended",
  invalid_api_key: "invalid-api-key",
  authentication_error: "unauthenticated",
  unauthorized: "unauthenticated",
  permission_error: "permission-denied",
  unsupported_country_region_territory: "region-unsupported",
  model_not_found: "model-not-found",
  context_length_exceeded: "context-length-exceeded",
  string_above_max_length: "context-length-exceeded",
  request_too_large: "payload-too-large",
  content_filter: "content-blocked-prompt",
  content_policy_violation: "content-blocked-prompt",
  overloaded_error: "capacity-exhausted",
  engine_overloaded: "capacity-exhausted",
  server_overloaded: "capacity-exhausted",
  timeout_error: "timeout",
  invalid_prompt: "invalid-request",
};

/** The kind a provider's own code states. */
export const kindOfProviderCode = (code: string): FailureKind | undefined => {
  const lower = code.toLowerCase();
  return Object.hasOwn(kinds, lower) ? kinds[lower] : undefined;
};

const vaguer: Readonly<Record<string, FailureKind>> = {
  rate_limit_error: "rate-limit-unknown",
  rate_limit_exceeded: "rate-limit-unknown",
  invalid_request_error: "invalid-request",
  not_found_error: "model-not-found",
  api_error: "server-error",
  server_error: "server-error",
  internal_server_error: "server-error",
};

/** The kind of a code that says little more than a status would. */
export const kindOfVagueCode = (code: string): FailureKind | undefined =>
  Object.hasOwn(vaguer, code) ? vaguer[code] : undefined;

const hosts: readonly (readonly [RegExp, string])[] = [
  [/openrouter/i, "openrouter"],
  [
    /googleapis\.com|ai\.google\.dev|google\.rpc|googlegenerativeai|cloud\.google\.com|ai\.studio|cloud code assist|gemini/i,
    "google",
  ],
  [/openai\.com/i, "openai"],
  [/anthropic\.com|request_id['"]?: ?['"]?req_011/i, "anthropic"],
];

/** Who answered, where the error tells. */
export function nameProvider(
  { provider, detailed, rpc, url }: Signals,
  text: string,
): string | undefined {
  if (provider !== undefined) return provider;
  if (detailed) return "google";
  const named =
    (url ? hosts.find(([host]) => host.test(url)) : undefined) ??
    hosts.find(([host]) => host.test(text));
  if (named) return named[1];
  return rpc === undefined ? undefined : "google";
}
