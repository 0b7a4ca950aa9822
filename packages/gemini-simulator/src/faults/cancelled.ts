import { type Fault, refusal } from "./fault.ts";

/** 499: the back end gave up although nobody aborted. */
export const cancelled: Fault = refusal("cancelled", () => ({
  code: 499,
  status: "CANCELLED",
  message: "The operation was cancelled.",
}));
