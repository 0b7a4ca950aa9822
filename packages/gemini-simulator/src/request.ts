/** An HTTP request as the simulated Gemini receives it. */
export interface GeminiRequest {
  method: string;
  /** Absolute, or a path; with its query. */
  url: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The body as text; empty when there is none. */
  body: string;
}

/** All operations, in the words of Google's API. */
export const operations = [
  "batchEmbedContents",
  "batchGenerateContent",
  "cancelBatch",
  "chatCompletions",
  "countTokens",
  "createCachedContent",
  "createInteraction",
  "deleteBatch",
  "deleteCachedContent",
  "deleteFile",
  "downloadFile",
  "embedContent",
  "generateContent",
  "getBatch",
  "getCachedContent",
  "getFile",
  "getModel",
  "listBatches",
  "listCachedContents",
  "listFiles",
  "listModels",
  "openaiEmbeddings",
  "openaiModels",
  "predict",
  "streamGenerateContent",
  "uploadFile",
  "unknown",
] as const;

/** What a request asks Gemini to do; `unknown` when no such path exists. */
export type Operation = (typeof operations)[number];

/**
 * How a body is framed: JSON, server-sent events, or the pieces of a JSON array; and the same in the words of the
 * OpenAI-compatible endpoint or of the Interactions API.
 */
export type Framing = "json" | "sse" | "array" | "openai" | "openai-sse" | "interaction";

/** A request, understood as far as its address goes. */
export interface Call {
  request: GeminiRequest;
  operation: Operation;
  /** Such as `v1beta`. */
  version: string;
  /** The name after `models/`; empty where the request names none. */
  model: string;
  /** The id of a batch, a file or a cached content; empty for any other request. */
  resource: string;
  /** The name of the endpoint that was addressed. */
  endpoint: string;
  /** The origin that was addressed, such as `http://127.0.0.1:8787`. */
  origin: string;
  query: URLSearchParams;
  framing: Framing;
  /** When it arrived, in milliseconds since 1970. */
  time: number;
}

/** True of calls that are answered with a generated message. */
export function isGeneration({ operation }: Call): boolean {
  return (
    operation === "generateContent" ||
    operation === "streamGenerateContent" ||
    operation === "chatCompletions"
  );
}

/** True of calls whose answer comes in pieces. */
export function isStreamed({ framing }: Call): boolean {
  return framing === "sse" || framing === "array" || framing === "openai-sse";
}
