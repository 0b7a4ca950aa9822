import { createGoogle } from "@ai-sdk/google";
import { holdfastProvider } from "@holdfast/ai-sdk";
import { createPolicy } from "@holdfast/core";
import { generateText } from "ai";

const apiKey = process.env.GEMINI_API_KEY ?? process.env.GOOGLE_GENERATIVE_AI_API_KEY;
const policy = createPolicy({
  accounts: [{ name: "main", apiKey }],
  fallbacks: { "gemini-4-argon": ["gemini-3.8-flash"] },
});
const google = holdfastProvider(policy, createGoogle);

const { text, providerMetadata } = await generateText({
  model: google("gemini-4-argon"),
  prompt: "Why does kelp need a holdfast? Answer in one sentence.",
});
console.log(text, providerMetadata?.holdfast);
