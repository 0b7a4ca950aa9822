import { z } from "zod";

import { type Fault, defineFault } from "./fault.ts";

/** 429: the money is used up, by the project's monthly cap or because nothing is left of a prepayment. */
export const spendCap: Fault = defineFault({
  name: "spend-cap",
  options: { cap: z.enum(["monthly", "prepaid"]).default("monthly") },
  answer: ({ cap }, { refuse }) =>
    refuse({ code: 429, status: "RESOURCE_EXHAUSTED", message: sentences[cap] }),
});

const sentences = {
  monthly:
    "Your project has exceeded its monthly spending cap. Please go to AI Studio at https://ai.studio/spend to manage your project spend cap.",
  prepaid:
    "Your prepayment credits are depleted. Please go to AI Studio at https://ai.studio/projects to manage your project and billing.",
};
