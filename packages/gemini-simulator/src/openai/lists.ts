import { type Answer, jsonAnswer } from "../answer.ts";
import { toObjects } from "../json.ts";
import { embed } from "../operations/embed-content.ts";
import { type Call } from "../request.ts";
import { type Task } from "../task.ts";

/** Answers the model list in OpenAI's words. */
export function openaiModels({ models }: Task): Answer {
  const data = [...models.values()]
    .filter(({ retired }) => !retired)
    .map(({ name }) => ({
      id: `models/${name}`,
      object: "model",
      owned_by: "google",
      display_name: name,
    }));
  return jsonAnswer(200, { object: "list", data });
}

/** As numbers or, when asked for (the official client asks), as base64 of 32-bit floats. */
function encode(values: number[], call: Call): number[] | string {
  const isBase64 = call.request.body.includes('"encoding_format":"base64"');
  return isBase64 ? Buffer.from(new Float32Array(values).buffer).toString("base64") : values;
}

/** Answers embeddings in OpenAI's words. */
export function openaiEmbeddings({ call, body, model }: Task): Answer {
  const data = toObjects(body["requests"]).map((request, index) => ({
    object: "embedding",
    index,
    embedding: encode(embed(request), call),
  }));
  return jsonAnswer(200, {
    object: "list",
    data,
    model: model.name,
    usage: { prompt_tokens: 0, total_tokens: 0 },
  });
}
