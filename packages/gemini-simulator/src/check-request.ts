import { payloadExceeds, payloadLimit } from "./faults/payload-too-large.ts";
import { type GoogleError, invalidArgument } from "./google-error.ts";
import { field, isObject, type JsonObject, toObjects } from "./json.ts";
import { type Call } from "./request.ts";

/** A body that was understood, or why it was not. */
export type CheckedBody =
  | { body: JsonObject; error?: undefined }
  | { body?: undefined; error: GoogleError };

/** Reads the body of a call and checks it as Gemini does before it looks at quotas. */
export function checkRequest(call: Call): CheckedBody {
  const text = call.request.body;
  if (call.operation === "listModels" || call.operation === "getModel") return { body: {} };
  if (text.length > payloadLimit) return { error: payloadExceeds(payloadLimit) };
  const body = parse(text);
  if (body === undefined) return { error: notJson(text) };
  const error = call.operation.endsWith("enerateContent") ? checkContents(body) : undefined;
  return error === undefined ? { body } : { error };
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = text === "" ? {} : JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function notJson(text: string): GoogleError {
  const [line = ""] = text.split("\n");
  return invalidArgument(
    `Invalid JSON payload received. Unexpected token.\n${line.slice(0, 40)}\n^`,
  );
}

function checkContents(body: JsonObject): GoogleError | undefined {
  const contents = toObjects(field(body, "contents"));
  if (contents.length === 0) {
    return invalidArgument("* GenerateContentRequest.contents: contents is not specified\n");
  }
  const empty = contents.flatMap((content, index) =>
    toObjects(content["parts"]).length === 0 ? [index] : [],
  );
  if (empty.length === 0) return undefined;
  const lines = empty.map(
    (index) =>
      `* GenerateContentRequest.contents[${index}].parts: contents.parts must not be empty.\n`,
  );
  return invalidArgument(lines.join(""));
}
