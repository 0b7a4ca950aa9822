import { z } from "zod";

import { textAnswer } from "../answer.ts";
import { type Fault, defineFault } from "./fault.ts";

/** A redirect to another origin, which must not get the key. */
export const redirect: Fault = defineFault({
  name: "redirect",
  options: {
    to: z.string().default("http://localhost:9"),
    status: z.literal([301, 302, 307, 308]).default(307),
  },
  answer: ({ to, status }, { call }) => {
    const answer = textAnswer(status, "text/html; charset=UTF-8", "");
    const headers = { ...answer.head?.headers, location: new URL(call.request.url, to).href };
    return { ...answer, head: { status, headers } };
  },
});
