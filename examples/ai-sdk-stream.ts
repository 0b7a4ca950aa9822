// A stream that begins anew until its first content, and goes on with another model when it breaks after it.
import { createGoogle } from "@ai-sdk/google";
import { holdfastProvider } from "@holdfast/ai-sdk";
import { createPolicy } from "@holdfast/core";
import { streamText } from "ai";

const policy = createPolicy({
  accounts: [{ name: "main", apiKey: process.env.GEMINI_API_KEY }],
  fallbacks: { "gemini-4-argon": ["gemini-3.8-flash"] },
  firstContentTimeout: 20_000,
  stallTimeout: 10_000,
  afterContent: "continue",
});
const google = holdfastProvider(policy, createGoogle);

const stream = streamText({
  model: google("gemini-4-argon"),
  prompt: "Tell me of the kelp forest.",
  onError: ({ error }) => console.error(String(error)),
});
for await (const text of stream.textStream) process.stdout.write(text);
console.log("\n", (await stream.providerMetadata)?.holdfast);
