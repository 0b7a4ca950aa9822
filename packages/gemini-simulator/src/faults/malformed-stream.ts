import { z } from "zod";

import { cutBody } from "../cut-body.ts";
import { isStreamed } from "../request.ts";
import { type Fault, defineFault } from "./fault.ts";

/** JSON that does not parse, in the middle of a stream; a plain answer is broken altogether. */
export const malformedStream: Fault = defineFault({
  name: "malformed-stream",
  options: { share: z.number().min(0).max(1).default(0.5) },
  answer: ({ share }, { succeed, call }) => {
    const answer = succeed();
    if (!isStreamed(call)) return cutBody(answer, share);
    const at = Math.floor(answer.chunks.length * share);
    const broken = {
      delay: 0,
      text: call.framing !== "array" ? `data: ${brokenJson}\r\n\r\n` : `${brokenJson}\n`,
    };
    return { ...answer, chunks: answer.chunks.toSpliced(at, 0, broken) };
  },
});

const brokenJson = '{"candidates": [{"content": {"parts": [{"te';
