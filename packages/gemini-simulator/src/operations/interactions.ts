import { type Answer, jsonAnswer } from "../answer.ts";
import { toObjects } from "../json.ts";
import { type Task } from "../task.ts";
import { countTokens } from "../tokens.ts";

const words = ["This", "speech", "is", "simulated."];

/** Answers an interaction: a transcript with the times of its words for audio, an echo for text. */
export function createInteraction({ body, model, scenario, envelope }: Task): Answer {
  const { input } = body;
  const audio = toObjects(input).some(({ type }) => type === "audio");
  const asked = typeof input === "string" ? input : "something";
  const text =
    scenario.reply ??
    (audio ? words.join(" ") : `${model.name} heard: ${asked}. This answer is simulated.`);
  const annotations = text.split(" ").map((word, index) => ({
    type: "word_info",
    text: word,
    start_offset: `${index / 2}s`,
    end_offset: `${(index + 1) / 2}s`,
  }));
  const inputTokens = countTokens(JSON.stringify(input ?? ""));
  const outputTokens = countTokens(text);
  return jsonAnswer(200, {
    id: envelope.responseId,
    object: "interaction",
    model: model.name,
    status: "completed",
    steps: [
      { type: "model_output", content: [{ type: "text", text, ...(audio && { annotations }) }] },
    ],
    usage: {
      total_input_tokens: inputTokens,
      total_output_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
    },
  });
}
