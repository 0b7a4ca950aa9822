import { type Policy } from "@holdfast/core";
import {
  type BaseChatModel,
  type BaseChatModelParams,
} from "@langchain/core/language_models/chat_models";
import { type Runnable } from "@langchain/core/runnables";

import { HoldfastChatModel, type HoldfastModelOptions } from "./chat-model.ts";
import { type Factory, type SourceInput } from "./source.ts";

/** A chat model's class: the Google ones, or any other that takes its fields as one object. */
export interface ChatModelClass<Fields extends object> {
  new (fields: Fields): BaseChatModel;
}

/** What belongs to the model around, not to those inside. */
const ownFields = [
  "cache",
  "callbacks",
  "tags",
  "metadata",
  "verbose",
  "name",
  "trace",
  "prepareMessages",
  "preflight",
] as const;

type Own = Pick<BaseChatModelParams, "cache" | "callbacks" | "tags" | "metadata" | "verbose"> &
  HoldfastModelOptions;

function split(fields: object): { own: Own; fields: object } {
  const rest: Record<string, unknown> = { ...fields };
  const own: Record<string, unknown> = {};
  for (const name of ownFields) {
    if (rest[name] !== undefined) own[name] = rest[name];
    delete rest[name];
  }
  return { own, fields: rest };
}

/** Options for models that come from a factory or a list. */
export interface HoldfastModelFields extends Own {
  /** The model asked for, where a factory makes the models; @default the first of the policy's `chain` */
  model?: string;
}

/**
 * Makes a chat model whose every call is carried by the policy: it waits, repeats and falls back as the policy says,
 * and works wherever a chat model does (`bindTools`, `withStructuredOutput`, `pipe`, `createAgent`, LangGraph).
 *
 * @example
 * ```ts
 * holdfastChatModel(policy, ChatGoogleGenerativeAI, { model: "gemini-2.5-pro", temperature: 0 });
 * holdfastChatModel(policy, (target) => new ChatGoogle({ ...target }), { model: "gemini-2.5-pro" });
 * holdfastChatModel(policy, [pro, flash, "openai:gpt-5-mini"]);
 * ```
 * @throws TypeError when there is nothing to make models from
 */
export function holdfastChatModel(
  policy: Policy,
  models: Factory<Runnable> | Runnable | readonly (Runnable | string)[],
  fields?: HoldfastModelFields,
): HoldfastChatModel;
export function holdfastChatModel<Fields extends object>(
  policy: Policy,
  Class: ChatModelClass<Fields>,
  fields: Omit<Fields, keyof HoldfastModelOptions> & HoldfastModelOptions,
): HoldfastChatModel;
export function holdfastChatModel(
  policy: Policy,
  models: unknown,
  given: object = {},
): HoldfastChatModel {
  const { own, fields } = split(given);
  return new HoldfastChatModel({
    ...own,
    policy,
    models: models as SourceInput<Runnable>,
    fields,
  });
}
