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

/** What a request asks Gemini to do; `unknown` when no such path exists. */
export type Operation =
  | "batchEmbedContents"
  | "countTokens"
  | "embedContent"
  | "generateContent"
  | "getModel"
  | "listModels"
  | "streamGenerateContent"
  | "unknown";

/** How a body is framed: JSON, server-sent events, or a JSON array. */
export type Framing = "json" | "sse" | "array";

/** A request, understood as far as its address goes. */
export interface Call {
  request: GeminiRequest;
  operation: Operation;
  /** Such as `v1beta`. */
  version: string;
  /** The name after `models/`; empty where the path names none. */
  model: string;
  /** The name of the endpoint that was addressed. */
  endpoint: string;
  /** The host that was addressed, where the request tells. */
  host: string;
  query: URLSearchParams;
  framing: Framing;
}
