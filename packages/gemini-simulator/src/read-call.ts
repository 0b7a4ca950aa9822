import { payloadExceeds, payloadLimit } from "./faults/payload-too-large.ts";
import { type GoogleError, invalidArgument } from "./google-error.ts";
import { isObject, type JsonObject, parseJson, toText } from "./json.ts";
import { geminiBody, geminiEmbedding } from "./openai/to-gemini.ts";
import { type Call } from "./request.ts";

/** A call whose body was read, or why it could not be. */
export interface ReadCall {
  call: Call;
  /** In Gemini's own words, whatever dialect it came in; empty when it could not be read. */
  body: JsonObject;
  error: GoogleError | undefined;
}

/** Reads the body, and what it says about the address: other dialects name the model there. */
export function readCall(call: Call): ReadCall {
  const { request, operation } = call;
  if (request.method === "GET" || request.method === "DELETE" || operation === "uploadFile")
    return { call, body: {}, error: undefined };
  if (Buffer.byteLength(request.body) > payloadLimit)
    return { call, body: {}, error: payloadExceeds(payloadLimit) };
  const body = parse(request.body);
  if (body === undefined) return { call, body: {}, error: notJson(request.body) };
  if (operation === "chatCompletions") {
    const framing = body["stream"] === true ? "openai-sse" : "openai";
    return {
      call: { ...call, framing, model: modelName(body) },
      body: geminiBody(body),
      error: undefined,
    };
  }
  if (operation === "openaiEmbeddings")
    return {
      call: { ...call, model: modelName(body) },
      body: geminiEmbedding(body),
      error: undefined,
    };
  if (operation === "createInteraction")
    return { call: { ...call, model: modelName(body) }, body, error: undefined };
  return { call, body, error: undefined };
}

function modelName(body: JsonObject): string {
  return toText(body["model"]).replace(/^models\//, "");
}

function parse(text: string): JsonObject | undefined {
  const value = text === "" ? {} : parseJson(text);
  return isObject(value) ? value : undefined;
}

function notJson(text: string): GoogleError {
  const [line = ""] = text.split("\n");
  return invalidArgument(
    `Invalid JSON payload received. Unexpected token.\n${line.slice(0, 40)}\n^`,
  );
}
