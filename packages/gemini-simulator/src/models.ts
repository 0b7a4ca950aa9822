import { type Answer, jsonAnswer } from "./answer.ts";
import { type GoogleError } from "./google-error.ts";
import { type Call } from "./request.ts";

/** What a model is for, which decides what it answers. */
export type ModelFamily = "text" | "image" | "speech" | "transcription" | "embedding" | "imagen";

/** A model as the simulated Gemini knows it. */
export interface Model {
  name: string;
  family: ModelFamily;
  /** Tokens that a prompt may have. */
  inputTokenLimit: number;
  /** Tokens that an answer may have. */
  outputTokenLimit: number;
  /** The model that really answers, where an old or floating name is routed. */
  servedBy?: string;
  /** Shut down: asking for it is a 404. */
  retired?: boolean;
  /** Works in thinking mode: emits thought signatures that have to come back. */
  thinking: boolean;
}

/** What a scenario may say about a model. */
export type ModelInput = Pick<Model, "name"> & Partial<Model>;

const textNames = [
  "gemini-4-argon",
  "gemini-3.8-flash",
  "gemini-3.6-flash",
  "gemini-3.5-flash-lite",
  "gemini-3.1-pro-preview",
  "gemini-3.1-flash-lite",
  "gemini-3-flash-preview",
  "gemini-2.5-pro",
  "gemini-2.5-flash",
  "gemini-2.5-flash-lite",
];

/** Names that another model answers to (since 8 October 2026, or floating names). */
const routed: Readonly<Record<string, string>> = {
  "gemini-3.7-flash": "gemini-3.8-flash",
  "gemini-3.5-flash": "gemini-3.6-flash",
  "gemini-3-pro-preview": "gemini-3.1-pro-preview",
  "gemini-flash-latest": "gemini-3.8-flash",
  "gemini-flash-lite-latest": "gemini-3.5-flash-lite",
  "gemini-pro-latest": "gemini-4-argon",
};

const retiredNames = [
  "gemini-pro",
  "gemini-1.0-pro",
  "gemini-1.5-pro",
  "gemini-1.5-flash",
  "gemini-1.5-flash-8b",
  "gemini-2.0-flash",
  "gemini-2.0-flash-lite",
  "text-embedding-004",
  "embedding-001",
  "imagen-4.0-generate-001",
];

const otherNames: Readonly<Record<string, ModelFamily>> = {
  "gemini-nano-banana-2.1": "image",
  "gemini-3.1-flash-image": "image",
  "gemini-3.1-flash-lite-image": "image",
  "gemini-3-pro-image": "image",
  "gemini-2.5-flash-image": "image",
  "gemini-3.8-flash-tts": "speech",
  "gemini-3.8-flash-lite-tts": "speech",
  "gemini-2.5-flash-preview-tts": "speech",
  "gemini-3.5-transcribe": "transcription",
  "gemini-embedding-2": "embedding",
  "gemini-embedding-001": "embedding",
};

/** The models that exist, those of a scenario included, by name. */
export function createCatalogue(additions: readonly ModelInput[]): Map<string, Model> {
  const models = new Map<string, Model>();
  const add = (input: ModelInput): void => {
    const known = models.get(input.name) ?? defaultModel(input.name, input.family ?? "text");
    const changes = Object.entries(input).filter(([, value]) => value !== undefined);
    models.set(input.name, { ...known, ...Object.fromEntries(changes) });
  };
  for (const name of textNames) add({ name });
  for (const [name, servedBy] of Object.entries(routed)) add({ name, servedBy });
  for (const [name, family] of Object.entries(otherNames)) add({ name, family });
  for (const name of retiredNames) add({ name, retired: true });
  for (const model of additions) add(model);
  return models;
}

function defaultModel(name: string, family: ModelFamily): Model {
  const embedding = family === "embedding";
  return {
    name,
    family,
    inputTokenLimit: embedding ? 8192 : 1_048_576,
    outputTokenLimit: embedding ? 1 : 65_536,
    thinking: family === "text" && /^gemini-[3-9]/.test(name),
  };
}

/** What is assumed of a model that does not exist. */
export function unknownModel(name: string): Model {
  return defaultModel(name, "text");
}

/** The name under which quotas are counted and which `modelVersion` tells. */
export function resolvedName(model: Model): string {
  return model.servedBy ?? model.name;
}

/** 404 for a name that does not exist, or not for this method. */
export function modelNotFound(call: Pick<Call, "model" | "operation" | "version">): GoogleError {
  const { model, version, operation } = call;
  const method =
    operation === "unknown" || operation === "getModel"
      ? ""
      : `, or is not supported for ${asMethod(operation)}`;
  const advice = "Call ListModels to see the list of available models and their supported methods.";
  return {
    code: 404,
    status: "NOT_FOUND",
    message: `models/${model} is not found for API version ${version}${method}. ${advice}`,
  };
}

function asMethod(operation: string): string {
  return operation === "streamGenerateContent" ? "generateContent" : operation;
}

const methodsOf: Readonly<Record<ModelFamily, string[]>> = {
  text: ["generateContent", "countTokens", "createCachedContent", "batchGenerateContent"],
  image: ["generateContent", "countTokens", "batchGenerateContent"],
  speech: ["generateContent", "countTokens"],
  transcription: ["createInteraction"],
  embedding: ["embedContent", "countTextTokens", "countTokens", "asyncBatchEmbedContent"],
  imagen: ["predict"],
};

/** A model as the model list shows it. */
export function describeModel(model: Model): object {
  const title = model.name
    .replaceAll("-", " ")
    .replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
  return {
    name: `models/${model.name}`,
    version: /^gemini-([\d.]+)/.exec(model.name)?.[1] ?? "001",
    displayName: title,
    description: `${title}, simulated`,
    inputTokenLimit: model.inputTokenLimit,
    outputTokenLimit: model.outputTokenLimit,
    supportedGenerationMethods: methodsOf[model.family],
    ...(model.family === "text" && {
      temperature: 1,
      topP: 0.95,
      topK: 64,
      maxTemperature: 2,
      thinking: model.thinking,
    }),
  };
}

/** Answers the model list, page by page. */
export function listModels(call: Call, models: ReadonlyMap<string, Model>): Answer {
  const listed = [...models.values()].filter(({ retired }) => !retired).map(describeModel);
  const size = Number(call.query.get("pageSize") ?? 50);
  const first = Number(call.query.get("pageToken") ?? 0);
  const next = first + size;
  const token = next < listed.length ? { nextPageToken: String(next) } : {};
  return jsonAnswer(200, { models: listed.slice(first, next), ...token });
}
