import { z } from "zod";

import { type Fault, defineFault } from "./fault.ts";

/** A good answer under the content type of plain text. */
export const wrongContentType: Fault = defineFault({
  name: "wrong-content-type",
  options: { contentType: z.string().default("text/plain") },
  answer: ({ contentType }, { succeed }) => {
    const answer = succeed();
    if (answer.head === undefined) return answer;
    const headers = { ...answer.head.headers, "content-type": contentType };
    return { ...answer, head: { ...answer.head, headers } };
  },
});
