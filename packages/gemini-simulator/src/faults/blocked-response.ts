import { z } from "zod";

import { type Fault, defineFault } from "./fault.ts";

/** 200: a filter stopped the answer; no content is left. */
export const blockedResponse: Fault = defineFault({
  name: "blocked-response",
  options: {
    reason: z
      .enum(["SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "OTHER"])
      .default("SAFETY"),
  },
  answer: ({ reason }, { respond, usage, envelope }) => {
    const safetyRatings = categories.map((category, index) => ({
      category: `HARM_CATEGORY_${category}`,
      probability: index === 3 ? "HIGH" : "NEGLIGIBLE",
      ...(index === 3 && reason === "SAFETY" && { blocked: true }),
    }));
    const candidate = { content: {}, finishReason: reason, index: 0, safetyRatings };
    return respond({ candidates: [candidate], usageMetadata: usage(), ...envelope });
  },
});

const categories = ["SEXUALLY_EXPLICIT", "HATE_SPEECH", "HARASSMENT", "DANGEROUS_CONTENT"];
