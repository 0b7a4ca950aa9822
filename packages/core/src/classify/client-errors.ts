// Errors that a client made itself, known by the name of their class: the AI SDK's, marked or printed.
// Source: ai-sdk.dev/docs/reference/ai-sdk-errors.

import type { Verdict } from "./make-failure.ts";

const verdicts: Readonly<Record<string, Verdict>> = {
  // What one provider's adapter cannot send another's may.
  AI_UnsupportedFunctionalityError: { kind: "invalid-request", helps: { model: true } },
  AI_NoSuchModelError: { kind: "model-not-found" },
  AI_NoSuchProviderError: { kind: "model-not-found" },
  AI_InvalidPromptError: { kind: "invalid-request" },
  AI_InvalidArgumentError: { kind: "invalid-request" },
  AI_InvalidMessageRoleError: { kind: "invalid-request" },
  AI_MessageConversionError: { kind: "invalid-request" },
  AI_TooManyEmbeddingValuesForCallError: { kind: "invalid-request" },
  AI_UnsupportedModelVersionError: { kind: "invalid-request" },
  // The file behind a URL of the prompt, not the model: closing the model for a 404 would be wrong.
  AI_DownloadError: { kind: "resource-not-found" },
  AI_LoadAPIKeyError: { kind: "unauthenticated" },
  AI_NoContentGeneratedError: { kind: "empty-response" },
  AI_NoOutputGeneratedError: { kind: "empty-response" },
  AI_NoImageGeneratedError: { kind: "empty-response" },
  AI_EmptyResponseBodyError: { kind: "empty-response" },
  AI_NoSuchToolError: { kind: "malformed-function-call" },
  AI_InvalidToolInputError: { kind: "malformed-function-call" },
  AI_InvalidToolArgumentsError: { kind: "malformed-function-call" },
};

const printed = /\bAI_\w{5,40}Error\b/;

/** The verdict on a client's own error: the outermost name that is known, else one that a text prints. */
export function classifyName(names: readonly string[], text: string): Verdict | undefined {
  for (const name of names) if (Object.hasOwn(verdicts, name)) return verdicts[name];
  const name = text.includes("AI_") ? printed.exec(text)?.[0] : undefined;
  return name !== undefined && Object.hasOwn(verdicts, name) ? verdicts[name] : undefined;
}
