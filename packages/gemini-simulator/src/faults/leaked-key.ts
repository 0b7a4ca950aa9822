import { type Fault, refusal } from "./fault.ts";

/** 403: Google found the key in public and blocked it. */
export const leakedKey: Fault = refusal("leaked-key", () => ({
  code: 403,
  status: "PERMISSION_DENIED",
  message: "Your API key was reported as leaked. Please use another API key.",
}));
