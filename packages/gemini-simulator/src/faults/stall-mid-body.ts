import { z } from "zod";

import { cutBody } from "../cut-body.ts";
import { type Fault, defineFault } from "./fault.ts";

/** A good answer stops in the middle, and the connection stays open. */
export const stallMidBody: Fault = defineFault({
  name: "stall-mid-body",
  options: { share: z.number().min(0).max(1).default(0.5) },
  answer: ({ share }, { succeed }) => ({ ...cutBody(succeed(), share), ending: "hang" }),
});
