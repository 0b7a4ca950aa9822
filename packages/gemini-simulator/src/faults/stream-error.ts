import { z } from "zod";

import { jsonAnswer, prettyJson } from "../answer.ts";
import { errorBody } from "../google-error.ts";
import { isStreamed } from "../request.ts";
import { type Fault, defineFault } from "./fault.ts";

/** An error inside a stream that began with 200; a plain call gets it as 200 with an error for a body. */
export const streamError: Fault = defineFault({
  name: "stream-error",
  options: {
    status: z.literal([500, 503]).default(503),
    /** Share of the good chunks that come before it; 0 makes it the first event. */
    share: z.number().min(0).max(1).default(0.5),
  },
  answer: ({ status, share }, { succeed, call }) => {
    const error = errorBody(errors[status], "json");
    if (!isStreamed(call)) return jsonAnswer(200, error);
    const answer = succeed();
    const before = answer.chunks.slice(0, Math.floor(answer.chunks.length * share));
    const text =
      call.framing !== "array" ? `data: ${JSON.stringify(error)}\r\n\r\n` : prettyJson(error);
    return { ...answer, chunks: [...before, { delay: 0, text }] };
  },
});

const errors = {
  500: { code: 500, status: "INTERNAL", message: "Internal error encountered." },
  503: {
    code: 503,
    status: "UNAVAILABLE",
    message:
      "This model is currently experiencing high demand. Spikes in demand are usually temporary. Please try again later.",
  },
};
