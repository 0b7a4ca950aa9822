import { type GoogleError, invalidArgument } from "../google-error.ts";
import { field, type JsonObject, toObject, toObjects } from "../json.ts";

/** The fields of a part of which one has to be there. */
const partData = [
  "text",
  "inlineData",
  "fileData",
  "functionCall",
  "functionResponse",
  "executableCode",
  "codeExecutionResult",
  "toolCall",
  "toolResponse",
];

/** Checks that there are contents, that they have parts, and that their turns are in order. */
export function checkContents(body: JsonObject): GoogleError | undefined {
  const contents = toObjects(field(body, "contents"));
  if (contents.length === 0) return violation("contents: contents is not specified");
  return checkParts(contents) ?? checkRoles(contents) ?? checkTurns(contents);
}

function violation(...lines: string[]): GoogleError {
  return invalidArgument(lines.map((line) => `* GenerateContentRequest.${line}\n`).join(""));
}

function checkParts(contents: readonly JsonObject[]): GoogleError | undefined {
  const empty = contents.flatMap((content, index) =>
    toObjects(content["parts"]).length === 0
      ? [`contents[${index}].parts: contents.parts must not be empty.`]
      : [],
  );
  if (empty.length > 0) return violation(...empty);
  const bare = contents.flatMap((content, index) =>
    toObjects(content["parts"]).flatMap((part, at) =>
      partData.some((name) => field(part, name) !== undefined && field(part, name) !== null)
        ? []
        : [
            `contents[${index}].parts[${at}].data: required oneof field 'data' must have one initialized field`,
          ],
    ),
  );
  return bare.length > 0 ? violation(...bare) : undefined;
}

const roles: ReadonlySet<unknown> = new Set([undefined, null, "", "user", "model", "function"]);

function checkRoles(contents: readonly JsonObject[]): GoogleError | undefined {
  if (!contents.every(({ role }) => roles.has(role)))
    return invalidArgument("Please use a valid role: user, model.");
  const [only] = contents;
  if (contents.length === 1 && only?.["role"] === "model") {
    return invalidArgument(
      "Please ensure that single turn requests end with a user role or the role field is empty.",
    );
  }
  return undefined;
}

/** A call comes after a user or a result; its results come right after it, as many as there were calls. */
function checkTurns(contents: readonly JsonObject[]): GoogleError | undefined {
  for (const [index, content] of contents.entries()) {
    const before = contents[index - 1];
    const calls = count(content, "functionCall");
    const responses = count(content, "functionResponse");
    const open = before === undefined ? 0 : count(before, "functionCall");
    if (calls > 0 && (before === undefined || before["role"] === "model")) {
      return invalidArgument(
        "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
      );
    }
    if (responses > 0 && open === 0) {
      return invalidArgument(
        "Please ensure that function response turn comes immediately after a function call turn.",
      );
    }
    if (open > 0 && responses !== open) {
      return invalidArgument(
        "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.",
      );
    }
  }
  return undefined;
}

function count(content: JsonObject, name: string): number {
  return toObjects(content["parts"]).filter((part) => field(part, name) !== undefined).length;
}

/**
 * Checks that the calls of the current turn bring back the signature of the thought that led to them; of calls made
 * in parallel only the first has one.
 */
export function checkSignatures(body: JsonObject): GoogleError | undefined {
  const contents = toObjects(field(body, "contents"));
  const lastUser = contents.findLastIndex(
    (content) => content["role"] !== "model" && count(content, "functionResponse") === 0,
  );
  for (const [index, content] of contents.entries()) {
    if (index <= lastUser) continue;
    const [first] = toObjects(content["parts"]).filter(
      (part) => field(part, "functionCall") !== undefined,
    );
    if (first === undefined || Boolean(field(first, "thoughtSignature"))) continue;
    const { name } = toObject(field(first, "functionCall"));
    return invalidArgument(
      `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${String(name)}\` , position ${index + 1}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.`,
    );
  }
  return undefined;
}
