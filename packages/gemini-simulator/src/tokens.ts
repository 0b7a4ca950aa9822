import { field, type JsonObject, toObject, toObjects } from "./json.ts";

/** Roughly how many tokens a text has: four characters each. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

/** Tokens of one image or other file, as Gemini counts a small image. */
export const mediaTokens: number = 258;

/** Tokens of a request's contents, system instruction and tools. */
export function promptTokens(body: JsonObject): number {
  const contents = [
    ...toObjects(field(body, "contents")),
    toObject(field(body, "systemInstruction")),
  ];
  const parts = contents.flatMap((content) => toObjects(content["parts"]));
  const tools = field(body, "tools");
  const declared = tools === undefined ? 0 : countTokens(JSON.stringify(tools));
  return parts.reduce((sum, part) => sum + partTokens(part), declared);
}

function partTokens(part: JsonObject): number {
  const text = part["text"];
  if (typeof text === "string") return countTokens(text);
  if (field(part, "inlineData") !== undefined || field(part, "fileData") !== undefined)
    return mediaTokens;
  return countTokens(JSON.stringify(part));
}
