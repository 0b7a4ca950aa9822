import { type GoogleError, errorInfo, invalidArgument, localizedMessage } from "../google-error.ts";
import { type Fault, refusal } from "./fault.ts";

/** 400 (not 401): the key is none. */
export const invalidKey: Fault = refusal("invalid-key", () =>
  keyNotValid("API key not valid. Please pass a valid API key."),
);

/** The refusal of a bad key; an expired one has the same reason and another sentence. */
export function keyNotValid(message: string): GoogleError {
  return invalidArgument(message, [errorInfo("API_KEY_INVALID"), localizedMessage(message)]);
}
