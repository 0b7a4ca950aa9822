import { createGoogle } from "@ai-sdk/google";
import { holdfastProvider } from "@holdfast/ai-sdk";
import { type RuleInput } from "@holdfast/gemini-simulator";
import { generateText } from "ai";

import { chainOf } from "./langchain-story.ts";
import { flash, lite, pro, prompt, type Story } from "./story.ts";

const revoked: RuleInput = { account: "main", fault: "invalid-key" };
const dayOver: RuleInput = { account: "team", model: flash, fault: "day-quota" };

/** Both at once: what one of them learns, the other knows. */
export const sharedStory: Story = {
  title: "Both under the same policy",
  scenes(policy) {
    const google = holdfastProvider(policy, createGoogle);
    const generate = async (model: string): Promise<string> => {
      const { text } = await generateText({ model: google(model), prompt });
      return text;
    };
    const ask = (model: string): Promise<string> =>
      chainOf(policy, model).invoke({ question: prompt });
    return [
      {
        framework: "AI SDK",
        call: `generateText, ${pro}`,
        plot: "The key of the first account has been revoked. The AI SDK finds out.",
        weather: [revoked],
        run: () => generate(pro),
      },
      {
        framework: "LangChain",
        call: `chain.invoke, ${pro}`,
        plot: "LangChain knows already: the dead key is not asked again.",
        weather: [revoked],
        run: () => ask(pro),
      },
      {
        framework: "LangChain",
        call: `chain.invoke, ${flash}`,
        plot: "The day's quota of the other project is used up. LangChain finds out.",
        weather: [revoked, dayOver],
        run: () => ask(flash),
      },
      {
        framework: "AI SDK",
        call: `generateText, ${flash}`,
        plot: `The AI SDK knows both by now and goes straight to ${lite}.`,
        weather: [revoked, dayOver],
        run: () => generate(flash),
      },
    ];
  },
};
