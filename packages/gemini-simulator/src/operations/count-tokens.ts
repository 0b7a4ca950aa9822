import { type Answer, jsonAnswer } from "../answer.ts";
import { field, type JsonObject, toObject } from "../json.ts";
import { promptTokens } from "../tokens.ts";

/** Answers `countTokens`, for contents or for a whole generateContentRequest. */
export function answerCountTokens(body: JsonObject): Answer {
  const inner = toObject(field(body, "generateContentRequest"));
  const totalTokens = promptTokens("contents" in inner ? inner : body);
  return jsonAnswer(200, {
    totalTokens,
    promptTokensDetails: [{ modality: "TEXT", tokenCount: totalTokens }],
  });
}
