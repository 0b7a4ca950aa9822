import { z } from "zod";

import { cutBody } from "../cut-body.ts";
import { type Fault, defineFault } from "./fault.ts";

/** A good answer ends early as if it were whole: no finish reason, no error. JSON is cut mid-way. */
export const truncatedStream: Fault = defineFault({
  name: "truncated-stream",
  options: { share: z.number().min(0).max(1).default(0.5) },
  answer: ({ share }, { succeed }) => cutBody(succeed(), share),
});
