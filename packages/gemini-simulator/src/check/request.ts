import { type GoogleError } from "../google-error.ts";
import { type JsonObject } from "../json.ts";
import { type ModelFamily, type Model } from "../models.ts";
import { type Call, isGeneration, type Operation } from "../request.ts";
import { checkContents, checkSignatures } from "./contents.ts";
import { checkEmbedding } from "./embedding.ts";
import { checkPayload } from "./payload.ts";
import { checkSettings } from "./settings.ts";

const messageOf: Partial<Record<Operation, string>> = {
  generateContent: "GenerateContentRequest",
  streamGenerateContent: "GenerateContentRequest",
  countTokens: "CountTokensRequest",
  embedContent: "EmbedContentRequest",
  batchEmbedContents: "BatchEmbedContentsRequest",
};

/** Checks the shape of a body: names and types of fields. Before any model is looked at. */
export function checkShape(call: Call, body: JsonObject): GoogleError | undefined {
  const message = messageOf[call.operation];
  return message === undefined ? undefined : checkPayload(body, message);
}

/** Checks what a body asks of a model. */
export function checkMeaning(call: Call, body: JsonObject, model: Model): GoogleError | undefined {
  if (call.operation === "embedContent") return checkEmbedding(body, false);
  if (call.operation === "batchEmbedContents" || call.operation === "openaiEmbeddings")
    return checkEmbedding(body, true);
  if (!isGeneration(call)) return undefined;
  return (
    checkContents(body) ??
    checkSettings(body, model) ??
    (model.thinking ? checkSignatures(body) : undefined)
  );
}

const generating: readonly ModelFamily[] = ["text", "image", "speech", "transcription"];

const familiesOf: Partial<Record<Operation, readonly ModelFamily[]>> = {
  generateContent: generating,
  streamGenerateContent: generating,
  chatCompletions: generating,
  batchGenerateContent: ["text", "image"],
  embedContent: ["embedding"],
  batchEmbedContents: ["embedding"],
  openaiEmbeddings: ["embedding"],
  predict: ["imagen"],
};

/** True when a model can do what is asked of it. */
export function supports(model: Model, operation: Operation): boolean {
  return familiesOf[operation]?.includes(model.family) ?? true;
}
