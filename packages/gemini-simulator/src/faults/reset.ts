import { z } from "zod";

import { connectionAnswer } from "../answer.ts";
import { type Fault, defineFault } from "./fault.ts";

/** The connection is cut before any header. */
export const reset: Fault = defineFault({
  name: "reset",
  options: { after: z.number().nonnegative().default(0) },
  answer: ({ after }) => connectionAnswer("reset", after),
});
