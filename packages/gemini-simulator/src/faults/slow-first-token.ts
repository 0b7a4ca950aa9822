import { z } from "zod";

import { isStreamed } from "../request.ts";
import { type Fault, defineFault } from "./fault.ts";

/** A good answer, late. */
export const slowFirstToken: Fault = defineFault({
  name: "slow-first-token",
  options: { delay: z.number().nonnegative().default(30_000) },
  answer: ({ delay }, { succeed, call }) => {
    const answer = succeed();
    const [first, ...rest] = answer.chunks;
    // A stream has its headers at once and its first token late; a plain answer is late altogether.
    if (!isStreamed(call) || first === undefined) return { ...answer, delay: answer.delay + delay };
    return { ...answer, chunks: [{ ...first, delay: first.delay + delay }, ...rest] };
  },
});
