import { z } from "zod";

import { type Fault, defineFault } from "./fault.ts";

/** 200: the model tried to call a tool and failed to write the call, or called a tool that there is not. */
export const malformedFunctionCall: Fault = defineFault({
  name: "malformed-function-call",
  options: {
    reason: z
      .enum(["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS"])
      .default("MALFORMED_FUNCTION_CALL"),
  },
  answer: ({ reason }, { respond, usage, envelope }) => {
    const finishMessage =
      reason === "MALFORMED_FUNCTION_CALL"
        ? "Malformed function call: print(default_api."
        : undefined;
    const candidate = {
      content: {},
      finishReason: reason,
      index: 0,
      ...(finishMessage && { finishMessage }),
    };
    return respond({ candidates: [candidate], usageMetadata: usage(), ...envelope });
  },
});
