import { z } from "zod";

import { cutBody } from "../cut-body.ts";
import { type Fault, defineFault } from "./fault.ts";

/** The connection is cut in the middle of a good answer. */
export const resetMidBody: Fault = defineFault({
  name: "reset-mid-body",
  options: { share: z.number().min(0).max(1).default(0.5) },
  answer: ({ share }, { succeed }) => ({ ...cutBody(succeed(), share), ending: "reset" }),
});
