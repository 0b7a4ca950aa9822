import { type Answer, jsonAnswer } from "./answer.ts";
import { describeModel, listModels } from "./models.ts";
import { openaiEmbeddings, openaiModels } from "./openai/lists.ts";
import {
  batchGenerateContent,
  cancelBatch,
  deleteBatch,
  getBatch,
  listBatches,
} from "./operations/batches.ts";
import {
  createCachedContent,
  deleteCachedContent,
  getCachedContent,
  listCachedContents,
} from "./operations/cached-contents.ts";
import { answerCountTokens } from "./operations/count-tokens.ts";
import { batchEmbedContents, embedContent } from "./operations/embed-content.ts";
import { deleteFile, downloadFile, getFile, listFiles, uploadFile } from "./operations/files.ts";
import { createInteraction } from "./operations/interactions.ts";
import { predict } from "./operations/predict.ts";
import { frameMessages } from "./reply/frame.ts";
import { generate } from "./reply/generate.ts";
import { streamedMessages, wholeMessage } from "./reply/messages.ts";
import { isStreamed, type Operation } from "./request.ts";
import { type Task } from "./task.ts";

/** What Gemini answers when all is well. */
export function perform(task: Task): Answer {
  return performers[task.call.operation](task);
}

const performers: Readonly<Record<Operation, (task: Task) => Answer>> = {
  batchEmbedContents: ({ body }) => batchEmbedContents(body),
  batchGenerateContent,
  cancelBatch,
  chatCompletions: generateContent,
  countTokens: ({ body }) => answerCountTokens(body),
  createCachedContent,
  createInteraction,
  deleteBatch,
  deleteCachedContent,
  deleteFile,
  downloadFile,
  embedContent: ({ body }) => embedContent(body),
  generateContent,
  getBatch,
  getCachedContent,
  getFile,
  getModel: ({ model }) => jsonAnswer(200, describeModel(model)),
  listBatches,
  listCachedContents,
  listFiles,
  listModels: ({ call, models }) => listModels(call, models),
  openaiEmbeddings,
  openaiModels,
  predict: ({ body }) => predict(body),
  streamGenerateContent: generateContent,
  unknown: () => jsonAnswer(200, {}),
  uploadFile,
};

function generateContent({ call, body, model, scenario, envelope }: Task): Answer {
  const generation = generate(body, model, scenario.reply);
  const messages = isStreamed(call)
    ? streamedMessages(generation, envelope, scenario.speed)
    : [wholeMessage(generation, envelope, scenario.speed)];
  return frameMessages(messages, call);
}
