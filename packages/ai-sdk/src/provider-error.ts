// Errors that the host did not make one of.

/** The body of an error that arrived with a status of 200, as an error that carries it. */
export function bodyError(error: unknown): Error {
  const message = (error as { message?: unknown }).message;
  const made = new Error(typeof message === "string" ? message : "The answer is an error.");
  made.name = "ErrorInAnswer";
  return Object.assign(made, { data: { error } });
}

/** A stream that ended before it said that it had. */
export function interruptedError(): Error {
  const error = new Error("The stream ended before it was finished.");
  error.name = "StreamInterruptedError";
  return error;
}
