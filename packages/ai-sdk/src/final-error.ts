// The error a call ends with, dressed so that the SDK does not repeat it and its users recognise it.
import { GaveUpError, type Policy } from "@holdfast/core";

const aiError = Symbol.for("vercel.ai.error");
const retryError = Symbol.for("vercel.ai.error.AI_RetryError");
const apiCallError = Symbol.for("vercel.ai.error.AI_APICallError");

/** What users read off an `APICallError`. */
const ofApiCall = [
  "url",
  "requestBodyValues",
  "statusCode",
  "responseHeaders",
  "responseBody",
  "data",
] as const;

const abortNames = new Set(["AbortError", "ResponseAborted", "TimeoutError"]);

type Fields = Record<PropertyKey, unknown>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

/** ToolLoopAgent looks five causes deep for an abort, and then keeps its `onError` silent. */
function isAbortLike(error: unknown): boolean {
  let current = error;
  for (let depth = 0; depth < 5 && isObject(current); depth += 1) {
    if (abortNames.has(String(current["name"]))) return true;
    current = current["cause"];
  }
  return false;
}

function hide(error: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(error, key, { value, configurable: true, writable: true });
}

function dressAsApiCall(error: object, last: Fields): void {
  hide(error, apiCallError, true);
  hide(error, "isRetryable", false);
  for (const field of ofApiCall) if (last[field] !== undefined) hide(error, field, last[field]);
}

function errorsOf(error: GaveUpError): unknown[] {
  const all = error.attempts.flatMap(({ failure }) =>
    failure ? [failure.error ?? failure.message] : [],
  );
  return all;
}

/**
 * Adds what the SDK and its users look for to the error of a policy that gave up: `RetryError.isInstance` is true,
 * `errors` and `lastError` are there, and where the reported failure was an API call's, `APICallError.isInstance`
 * is true, with its fields and `isRetryable: false`. Any other error is handed on as it is.
 */
export function finalError(error: unknown, policy: Policy): unknown {
  if (!GaveUpError.isInstance(error) || retryError in error) return error;
  const last = error.cause;
  hide(error, aiError, true);
  hide(error, retryError, true);
  hide(error, "lastError", last);
  hide(
    error,
    "errors",
    errorsOf(error).map((one) => policy.redact(one)),
  );
  if (isObject(last) && last[apiCallError] === true) dressAsApiCall(error, last);
  if (isAbortLike(last)) hide(error, "cause", undefined);
  return error;
}
