// What goes wrong with Gemini, by what is to be done about it; the same for a generation and for a stream.
import { type FaultInput } from "@holdfast/gemini-simulator";

const unavailable = { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" };
const exhausted = { code: 429, message: "Resource exhausted.", status: "RESOURCE_EXHAUSTED" };

/** What relays and front ends make of Gemini's refusals. */
const disfigured: readonly FaultInput[] = [
  // 503 without a word.
  { type: "empty-body", status: 503 },
  // An error in a list, as streams without events and the OpenAI-compatible endpoint have it.
  { type: "scripted-answer", status: 503, body: [{ error: unavailable }] },
  { type: "scripted-answer", status: 429, body: [{ error: exhausted }] },
  // An error that came as a success; a stream has it in its first event.
  { type: "stream-error", share: 0 },
];

/** It says in a header alone when to come back: in seven seconds. */
export const hinted: FaultInput = {
  type: "scripted-answer",
  status: 503,
  headers: { "Retry-After": "7" },
  body: { error: unavailable },
};

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
  ...disfigured,
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
  hinted,
  ...disfigured,
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
