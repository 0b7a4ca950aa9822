import { z } from "zod";

import { help } from "../google-error.ts";
import { defineFault, type Fault } from "./fault.ts";

/** 429 without a quota in its details: window, capacity and money cannot be told apart. */
export const bareExhaustion: Fault = defineFault({
  name: "bare-exhaustion",
  options: { sentence: z.enum(["check-quota", "exceeded"]).default("check-quota") },
  answer: ({ sentence }, { refuse }) =>
    refuse({ code: 429, status: "RESOURCE_EXHAUSTED", ...refusals[sentence] }),
});

const limitsPage = "https://ai.google.dev/gemini-api/docs/rate-limits";

const refusals = {
  "check-quota": { message: "Resource has been exhausted (e.g. check quota)." },
  exceeded: {
    message: `You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: ${limitsPage}.`,
    details: [help({ description: "Learn more about Gemini API quotas", url: limitsPage })],
  },
};
