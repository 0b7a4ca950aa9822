import { type JsonObject } from "../json.ts";
import { type Scenario } from "../scenario.ts";
import { type Generation } from "./generate.ts";

/** The fields that end every GenerateContentResponse. */
export type Envelope = JsonObject & { modelVersion: string; responseId: string };

/** A GenerateContentResponse and how long after the one before it comes, in milliseconds. */
export interface TimedMessage {
  delay: number;
  message: JsonObject;
}

/** The one message of a plain answer. */
export function wholeMessage(
  generation: Generation,
  envelope: Envelope,
  speed: Scenario["speed"],
): TimedMessage {
  const { parts, finishReason, outputTokens } = generation;
  const candidate = { content: { parts, role: "model" }, finishReason, index: 0 };
  const message = {
    candidates: [candidate],
    usageMetadata: usageOf(generation.promptTokens, outputTokens),
    ...envelope,
  };
  return { delay: speed.firstToken + tokenTime(outputTokens, speed), message };
}

/** The messages of a stream: a few tokens each, the last one with the finish reason. */
export function streamedMessages(
  generation: Generation,
  envelope: Envelope,
  speed: Scenario["speed"],
): TimedMessage[] {
  const pieces = piecesOf(generation.parts, speed.tokensPerChunk * 4);
  return pieces.map((parts, index) => {
    const last = index === pieces.length - 1;
    const tokens = Math.min(generation.outputTokens, (index + 1) * speed.tokensPerChunk);
    const finish = last ? { finishReason: generation.finishReason } : {};
    const candidate = { content: { parts, role: "model" }, ...finish, index: 0 };
    const usageMetadata = usageOf(generation.promptTokens, last ? generation.outputTokens : tokens);
    const delay = index === 0 ? speed.firstToken : tokenTime(speed.tokensPerChunk, speed);
    return { delay, message: { candidates: [candidate], usageMetadata, ...envelope } };
  });
}

/** What a request has used. */
export interface Usage extends JsonObject {
  promptTokenCount: number;
  totalTokenCount: number;
}

/** `usageMetadata` of a prompt, after so many tokens of output. */
export function usageOf(promptTokens: number, outputTokens: number): Usage {
  return {
    promptTokenCount: promptTokens,
    ...(outputTokens > 0 && { candidatesTokenCount: outputTokens }),
    totalTokenCount: promptTokens + outputTokens,
    promptTokensDetails: [{ modality: "TEXT", tokenCount: promptTokens }],
    serviceTier: "standard",
  };
}

function tokenTime(tokens: number, { tokensPerSecond }: Scenario["speed"]): number {
  return tokensPerSecond === 0 ? 0 : (1000 * tokens) / tokensPerSecond;
}

/** Text comes a few tokens at a time, everything else in one piece. */
function piecesOf(parts: readonly JsonObject[], size: number): JsonObject[][] {
  const [first] = parts;
  const text = first?.["text"];
  if (parts.length !== 1 || typeof text !== "string" || text.length <= size) return [[...parts]];
  const count = Math.ceil(text.length / size);
  return Array.from({ length: count }, (_, index) => [
    { ...first, text: text.slice(index * size, (index + 1) * size) },
  ]);
}
