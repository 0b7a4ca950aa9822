import { type Fault, refusal } from "./fault.ts";
import { keyNotValid } from "./invalid-key.ts";

/** 400: the key was good once. */
export const expiredKey: Fault = refusal("expired-key", () =>
  keyNotValid("API key expired. Please renew the API key."),
);
