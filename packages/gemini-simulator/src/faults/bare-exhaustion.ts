import { type Fault, refusal } from "./fault.ts";

/** 429 without any detail: window, capacity and money cannot be told apart. */
export const bareExhaustion: Fault = refusal("bare-exhaustion", () => ({
  code: 429,
  status: "RESOURCE_EXHAUSTED",
  message: "Resource has been exhausted (e.g. check quota).",
}));
