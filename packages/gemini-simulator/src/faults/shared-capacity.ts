import { type Fault, refusal } from "./fault.ts";

/** 429 that is no quota: shared capacity is used up, as Vertex words it. */
export const sharedCapacity: Fault = refusal("shared-capacity", () => ({
  code: 429,
  status: "RESOURCE_EXHAUSTED",
  message:
    "Resource exhausted. Please try again later. Please refer to https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details.",
}));
