import { type Fault, refusal } from "./fault.ts";

/** 403 with the barest of sentences. */
export const permissionDenied: Fault = refusal("permission-denied", () => ({
  code: 403,
  status: "PERMISSION_DENIED",
  message: "The caller does not have permission",
}));
