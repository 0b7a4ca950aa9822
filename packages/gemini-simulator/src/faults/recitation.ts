import { type Fault, defineFault } from "./fault.ts";

/** 200: the answer would have been somebody else's text. */
export const recitation: Fault = defineFault({
  name: "recitation",
  options: {},
  answer: (_, { respond, usage, envelope }) =>
    respond({
      candidates: [{ finishReason: "RECITATION", index: 0 }],
      usageMetadata: usage(),
      ...envelope,
    }),
});
