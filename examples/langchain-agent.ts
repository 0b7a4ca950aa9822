// An agent with tools: its model waits and falls back, and its tool calls are repeated by the same policy.
import { createPolicy } from "@holdfast/core";
import { holdfastChatModel, holdfastRunnable } from "@holdfast/langchain";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { createAgent, tool } from "langchain";
import { z } from "zod";

const policy = createPolicy({
  accounts: [{ name: "main", apiKey: process.env.GEMINI_API_KEY ?? process.env.GOOGLE_API_KEY }],
  fallbacks: { "gemini-4-argon": ["gemini-3.8-flash"] },
});

let asked = 0;
const station = tool(
  ({ city }) => {
    asked += 1;
    if (asked === 1) throw Object.assign(new Error("the tide station is busy"), { status: 503 });
    return `high tide in ${city} at 14:20`;
  },
  {
    name: "station",
    description: "Asks the tide station of a city.",
    schema: z.object({ city: z.string() }),
  },
);
const reliable = holdfastRunnable(policy.with({ backoff: { base: 50 } }), station);
const tides = tool((input) => reliable.invoke(input), {
  name: "tides",
  description: "Tells the tides of a city.",
  schema: z.object({ city: z.string() }),
});

const agent = createAgent({
  model: holdfastChatModel(policy, ChatGoogleGenerativeAI, { model: "gemini-4-argon" }),
  tools: [tides],
});
const { messages } = await agent.invoke({
  messages: [{ role: "user", content: "When is high tide in Brest?" }],
});
for (const message of messages) console.log(`${message.type}: ${message.text || "calls a tool"}`);
