import { createGoogle } from "@ai-sdk/google";
import { holdfastProvider } from "@holdfast/ai-sdk";
import { generateText, streamText } from "ai";

import { gather, pro, prompt, type Story } from "./story.ts";

/** The AI SDK alone: one line in the place of `createGoogle()`. */
export const aiSdkStory: Story = {
  title: "An AI SDK model",
  scenes(policy) {
    const google = holdfastProvider(policy, createGoogle);
    const generate = async (settings: { temperature?: number } = {}): Promise<string> => {
      const { text } = await generateText({ model: google(pro), prompt, ...settings });
      return text;
    };
    return [
      {
        framework: "AI SDK",
        call: `generateText, ${pro}`,
        plot: "The model is overloaded for a moment: 503, twice.",
        weather: [{ model: pro, nth: { last: 2 }, fault: "overload" }],
        run: generate,
      },
      {
        framework: "AI SDK",
        call: `generateText, ${pro}`,
        plot: "The model is overloaded and stays so. Another key would not help; another model does.",
        weather: [{ model: pro, fault: { type: "overload", sentence: "overloaded" } }],
        run: generate,
      },
      {
        framework: "AI SDK",
        call: `streamText, ${pro}`,
        plot: "The stream breaks before its first word; the reader sees one clean stream.",
        weather: [
          { model: pro, nth: 1, stream: true, fault: { type: "reset-mid-body", share: 0 } },
        ],
        run: () => gather(streamText({ model: google(pro), prompt }).textStream),
      },
      {
        framework: "AI SDK",
        call: `generateText, ${pro}, temperature: 9`,
        plot: "The request itself is wrong. No target and no time mends that, so it is asked once.",
        weather: [],
        ends: "refusal",
        run: () => generate({ temperature: 9 }),
      },
    ];
  },
};
