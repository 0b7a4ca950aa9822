import { z } from "zod";

import { type Fault, defineFault } from "./fault.ts";

/** 503: the model has no capacity. It says nothing of when to come back. */
export const overload: Fault = defineFault({
  name: "overload",
  options: { sentence: z.enum(["high-demand", "overloaded"]).default("high-demand") },
  answer: ({ sentence }, { refuse }) =>
    refuse({ code: 503, status: "UNAVAILABLE", message: sentences[sentence] }),
});

const sentences = {
  "high-demand":
    "This model is currently experiencing high demand. Spikes in demand are usually temporary. Please try again later.",
  overloaded: "The model is overloaded. Please try again later.",
};
