import { createPolicy } from "@holdfast/core";
import { holdfastChatModel } from "@holdfast/langchain";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";

const apiKey = process.env.GEMINI_API_KEY ?? process.env.GOOGLE_API_KEY;
const policy = createPolicy({
  accounts: [{ name: "main", apiKey }],
  fallbacks: { "gemini-4-argon": ["gemini-3.8-flash"] },
});
const model = holdfastChatModel(policy, ChatGoogleGenerativeAI, { model: "gemini-4-argon" });

const prompt = ChatPromptTemplate.fromTemplate(
  "Why does {plant} need a holdfast? Answer in one sentence.",
);
const chain = prompt.pipe(model).pipe(new StringOutputParser());
for await (const text of await chain.stream({ plant: "kelp" })) process.stdout.write(text);
