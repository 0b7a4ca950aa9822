import { createGemini } from "@holdfast/gemini-simulator";
import * as fc from "fast-check";
import { expect, test } from "vitest";

const paths = [
  "models/gemini-3.8-flash:generateContent",
  "models/gemini-3.8-flash:streamGenerateContent?alt=sse",
  "models/gemini-3.8-flash:streamGenerateContent",
  "models/gemini-3.8-flash:countTokens",
  "models/gemini-3.1-flash-image:generateContent",
  "models/gemini-embedding-001:embedContent",
  "models/gemini-embedding-001:batchEmbedContents",
  "models/gemini-3.8-flash:batchGenerateContent",
  "cachedContents",
  "interactions",
  "openai/chat/completions",
  "openai/embeddings",
  "models/%zz:generateContent",
];

/** JSON that often has the names and shapes that Gemini looks at. */
const { value: jsonValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: "medium" },
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1,
      1e9,
      "",
      "user",
      "model",
      "OBJECT",
      "STRING",
      "ARRAY",
      "files/x",
      "gemini-3.8-flash",
    ),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        ..."contents parts text role functionCall functionResponse name args tools functionDeclarations parameters generationConfig responseSchema maxOutputTokens stopSequences type properties items anyOf enum $ref content requests batch inputConfig fileName fileData fileUri cachedContent ttl messages model input tool_calls tool_call_id stream dimensions outputDimensionality".split(
          " ",
        ),
      ),
      tie("value"),
      { maxKeys: 4 },
    ),
  ),
}));

test("whatever is asked, there is an answer, and the same one twice", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...paths),
      fc.oneof(
        fc.string(),
        jsonValue.map((value) => JSON.stringify(value)),
      ),
      (path, body) => {
        const request = {
          method: "POST",
          url: `/v1beta/${path}`,
          headers: { "x-goog-api-key": "K", authorization: "Bearer K" },
          body,
        };
        const answer = createGemini().handle(request, 1_790_000_000_000);
        expect(answer.head?.status).toBeGreaterThanOrEqual(200);
        expect(answer.chunks.length).toBeGreaterThan(0);
        expect(createGemini().handle(request, 1_790_000_000_000)).toEqual(answer);
      },
    ),
    { numRuns: 600, seed: 7 },
  );
});
