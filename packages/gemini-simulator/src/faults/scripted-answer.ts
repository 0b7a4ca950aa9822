import { z } from "zod";

import { googleHeaders, prettyJson, textAnswer } from "../answer.ts";
import { type Fault, defineFault } from "./fault.ts";

/** Whatever the scenario says: a status with headers and a body of its own, or a good answer of some text. */
export const scriptedAnswer: Fault = defineFault({
  name: "scripted-answer",
  options: {
    status: z.number().int().min(200).max(599).default(200),
    headers: z.record(z.string(), z.string()).default({}),
    /** Sent as it is when it is a text, as JSON otherwise. */
    body: z.unknown().default(""),
    /** What the model says, framed as the call expects it; goes before `status`, `headers` and `body`. */
    text: z.string().optional(),
  },
  answer: ({ status, headers, body, text }, { respond, usage, envelope }) => {
    if (text !== undefined) {
      const content = { parts: [{ text }], role: "model" };
      const candidate = { content, finishReason: "STOP", index: 0 };
      return respond({ candidates: [candidate], usageMetadata: usage(), ...envelope });
    }
    const isText = typeof body === "string";
    const type = isText ? "text/plain; charset=UTF-8" : "application/json; charset=UTF-8";
    const answer = textAnswer(status, type, isText ? body : prettyJson(body));
    return {
      ...answer,
      head: { status, headers: { ...googleHeaders(type), ...lowered(headers) } },
    };
  },
});

const lowered = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
