import { z } from "zod";

import { invalidArgument } from "../google-error.ts";
import { type Fault, defineFault } from "./fault.ts";

/** 400: the request is malformed. */
export const badArgument: Fault = defineFault({
  name: "invalid-argument",
  options: { message: z.string().default("Request contains an invalid argument.") },
  answer: ({ message }, { refuse }) => refuse(invalidArgument(message)),
});
