import { z } from "zod";

import { type Fault, defineFault } from "./fault.ts";

/** 500: something broke inside. */
export const internalError: Fault = defineFault({
  name: "internal-error",
  options: { sentence: z.enum(["encountered", "occurred"]).default("occurred") },
  answer: ({ sentence }, { refuse }) =>
    refuse({ code: 500, status: "INTERNAL", message: sentences[sentence] }),
});

const sentences = {
  encountered: "Internal error encountered.",
  occurred:
    "An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting",
};
