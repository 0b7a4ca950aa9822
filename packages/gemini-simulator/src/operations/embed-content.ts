import { type Answer, jsonAnswer } from "../answer.ts";
import { field, type JsonObject, toObjects, toObject } from "../json.ts";
import { createRandom, hashText } from "../random.ts";

/** How long a vector is, if nothing else was asked for, and at most. */
export const mostDimensions: number = 3072;

/** How long a vector was asked for. */
export function dimensionsOf(request: JsonObject): number {
  const config = toObject(field(request, "embedContentConfig"));
  return Number(
    field(request, "outputDimensionality") ??
      field(config, "outputDimensionality") ??
      mostDimensions,
  );
}

/** Answers `embedContent`: one vector, the same for the same content. */
export function embedContent(body: JsonObject): Answer {
  return jsonAnswer(200, { embedding: { values: embed(body) } });
}

/** Answers `batchEmbedContents`: a vector for each request. */
export function batchEmbedContents(body: JsonObject): Answer {
  return jsonAnswer(200, {
    embeddings: toObjects(body["requests"]).map((request) => ({ values: embed(request) })),
  });
}

/** The vector of a content, of length 1. */
export function embed(request: JsonObject): number[] {
  const dimensions = dimensionsOf(request);
  const random = createRandom(hashText(JSON.stringify(request["content"])));
  const values = Array.from({ length: dimensions }, () => random() - 0.5);
  const length = Math.hypot(...values) || 1;
  return values.map((value) => Number((value / length).toFixed(8)));
}
