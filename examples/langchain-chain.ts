// A chain whose model falls back, whole and structured, with a timeline of what happened on the way.
import { createPolicy } from "@holdfast/core";
import { holdfastChatModel } from "@holdfast/langchain";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { ChatGoogle } from "@langchain/google";
import { z } from "zod";

const policy = createPolicy({
  accounts: [{ name: "main", apiKey: process.env.GEMINI_API_KEY ?? process.env.GOOGLE_API_KEY }],
  chain: ["gemini-4-argon", "gemini-3.8-flash"],
  // A short patience: rather the lesser model now than the better one in ten seconds.
  patience: 1_000,
});
policy.on((event) => {
  if (event.type === "decision") console.log(`  ${event.target}: ${event.why}`);
});

// A factory: it says what else the class is told, and the policy's chain which model is asked.
const model = holdfastChatModel(policy, (target) => new ChatGoogle({ ...target }));

const chain = ChatPromptTemplate.fromTemplate("Describe {plant} in one sentence.")
  .pipe(model)
  .pipe(new StringOutputParser());
console.log(await chain.batch([{ plant: "kelp" }, { plant: "eelgrass" }]));

const plant = z.object({
  name: z.string(),
  depth: z.number().describe("greatest depth in metres"),
});
console.log(await model.withStructuredOutput(plant).invoke("Where does giant kelp grow?"));
