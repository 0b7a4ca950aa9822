import { z } from "zod";

import { textAnswer } from "../answer.ts";
import { type Call, isStreamed } from "../request.ts";
import { type Fault, defineFault } from "./fault.ts";

/** A status and no body at all. */
export const emptyBody: Fault = defineFault({
  name: "empty-body",
  options: { status: z.number().int().min(200).max(599).default(200) },
  answer: ({ status }, { call }) =>
    textAnswer(status, status < 400 ? contentTypeOf(call) : "text/html", ""),
});

function contentTypeOf(call: Call): string {
  return isStreamed(call) ? "text/event-stream" : "application/json; charset=UTF-8";
}
