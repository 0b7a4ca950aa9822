import { z } from "zod";

import { type Fault, defineFault } from "./fault.ts";

/** 200: thinking ate the whole budget; MAX_TOKENS and no text. */
export const maxTokens: Fault = defineFault({
  name: "max-tokens",
  options: { thoughts: z.number().int().positive().default(64) },
  answer: ({ thoughts }, { respond, usage, envelope }) => {
    const prompt = usage();
    const totalTokenCount = prompt.promptTokenCount + thoughts;
    const usageMetadata = { ...prompt, totalTokenCount, thoughtsTokenCount: thoughts };
    const candidate = { content: {}, finishReason: "MAX_TOKENS", index: 0 };
    return respond({ candidates: [candidate], usageMetadata, ...envelope });
  },
});
