import { z } from "zod";

import { type Fault, defineFault } from "./fault.ts";

/** 200 without candidates: a filter refused the prompt. */
export const blockedPrompt: Fault = defineFault({
  name: "blocked-prompt",
  options: {
    reason: z
      .enum(["PROHIBITED_CONTENT", "SAFETY", "BLOCKLIST", "OTHER"])
      .default("PROHIBITED_CONTENT"),
  },
  answer: ({ reason }, { respond, usage }) => {
    const { promptTokenCount, totalTokenCount } = usage();
    return respond({
      promptFeedback: { blockReason: reason },
      usageMetadata: { promptTokenCount, totalTokenCount },
    });
  },
});
