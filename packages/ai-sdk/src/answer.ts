// What a host answered, in the normal form by which core decides whether it is usable.
import { type Answer, type Usage } from "@holdfast/core";

import {
  type ByProvider,
  type HostFinishReason,
  type HostPart,
  type HostResult,
  type HostUsage,
} from "./host-types.ts";

/** Parts that carry no answer of their own. */
const accompanying = new Set(["text", "reasoning", "source", "tool-call"]);

/** Gemini's own word for the end where the host hands it on, else the SDK's. */
export function reasonOf(reason: HostFinishReason | undefined): string | undefined {
  if (reason === undefined || typeof reason === "string") return reason;
  const { raw } = reason;
  return raw && (raw === "STOP" || /^[A-Z_]+$/.test(raw)) ? raw : reason.unified;
}

function count(tokens: HostUsage["inputTokens"]): number | undefined {
  return typeof tokens === "object" ? tokens.total : tokens;
}

/** Input that was read from a cache, where some was. */
function cachedOf({ inputTokens, cachedInputTokens }: HostUsage): number | undefined {
  return (typeof inputTokens === "object" ? inputTokens.cacheRead : cachedInputTokens) || undefined;
}

/** Tokens as v2 and as v3 and v4 tell them. */
export function usageOf(usage: HostUsage | undefined): Usage {
  if (!usage) return {};
  const inputTokens = count(usage.inputTokens) ?? usage.tokens;
  const outputTokens = count(usage.outputTokens);
  const cachedInputTokens = cachedOf(usage);
  // Most answers are counted so; an object that grows costs several times as much.
  if (inputTokens !== undefined && outputTokens !== undefined && cachedInputTokens === undefined)
    return { inputTokens, outputTokens };
  const counted: Usage = {};
  if (inputTokens !== undefined) counted.inputTokens = inputTokens;
  if (outputTokens !== undefined) counted.outputTokens = outputTokens;
  if (cachedInputTokens !== undefined) counted.cachedInputTokens = cachedInputTokens;
  return counted;
}

interface PromptFeedback {
  blockReason?: unknown;
}

/** What Gemini said about a block or an end, from whichever name its provider writes metadata under. */
export function remarksOf(
  metadata: ByProvider | undefined,
): Pick<Answer, "blockReason" | "finishMessage"> {
  const remarks: Pick<Answer, "blockReason" | "finishMessage"> = {};
  for (const name in metadata) {
    const entry = metadata[name];
    const feedback = entry?.["promptFeedback"] as PromptFeedback | null | undefined;
    if (typeof feedback?.blockReason === "string") remarks.blockReason = feedback.blockReason;
    const message = entry?.["finishMessage"];
    if (typeof message === "string") remarks.finishMessage = message;
  }
  return remarks;
}

interface RawBody {
  error?: unknown;
  modelVersion?: unknown;
  candidates?: readonly { finishReason?: unknown; finishMessage?: unknown }[];
}

function bodyOf(result: HostResult): RawBody | undefined {
  const body = result.response?.body;
  return typeof body === "object" && body !== null ? body : undefined;
}

/** The model that really served, where the answer tells. */
export function modelVersionOf(result: HostResult): string | undefined {
  const version = bodyOf(result)?.modelVersion;
  return typeof version === "string" ? version : result.response?.modelId;
}

/** An error object that came with a status of 200, which @ai-sdk/google takes for an empty success. */
export function errorInBody(result: HostResult): unknown {
  return result.content?.length === 0 ? bodyOf(result)?.error : undefined;
}

function textOf(part: HostPart): string {
  return part.type === "text" && typeof part.text === "string" ? part.text : "";
}

/** What a generation holds: the last of its texts, and how many calls and other parts. */
function contentOf({
  content = [],
}: HostResult): Required<Pick<Answer, "text" | "toolCalls" | "parts">> {
  let text = "";
  let toolCalls = 0;
  let parts = 0;
  for (const part of content) {
    const said = textOf(part);
    if (said) text = said;
    else if (part.type === "tool-call") toolCalls += 1;
    else if (!accompanying.has(part.type)) parts += 1;
  }
  return { text, toolCalls, parts };
}

/** The normal form of a generation. */
export function answerOf(result: HostResult): Answer {
  const { text, toolCalls, parts } = contentOf(result);
  const finishReason = reasonOf(result.finishReason);
  // Nearly every answer is of this kind; an object that grows costs several times as much.
  if (text && finishReason !== undefined) return { toolCalls, parts, text, finishReason };
  return {
    toolCalls,
    parts,
    ...(text ? { text } : {}),
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(text || toolCalls || parts ? {} : saidInstead(result)),
  };
}

/** Why there is nothing: v2 hides Gemini's own word in the raw body. */
function saidInstead(result: HostResult): Partial<Answer> {
  const [candidate] = bodyOf(result)?.candidates ?? [];
  const said = remarksOf(result.providerMetadata);
  return {
    ...(typeof candidate?.finishReason === "string"
      ? { finishReason: candidate.finishReason }
      : {}),
    ...(typeof candidate?.finishMessage === "string"
      ? { finishMessage: candidate.finishMessage }
      : {}),
    ...said,
  };
}
