// Answers with status 200 that cannot be used: blocked, malformed, cut, empty.

import type { Failure, FailureKind } from "../failure.ts";
import { makeFailure, type Verdict } from "./make-failure.ts";

/** A model's answer as an adapter hands it over, whatever the host's result looks like. */
export interface Answer {
  /** Gemini's raw reason where it is known ("MALFORMED_FUNCTION_CALL"), else the host's unified one ("content-filter"). */
  finishReason?: string;
  /** `promptFeedback.blockReason`. */
  blockReason?: string;
  /** The text, or the beginning of it. */
  text?: string;
  /** Parts with content of any sort: text, tool calls, files. Thoughts do not count. */
  parts?: number;
  toolCalls?: number;
  usage?: { inputTokens?: number; outputTokens?: number };
  /** The model that answered. */
  modelVersion?: string;
  /** Gemini's remark on the finish reason; names the tool of an unexpected call. */
  finishMessage?: string;
}

// Finish reasons that spoil an answer whatever else it holds.
const spoiled: Readonly<Record<string, Verdict>> = {
  SAFETY: { kind: "content-blocked-response" },
  PROHIBITED_CONTENT: { kind: "content-blocked-response" },
  BLOCKLIST: { kind: "content-blocked-response" },
  SPII: { kind: "content-blocked-response" },
  LANGUAGE: { kind: "content-blocked-response" },
  IMAGE_SAFETY: { kind: "content-blocked-response" },
  IMAGE_PROHIBITED_CONTENT: { kind: "content-blocked-response" },
  MODEL_ARMOR: { kind: "content-blocked-response" },
  CONTENT_FILTER: { kind: "content-blocked-response" },
  RECITATION: { kind: "recitation" },
  IMAGE_RECITATION: { kind: "recitation" },
  MALFORMED_FUNCTION_CALL: { kind: "malformed-function-call" },
  UNEXPECTED_TOOL_CALL: { kind: "malformed-function-call" },
  TOO_MANY_TOOL_CALLS: { kind: "malformed-function-call" },
  MALFORMED_RESPONSE: { kind: "malformed-function-call" },
  // The history lacks what this model wants echoed; a model without signatures takes it.
  MISSING_THOUGHT_SIGNATURE: { kind: "invalid-request", helps: { model: true } },
  INTERRUPTED: { kind: "stream-interrupted" },
  ERROR: { kind: "stream-interrupted" },
};

// Finish reasons that matter only because nothing came before them.
const withoutContent: Readonly<Record<string, FailureKind>> = {
  MAX_TOKENS: "truncated-max-tokens",
  LENGTH: "truncated-max-tokens",
  INTERRUPTED: "empty-response",
  ERROR: "empty-response",
};

/** How nearly every answer ends. */
const usual: ReadonlySet<string | undefined> = new Set(["STOP", "stop"]);

const norm = (reason: string | undefined): string =>
  (reason ?? "").slice(0, 60).replaceAll("-", "_").toUpperCase();

/** Whether an answer holds anything to hand on. */
const hasContent = (answer: Answer): boolean =>
  (answer.toolCalls ?? 0) > 0 ||
  /\S/.test(answer.text ?? "") ||
  (answer.text === undefined && (answer.parts ?? 0) > 0);

/** What makes an answer unusable; `undefined` for a usable one. Unknown finish reasons are no failure. */
export function judgeAnswer(answer: Answer): Verdict | undefined {
  if (!hasContent(answer)) return judgeNothing(answer);
  if (usual.has(answer.finishReason)) return undefined;
  // A call that is there can be executed, whatever was said about another one.
  const verdict = spoiledBy(norm(answer.finishReason));
  const callable = (answer.toolCalls ?? 0) > 0 && verdict?.kind === "malformed-function-call";
  return callable ? undefined : verdict;
}

/** Why there is nothing to hand on. */
function judgeNothing({ blockReason, finishReason }: Answer): Verdict {
  if (blockReason !== undefined) return { kind: "content-blocked-prompt" };
  const reason = norm(finishReason);
  const kind = Object.hasOwn(withoutContent, reason) ? withoutContent[reason] : undefined;
  return kind ? { kind } : (spoiledBy(reason) ?? { kind: "empty-response" });
}

const spoiledBy = (reason: string): Verdict | undefined =>
  Object.hasOwn(spoiled, reason) ? spoiled[reason] : undefined;

/**
 * Judges an answer that arrived with status 200. `undefined` means usable; otherwise the failure it stands for.
 * Content counts first: text or tool calls with a finish reason nobody knows yet are usable.
 */
export function classifyAnswer(answer: Answer): Failure | undefined {
  const verdict = judgeAnswer(answer);
  return verdict && makeFailure(verdict, { message: describeAnswer(answer), error: answer });
}

/** One line on an unusable answer. */
export function describeAnswer({ blockReason, finishReason, finishMessage }: Answer): string {
  if (finishMessage !== undefined && finishMessage !== "") return finishMessage;
  if (blockReason !== undefined) return `The prompt was blocked: ${blockReason}.`;
  return finishReason === undefined
    ? "The model returned no content."
    : `The model returned no usable content; finish reason ${finishReason}.`;
}
