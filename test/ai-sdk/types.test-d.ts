// What the compiler accepts and refuses.
import { createGoogle, type GoogleProvider } from "@ai-sdk/google";
import {
  createGoogleGenerativeAI as createGoogle5,
  type GoogleGenerativeAIProvider as Google5,
} from "@ai-sdk/google-v5";
import {
  createGoogleGenerativeAI as createGoogle6,
  type GoogleGenerativeAIProvider as Google6,
} from "@ai-sdk/google-v6";
import { createOpenAI } from "@ai-sdk/openai";
import { type EmbeddingModelV4, type LanguageModelV4 } from "@ai-sdk/provider";
import { type LanguageModelV2 } from "@ai-sdk/provider-v5";
import { type LanguageModelV3 } from "@ai-sdk/provider-v6";
import { holdfastMiddleware, holdfastModel, holdfastProvider } from "@holdfast/ai-sdk";
import { createPolicy } from "@holdfast/core";
import { customProvider, gateway, generateText, wrapLanguageModel } from "ai";
import { generateText as generateText5, wrapLanguageModel as wrap5 } from "ai-v5";
import { generateText as generateText6, wrapLanguageModel as wrap6 } from "ai-v6";
import { expectTypeOf } from "vitest";

const policy = createPolicy();
const prompt = "Hi";

const google = holdfastProvider(policy, createGoogle);
const google6 = holdfastProvider(policy, createGoogle6);
const google5 = holdfastProvider(policy, createGoogle5);
expectTypeOf(google).toEqualTypeOf<GoogleProvider>();
expectTypeOf(google6).toEqualTypeOf<Google6>();
expectTypeOf(google5).toEqualTypeOf<Google5>();
expectTypeOf(google.embeddingModel("gemini-embedding-001")).toEqualTypeOf<EmbeddingModelV4>();
void generateText({ model: google("gemini-2.5-pro"), prompt });
void generateText6({ model: google6("gemini-2.5-pro"), prompt });
void generateText5({ model: google5("gemini-2.5-pro"), prompt });

const several = holdfastProvider(policy, { google: createGoogle, openai: createOpenAI });
expectTypeOf(several("gemini-2.5-pro")).toExtend<LanguageModelV4>();

expectTypeOf(holdfastModel(policy, [google("a"), several("b")])).toExtend<LanguageModelV4>();
expectTypeOf(holdfastModel(policy, [google6("a"), google6("b")])).toExtend<LanguageModelV3>();
expectTypeOf(holdfastModel(policy, [google5("a"), google5("b")])).toExtend<LanguageModelV2>();
expectTypeOf(holdfastModel(policy, [google.embeddingModel("a")])).toExtend<EmbeddingModelV4>();
void generateText({
  model: holdfastModel(policy, [google("a"), { model: google("a"), account: "mine" }]),
  prompt,
});
void generateText({
  model: holdfastModel(policy, ["google/gemini-2.5-pro"], { provider: gateway }),
  prompt,
});
void generateText({ model: holdfastModel(policy, [google("a"), "openai/gpt-5"]), prompt });
customProvider({ languageModels: { best: holdfastModel(policy, [google("a")]) } });

// @ts-expect-error models of two majors do not go together
holdfastModel(policy, [google("a"), google6("b")]);
// @ts-expect-error nor do models of two families
holdfastModel(policy, [google("a"), google.embeddingModel("b")]);
// @ts-expect-error a list of no models serves nothing
holdfastModel(policy, []);

const middleware = holdfastMiddleware(policy, createGoogle);
expectTypeOf(
  wrapLanguageModel({ model: google("a"), middleware }),
).toEqualTypeOf<LanguageModelV4>();
expectTypeOf(
  wrap6({ model: google6("a"), middleware: holdfastMiddleware(policy, createGoogle6) }),
).toEqualTypeOf<LanguageModelV3>();
expectTypeOf(
  wrap5({ model: google5("a"), middleware: holdfastMiddleware(policy) }),
).toEqualTypeOf<LanguageModelV2>();
