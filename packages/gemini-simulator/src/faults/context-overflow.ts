import { type GoogleError, invalidArgument } from "../google-error.ts";
import { type Fault, refusal } from "./fault.ts";

/** 400: the prompt has more tokens than the model can read. */
export const contextOverflow: Fault = refusal("context-overflow", ({ model }) =>
  promptTooLong(model.inputTokenLimit),
);

/** The refusal of a prompt that is too long. */
export function promptTooLong(limit: number): GoogleError {
  return invalidArgument(
    `The input token count exceeds the maximum number of tokens allowed (${limit}).`,
  );
}
