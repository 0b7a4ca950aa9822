import { type Answer, jsonAnswer } from "../answer.ts";
import { field, type JsonObject, toObject, toObjects } from "../json.ts";
import { pixelPng } from "../reply/media.ts";

/** Answers `predict` of image models: as many images as were asked for. */
export function predict(body: JsonObject): Answer {
  const { length } = toObjects(body["instances"]);
  const asked = field(toObject(body["parameters"]), "sampleCount");
  const count = typeof asked === "number" ? asked : Math.max(1, length);
  const prediction = { mimeType: "image/png", bytesBase64Encoded: pixelPng };
  return jsonAnswer(200, { predictions: Array.from({ length: count }, () => prediction) });
}
