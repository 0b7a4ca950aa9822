// Recognises a model's answer in a body, and boils it down to what its usability depends on.

import type { Answer } from "./answer.ts";
import { type Fields, get, getText, isFields, items } from "./safe.ts";
import type { Signals } from "./signals.ts";

const field = (value: unknown, key: string): unknown =>
  isFields(value) ? get(value, key) : undefined;

/** Text, calls and parts of a Gemini candidate; thoughts are no content. */
function readParts(parts: readonly unknown[]): Answer {
  const answer = { text: "", parts: 0, toolCalls: 0 };
  for (const part of parts) {
    if (!isFields(part) || get(part, "thought") === true) continue;
    const text = getText(part, "text");
    if (text !== undefined) answer.text += text.slice(0, 100);
    if (isFields(get(part, "functionCall"))) answer.toolCalls += 1;
    if (text === undefined || text !== "") answer.parts += 1;
  }
  const { text, ...counts } = answer;
  // A file without words is content; parts with empty text are not.
  return answer.parts > 0 && text === "" ? counts : answer;
}

function readCandidates(value: Fields): Answer {
  const candidates = items(get(value, "candidates"), 8) ?? [];
  const first = candidates.find((candidate) => isFields(candidate));
  const blockReason = field(get(value, "promptFeedback"), "blockReason");
  const finishReason = field(first, "finishReason");
  const finishMessage = field(first, "finishMessage");
  return {
    ...readParts(items(field(field(first, "content"), "parts"), 200) ?? []),
    ...(typeof blockReason === "string" ? { blockReason } : {}),
    ...(typeof finishReason === "string" ? { finishReason } : {}),
    ...(typeof finishMessage === "string" ? { finishMessage } : {}),
  };
}

/** The same of an answer in OpenAI's format, which Gemini's compatible endpoint and relays speak. */
function readChoices(choices: readonly unknown[]): Answer {
  const [first] = choices;
  const message = field(first, "message") ?? field(first, "delta");
  const text = field(message, "content");
  const calls = items(field(message, "tool_calls"), 100)?.length ?? 0;
  const finishReason = field(first, "finish_reason");
  return {
    text: typeof text === "string" ? text.slice(0, 100) : "",
    toolCalls: calls,
    // The compatible endpoint writes "content_filter: SAFETY" and "function_call_filter: MALFORMED_FUNCTION_CALL".
    ...(typeof finishReason === "string"
      ? { finishReason: finishReason.split(": ").at(-1) ?? "" }
      : {}),
  };
}

function answerOf(value: Fields): Answer | undefined {
  if (isFields(get(value, "promptFeedback")) || items(get(value, "candidates"), 1))
    return readCandidates(value);
  const choices = items(get(value, "choices"), 1);
  if (choices) return readChoices(choices);
  if (isFields(get(value, "usageMetadata")) && !isFields(get(value, "error"))) return { text: "" };
  const blockReason = getText(value, "blockReason");
  const finishReason = getText(value, "finishReason");
  if (blockReason === undefined && finishReason === undefined) return undefined;
  return {
    ...(blockReason === undefined ? {} : { blockReason }),
    ...(finishReason === undefined ? {} : { finishReason }),
  };
}

const add = (a: number | undefined, b: number | undefined): number => (a ?? 0) + (b ?? 0);

/** The events of a stream add up to one answer; the last finish reason is its own. */
function join(before: Answer, next: Answer): Answer {
  const text = `${before.text ?? ""}${next.text ?? ""}`.slice(0, 200);
  const joined: Answer = {
    ...before,
    ...next,
    parts: add(before.parts, next.parts),
    toolCalls: add(before.toolCalls, next.toolCalls),
  };
  if (before.text !== undefined || next.text !== undefined) joined.text = text;
  return joined;
}

/** Adds what this value holds of an answer. */
export function readAnswerBody(value: Fields, signals: Signals): void {
  const next = answerOf(value);
  if (next === undefined) return;
  const modelVersion = getText(value, "modelVersion");
  if (modelVersion !== undefined) {
    next.modelVersion = modelVersion;
    signals.model ??= modelVersion;
  }
  signals.answer = signals.answer === undefined ? next : join(signals.answer, next);
}
