import { type Policy } from "@holdfast/core";
import { holdfastChatModel } from "@holdfast/langchain";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { type Runnable } from "@langchain/core/runnables";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";

import { flash, gather, prompt, type Story } from "./story.ts";

/** A chain as LangChain's users write it, around a chat model that holds fast. */
export function chainOf(policy: Policy, model: string): Runnable<{ question: string }, string> {
  return ChatPromptTemplate.fromTemplate("Answer in one sentence: {question}")
    .pipe(holdfastChatModel(policy, ChatGoogleGenerativeAI, { model }))
    .pipe(new StringOutputParser());
}

/** LangChain alone. */
export const langchainStory: Story = {
  title: "A LangChain chain",
  scenes(policy) {
    const chain = chainOf(policy, flash);
    const question = { question: prompt };
    return [
      {
        framework: "LangChain",
        call: "chain.invoke, gemini-3.8-flsh",
        plot: "Somebody misspelled the model's name.",
        weather: [],
        run: () => chainOf(policy, "gemini-3.8-flsh").invoke(question),
      },
      {
        framework: "LangChain",
        call: `chain.stream, ${flash}`,
        plot: "The minute's quota of the first project is used up; the second project has its own.",
        weather: [{ model: flash, account: "main", fault: { type: "minute-quota", wait: 30_000 } }],
        run: async () => gather(await chain.stream(question)),
      },
      {
        framework: "LangChain",
        call: `chain.invoke, ${flash}`,
        plot: "Now the second project's minute is used up too. The call waits just as long as it was told.",
        weather: [
          { model: flash, account: "team", nth: 1, fault: { type: "minute-quota", wait: 1_500 } },
        ],
        run: () => chain.invoke(question),
      },
    ];
  },
};
