// What one writes with ai-retry, written with Holdfast. Each story is a model; the end of the file asks all of them.
import { createGoogle } from "@ai-sdk/google";
import { embedAll, holdfastModel, holdfastProvider } from "@holdfast/ai-sdk";
import { createPolicy, GaveUpError } from "@holdfast/core";
import { APICallError, generateImage, generateText, RetryError, type LanguageModel } from "ai";

const [pro, flash, lite] = ["gemini-4-argon", "gemini-3.8-flash", "gemini-3.5-flash-lite"];
const accounts = [{ name: "main", apiKey: process.env.GEMINI_API_KEY }];
const policy = createPolicy({ accounts });
const google = holdfastProvider(policy, createGoogle);

// "Usage": overloads, filtered answers, backoff. All of it is what a policy does by itself; only the fallback is yours.
const usage = holdfastProvider(
  createPolicy({ accounts, fallbacks: { [pro]: [flash] } }),
  createGoogle,
)(pro);

// "Fallbacks": a list of models, in order.
const fallbacks = holdfastModel(policy, [google(pro), google(flash), google(lite)]);

// "Conditions": another model where the answer was filtered, which the policy alone would not do.
const conditions = holdfastProvider(
  policy.with({
    fallbacks: { [pro]: [flash] },
    rules: { "content-blocked-response": { models: [flash] } },
  }),
  createGoogle,
)(pro);

// "Custom predicates": what only you know of an error.
const teapot = holdfastProvider(
  policy.with({
    fallbacks: { [pro]: [flash] },
    rules: ({ failure }) => (failure.status === 418 ? { models: [flash] } : undefined),
  }),
  createGoogle,
)(pro);

// "Retry delays": 2 s, 4 s, 8 s. What the provider asks for still goes first.
const delays = holdfastProvider(
  policy.with({ backoff: { base: 2_000, factor: 2, jitter: "none" }, attempts: 3 }),
  createGoogle,
)(flash);

// "Retry timeouts": each attempt has its own, the caller's signal stays the caller's.
const timeouts = holdfastProvider(policy.with({ attemptTimeout: 30_000 }), createGoogle)(flash);

// "Call options" and "Provider options": by target, before each attempt.
const options = holdfastModel(policy, [google(pro), google(flash)], {
  adapt: (given: object, { model }) => (model === flash ? { ...given, temperature: 0.3 } : given),
});

// "Logging": every event, typed.
const logging = holdfastProvider(
  policy.with({
    onEvent(event) {
      if (event.type === "decision") console.log(`  ${event.target}: ${event.why}`);
      if (event.type === "call-end")
        console.log(`  ${event.outcome}, ${event.attempts} attempt(s)`);
    },
  }),
  createGoogle,
)(flash);

// "Reset": nothing to set. What is closed is closed for all calls, and is probed when it may be open again.

// "Max retries": nothing to set. The SDK calls a model that holds fast once.

const stories: Record<string, LanguageModel> = {
  usage,
  fallbacks,
  conditions,
  teapot,
  delays,
  timeouts,
  options,
  logging,
};
for (const [story, model] of Object.entries(stories)) {
  const { text, response } = await generateText({ model, prompt: "Hello!" });
  console.log(`${story}: ${response.modelId}: ${text}`);
}

// Embedding and image models are held the same way.
const { embeddings } = await embedAll({
  model: google.embeddingModel("gemini-embedding-001"),
  values: ["kelp", "rock"],
});
const { images } = await generateImage({
  model: google.imageModel("gemini-3.1-flash-image"),
  prompt: "Kelp",
});
console.log(`${embeddings.length} vectors, ${images.length} image`);

// "All retries failed": one error that says why, and still is what the SDK's users look for.
try {
  await generateText({ model: google("gemini-4-argn"), prompt: "Hello!" });
} catch (error) {
  if (GaveUpError.isInstance(error)) console.log(`failed: ${error.message}`);
  console.log(
    `retry error: ${RetryError.isInstance(error)}, API error: ${APICallError.isInstance(error)}`,
  );
}
