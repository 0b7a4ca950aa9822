import { type Fault, refusal } from "./fault.ts";

/** 400: Gemini is not offered where the request comes from. */
export const regionBlocked: Fault = refusal("region-blocked", () => ({
  code: 400,
  status: "FAILED_PRECONDITION",
  message: "User location is not supported for the API use.",
}));
