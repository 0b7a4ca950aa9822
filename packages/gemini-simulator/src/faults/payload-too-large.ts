import { z } from "zod";

import { type GoogleError, invalidArgument } from "../google-error.ts";
import { type Fault, defineFault } from "./fault.ts";

/** Bytes that a request body may have. */
export const payloadLimit: number = 20_971_520;

/** 400 (not 413): the body has too many bytes. */
export const payloadTooLarge: Fault = defineFault({
  name: "payload-too-large",
  options: { limit: z.number().int().positive().default(payloadLimit) },
  answer: ({ limit }, { refuse }) => refuse(payloadExceeds(limit)),
});

/** The refusal of a body that is too large. */
export function payloadExceeds(limit: number): GoogleError {
  return invalidArgument(`Request payload size exceeds the limit: ${limit} bytes.`);
}
