// What a Google model saw of Gemini's own answer, before LangChain's conversion lost it.

/** The raw facts of one answer; filled in while it arrives. */
export interface Sighting {
  /** Whether the answer came as a stream, and every part of it was looked at. */
  streamed?: boolean;
  finishReason?: string | undefined;
  blockReason?: string | undefined;
  modelVersion?: string | undefined;
  /** The signature of each call of a tool, in order. */
  signatures?: (string | undefined)[];
}

/** The part of a `GenerateContentResponse` that is looked at. */
export interface RawResponse {
  error?: { code?: number; status?: string; message?: string; details?: unknown };
  promptFeedback?: { blockReason?: string };
  candidates?: readonly {
    finishReason?: string;
    content?: { parts?: Parts };
  }[];
  modelVersion?: string;
}

/** Under this key a call option carries the sighting that the attempt wants filled in. */
export const sightingKey: unique symbol = Symbol.for("holdfast.langchain.sighting");

/** The sighting that call options ask for. */
export function sightingOf(options: object): Sighting | undefined {
  return (options as { [sightingKey]?: Sighting })[sightingKey];
}

/** An error that arrived inside a stream whose HTTP status was 200. */
function streamError(error: NonNullable<RawResponse["error"]>): Error {
  return Object.assign(new Error(error.message ?? "the stream carried an error"), {
    name: "GoogleStreamError",
    ...(error.code === undefined ? {} : { status: error.code }),
    ...(error.status === undefined ? {} : { statusText: error.status }),
    ...(error.details === undefined ? {} : { errorDetails: error.details }),
  });
}

/** A prompt that was refused: both packages end such a stream as if nothing had been said. */
function promptBlocked(blockReason: string): Error {
  return Object.assign(new Error(`Prompt was blocked: ${blockReason}.`), {
    name: "PromptBlockedError",
    blockReason,
  });
}

function note(response: RawResponse, sighting: Sighting): void {
  const [candidate] = response.candidates ?? [];
  sighting.finishReason = candidate?.finishReason ?? sighting.finishReason;
  sighting.blockReason = response.promptFeedback?.blockReason ?? sighting.blockReason;
  sighting.modelVersion = response.modelVersion ?? sighting.modelVersion;
  if (candidate?.content?.parts) noteCalls(candidate.content.parts, sighting);
}

type Parts = readonly { functionCall?: object; thoughtSignature?: string }[];

function noteCalls(parts: Parts, sighting: Sighting): void {
  for (const { functionCall, thoughtSignature } of parts)
    if (functionCall) (sighting.signatures ??= []).push(thoughtSignature);
}

/**
 * Looks at one response of a stream and notes what it tells.
 * @throws Error for what the packages swallow: an error event, a blocked prompt
 */
export function look(response: RawResponse, sighting: Sighting | undefined): void {
  if (response.error) throw streamError(response.error);
  if (sighting) note(response, sighting);
  const blockReason = response.promptFeedback?.blockReason;
  if (blockReason && !response.candidates?.length) throw promptBlocked(blockReason);
}
