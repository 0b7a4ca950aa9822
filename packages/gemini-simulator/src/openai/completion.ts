import { type JsonObject, toObject, toObjects } from "../json.ts";
import { type TimedMessage } from "../reply/messages.ts";

/** A GenerateContentResponse as a chat completion. */
export function completionOf(message: JsonObject, time: number): JsonObject {
  const choices = toObjects(message["candidates"]).map((candidate) => ({
    finish_reason: finishReason(candidate),
    index: 0,
    message: { role: "assistant", ...contentOf(candidate) },
  }));
  return { ...frameOf(message, "chat.completion", time), choices, usage: usageOf(message) };
}

/** A piece of a streamed answer as a chunk of a chat completion. */
function chunkOf(message: JsonObject, time: number): JsonObject {
  const choices = toObjects(message["candidates"]).map((candidate) => ({
    delta: { role: "assistant", ...contentOf(candidate) },
    finish_reason: finishReason(candidate) ?? null,
    index: 0,
  }));
  const done = choices.some((choice) => choice.finish_reason !== null);
  return {
    ...frameOf(message, "chat.completion.chunk", time),
    choices,
    ...(done && { usage: usageOf(message) }),
  };
}

/** The events of a streamed chat completion, with the one that says it is over. */
export function completionEvents(
  messages: readonly TimedMessage[],
  time: number,
): { delay: number; text: string }[] {
  const events = messages.map(({ delay, message }) => ({
    delay,
    text: `data: ${JSON.stringify(chunkOf(message, time))}\n\n`,
  }));
  return [...events, { delay: 0, text: "data: [DONE]\n\n" }];
}

function frameOf(message: JsonObject, object: string, time: number): JsonObject {
  return {
    id: message["responseId"],
    object,
    created: Math.floor(time / 1000),
    model: message["modelVersion"],
  };
}

function contentOf(candidate: JsonObject): JsonObject {
  const parts = toObjects(toObject(candidate["content"])["parts"]);
  const text = parts
    .map((part) => part["text"])
    .filter((one) => typeof one === "string")
    .join("");
  const calls = parts.filter((part) => "functionCall" in part).map(toolCall);
  return {
    ...((text !== "" || calls.length === 0) && { content: text }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function toolCall(part: JsonObject, index: number): JsonObject {
  const { name, args } = toObject(part["functionCall"]);
  const signature = part["thoughtSignature"];
  return {
    ...(signature !== undefined && { extra_content: { google: { thought_signature: signature } } }),
    function: { arguments: JSON.stringify(args), name },
    id: `function-call-${index + 1}`,
    index,
    type: "function",
  };
}

const reasons: Readonly<Record<string, string>> = {
  STOP: "stop",
  MAX_TOKENS: "length",
  SAFETY: "content_filter",
  PROHIBITED_CONTENT: "content_filter",
  RECITATION: "content_filter",
};

function finishReason(candidate: JsonObject): string | undefined {
  const reason = candidate["finishReason"];
  if (typeof reason !== "string") return undefined;
  const called = toObjects(toObject(candidate["content"])["parts"]).some(
    (part) => "functionCall" in part,
  );
  return called && reason === "STOP" ? "tool_calls" : (reasons[reason] ?? reason);
}

function usageOf(message: JsonObject): JsonObject {
  const usage = toObject(message["usageMetadata"]);
  return {
    completion_tokens: usage["candidatesTokenCount"] ?? 0,
    prompt_tokens: usage["promptTokenCount"] ?? 0,
    total_tokens: usage["totalTokenCount"] ?? 0,
  };
}
