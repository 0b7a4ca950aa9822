// What the compiler accepts and refuses.
import { createPolicy } from "@holdfast/core";
import {
  type HoldfastChatModel,
  holdfastAgentMiddleware,
  holdfastChatModel,
  type HoldfastEmbeddings,
  holdfastEmbeddings,
  holdfastRunnable,
} from "@holdfast/langchain";
import { type BaseLanguageModelInput } from "@langchain/core/language_models/base";
import { type AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { type Runnable, RunnableLambda } from "@langchain/core/runnables";
import { ChatGoogle } from "@langchain/google";
import { ChatGoogleGenerativeAI, GoogleGenerativeAIEmbeddings } from "@langchain/google-genai";
import { createAgent } from "langchain";
import { expectTypeOf } from "vitest";
import { z } from "zod";

const policy = createPolicy();

const model = holdfastChatModel(policy, ChatGoogleGenerativeAI, {
  model: "gemini-3.8-flash",
  temperature: 0,
});
expectTypeOf(model).toEqualTypeOf<HoldfastChatModel>();
holdfastChatModel(policy, ChatGoogle, { model: "gemini-3.8-flash", trace: "flat", tags: ["mine"] });
holdfastChatModel(policy, (target) => new ChatGoogle({ ...target, temperature: 0 }));
holdfastChatModel(policy, (target) => new ChatGoogleGenerativeAI({ ...target }), {
  model: "gemini-3.8-flash",
});
holdfastChatModel(policy, [model, "openai:gpt-5-mini", new ChatGoogle("gemini-3.8-flash")]);
holdfastChatModel(policy, new ChatGoogle("gemini-3.8-flash"));
// @ts-expect-error -- the class says which fields it knows
holdfastChatModel(policy, ChatGoogleGenerativeAI, { model: "gemini-3.8-flash", temprature: 0 });
// @ts-expect-error -- a string is no model
holdfastChatModel(policy, "gemini-3.8-flash");

expectTypeOf(model.invoke("hi")).toEqualTypeOf<Promise<AIMessageChunk>>();
void model.invoke("hi", {
  holdfast: { patience: 1_000, account: "main" },
  signal: AbortSignal.abort(),
});

const plant = z.object({ name: z.string(), depth: z.number() });
type Plant = z.infer<typeof plant>;
expectTypeOf(model.withStructuredOutput(plant)).toEqualTypeOf<
  Runnable<BaseLanguageModelInput, Plant>
>();
expectTypeOf(model.withStructuredOutput(plant, { includeRaw: true })).toEqualTypeOf<
  Runnable<BaseLanguageModelInput, { raw: BaseMessage; parsed: Plant }>
>();

createAgent({
  model,
  tools: [],
  middleware: [holdfastAgentMiddleware(policy, { fallbacks: [model] })],
});

const safe = holdfastRunnable(
  policy,
  RunnableLambda.from((input: string) => input.length),
);
expectTypeOf(safe.invoke("x")).toEqualTypeOf<Promise<number>>();

const embeddings = holdfastEmbeddings(policy, GoogleGenerativeAIEmbeddings, {
  model: "gemini-embedding-001",
});
expectTypeOf(embeddings).toEqualTypeOf<HoldfastEmbeddings>();
