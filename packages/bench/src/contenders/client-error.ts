import { ApiError } from "@google/genai";

import { Refused } from "../world/world.ts";

/** What `@google/genai` throws for a refusal: its own error class, with the body as the message. */
export function clientError(error: unknown): unknown {
  if (!(error instanceof Refused)) return error;
  const { status, body } = error;
  return new ApiError({ status, message: JSON.stringify(JSON.parse(body)) });
}
