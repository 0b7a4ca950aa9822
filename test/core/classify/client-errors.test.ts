import { classify, type FailureKind } from "@holdfast/core";
import { describe, expect, test } from "vitest";

describe("what the AI SDK refuses or misses by itself", () => {
  test.each<[name: string, message: string, kind: FailureKind]>([
    ["AI_UnsupportedFunctionalityError", "'topK' functionality not supported.", "invalid-request"],
    ["AI_InvalidPromptError", "Invalid prompt: it is empty", "invalid-request"],
    ["AI_MessageConversionError", "Unable to convert message", "invalid-request"],
    ["AI_TooManyEmbeddingValuesForCallError", "Too many values", "invalid-request"],
    ["AI_UnsupportedModelVersionError", "Unsupported model version v1", "invalid-request"],
    ["AI_NoSuchModelError", "No such languageModel: gemini-99", "model-not-found"],
    ["AI_LoadAPIKeyError", "A key is missing.", "unauthenticated"],
    ["AI_NoImageGeneratedError", "No image generated.", "empty-response"],
    ["AI_NoOutputGeneratedError", "No output generated.", "empty-response"],
    ["AI_NoSuchToolError", "Model tried to call unavailable tool 'x'.", "malformed-function-call"],
    ["AI_InvalidToolInputError", "Invalid input for tool x", "malformed-function-call"],
  ])("%s", (name, message, kind) => {
    expect(classify(Object.assign(new Error(message), { name })).kind).toBe(kind);
    expect(classify(`2026-11-02 ERROR ${name}: ${message}`).kind).toBe(kind);
  });

  test("a picture that could not be fetched says nothing of the model, whatever its status was", () => {
    const error = Object.assign(new Error("Failed to download https://x.example/a.png: 404"), {
      name: "AI_DownloadError",
      statusCode: 404,
    });
    expect(classify(error)).toMatchObject({
      kind: "resource-not-found",
      helps: { model: false },
      scope: "request",
    });
  });
});
