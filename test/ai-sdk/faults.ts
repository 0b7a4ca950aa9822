// What goes wrong with Gemini, by what is to be done about it; the same for a generation and for a stream.
import { type FaultInput } from "@holdfast/gemini-simulator";

/** It passes: the same is asked again. */
export const passing: readonly FaultInput[] = [
  "overload",
  "internal-error",
  { type: "no-capacity", wait: 5 },
  "reset",
  "refused",
  "deadline-exceeded",
  "bad-gateway",
  "cancelled",
  "empty-stop",
  "empty-body",
  "html-page",
  "malformed-function-call",
];

/** It lasts, at one model: the next one is asked. */
export const lasting: readonly FaultInput[] = [
  "overload",
  "minute-quota",
  "minute-token-quota",
  "bare-exhaustion",
  "day-quota",
  "zero-quota",
  "model-not-found",
  "internal-error",
  "empty-stop",
];

/** It lasts, for one key or project: the account is set aside. */
export const ofAccount: readonly FaultInput[] = [
  "invalid-key",
  "expired-key",
  "leaked-key",
  "restricted-key",
  "api-disabled",
  "billing-required",
  "permission-denied",
  "project-suspended",
];

/** Nothing that could be asked instead would help. */
export const ofRequest: readonly FaultInput[] = [
  "invalid-argument",
  "blocked-prompt",
  "blocked-response",
  "max-tokens",
  "region-blocked",
];
