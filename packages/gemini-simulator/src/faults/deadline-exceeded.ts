import { z } from "zod";

import { type Fault, defineFault } from "./fault.ts";

/** 504 (or 503 with the same sentence): Gemini did not finish in its own time. */
export const deadlineExceeded: Fault = defineFault({
  name: "deadline-exceeded",
  options: { status: z.literal([503, 504]).default(504) },
  answer: ({ status }, { refuse }) =>
    refuse({
      code: status,
      status: status === 504 ? "DEADLINE_EXCEEDED" : "UNAVAILABLE",
      message: "Deadline expired before operation could complete.",
    }),
});
