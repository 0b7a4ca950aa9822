import { z } from "zod";

import { type Fault, defineFault } from "./fault.ts";

/** 200, STOP and not a single part. */
export const emptyStop: Fault = defineFault({
  name: "empty-stop",
  options: { candidates: z.boolean().default(true) },
  answer: ({ candidates }, { respond, usage, envelope }) => {
    const candidate = { content: { role: "model" }, finishReason: "STOP", index: 0 };
    return respond({
      ...(candidates && { candidates: [candidate] }),
      usageMetadata: usage(),
      ...envelope,
    });
  },
});
