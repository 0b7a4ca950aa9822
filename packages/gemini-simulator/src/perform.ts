import { type Answer, jsonAnswer } from "./answer.ts";
import { type JsonObject } from "./json.ts";
import { describeModel, listModels, type Model } from "./models.ts";
import { answerCountTokens } from "./operations/count-tokens.ts";
import { batchEmbedContents, embedContent } from "./operations/embed-content.ts";
import { frameMessages } from "./reply/frame.ts";
import { generate } from "./reply/generate.ts";
import { type Envelope, streamedMessages, wholeMessage } from "./reply/messages.ts";
import { type Call, type Operation } from "./request.ts";
import { type Scenario } from "./scenario.ts";

/** A request that nothing stands in the way of. */
export interface Task {
  call: Call;
  body: JsonObject;
  model: Model;
  models: ReadonlyMap<string, Model>;
  scenario: Scenario;
  envelope: Envelope;
}

/** True of calls that are answered with a GenerateContentResponse. */
export function isGeneration({ operation }: Call): boolean {
  return operation === "generateContent" || operation === "streamGenerateContent";
}

/** What Gemini answers when all is well. */
export function perform(task: Task): Answer {
  return performers[task.call.operation](task);
}

const performers: Readonly<Record<Exclude<Operation, "unknown">, (task: Task) => Answer>> & {
  unknown: () => Answer;
} = {
  generateContent: generateContent,
  streamGenerateContent: generateContent,
  countTokens: ({ body }) => answerCountTokens(body),
  embedContent: ({ body }) => embedContent(body),
  batchEmbedContents: ({ body }) => batchEmbedContents(body),
  getModel: ({ model }) => jsonAnswer(200, describeModel(model)),
  listModels: ({ call, models }) => listModels(call, models),
  unknown: () => jsonAnswer(200, {}),
};

function generateContent({ call, body, model, scenario, envelope }: Task): Answer {
  const generation = generate(body, model, scenario.reply);
  const messages =
    call.framing === "json"
      ? [wholeMessage(generation, envelope, scenario.speed)]
      : streamedMessages(generation, envelope, scenario.speed);
  return frameMessages(messages, call.framing);
}
