// The error a call ends with, in words that LangChain's own retry layers understand.
import {
  classify,
  type Failure,
  failureOf,
  GaveUpError,
  type Policy,
  type Trace,
} from "@holdfast/core";

const retryable = Symbol.for("langchain.errors.retryable");

function hide(error: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(error, key, { value, configurable: true, writable: true });
}

/** Where a getter stands in its own stack: below it whoever asked, and whoever that was asked by. */
const askers = [2, 3];
const wrapping = /^\s*at \S+\.wrap \(/;

/**
 * `createAgent` wraps what passes a middleware into a `MiddlewareError`, on which no mark is left, but for what a graph
 * throws to pause or to jump. That is what it asks this for; whoever else asks is told that a failure is a failure.
 */
function isAskedByMiddleware(): boolean {
  const stack = new Error("who asks").stack?.split("\n") ?? [];
  return askers.some((at) => wrapping.test(stack[at] ?? ""));
}

/**
 * Marks a policy's final error so that nothing around it repeats the call: LangChain's non-retryable stamp, `code` for
 * LangGraph's `retryPolicy` (which knows no stamp, and this code as final), `statusCode` and `retryAfterMs` (ms) for
 * people. Any other error is handed on as it is.
 */
export function finalError(error: unknown): unknown {
  if (!GaveUpError.isInstance(error) || retryable in error) return error;
  hide(error, retryable, false);
  hide(error, "code", "ECONNABORTED");
  Object.defineProperty(error, "is_bubble_up", { get: isAskedByMiddleware, configurable: true });
  if (error.status !== undefined) hide(error, "statusCode", error.status);
  if (error.retryAfter !== undefined) hide(error, "retryAfterMs", error.retryAfter);
  return error;
}

/** The final error of a policy inside, however deep a middleware has wrapped it. */
function insideOf(error: unknown): GaveUpError | undefined {
  let current = error;
  for (let depth = 0; depth < 4; depth += 1) {
    if (GaveUpError.isInstance(current)) return current;
    if (!(current instanceof Error)) return undefined;
    current = current.cause;
  }
  return undefined;
}

/** Something that a policy inside has given up: nobody repeats it, and something else may still serve. */
function classifyInside(error: unknown): Failure | undefined {
  const inside = insideOf(error);
  if (!inside) return undefined;
  const failure = inside.failure ?? failureOf("unknown", inside.message);
  return {
    ...failure,
    scope: "request",
    sure: "stated",
    retryable: false,
    helps: { model: true, account: true, endpoint: true },
    error,
  };
}

/** The policy for something that may have a policy inside, so that two of them do not multiply. */
export function aroundPolicies(policy: Policy): Policy {
  const { classify: own } = policy.settings;
  return policy.with({ classify: (error) => classifyInside(error) ?? own?.(error) });
}

/** What a stream ends with when it broke after its first content. */
export function interrupted(policy: Policy, trace: Trace, error: unknown): unknown {
  const failure = classify(error);
  return finalError(
    new GaveUpError({
      reason: "interrupted",
      diagnosis: `the stream broke after its first content: ${policy.redact(failure.message)}`,
      trace,
      failure,
      cause: policy.redact(error),
    }),
  );
}

/** A stream that ended before it said that it had. */
export function cutError(): Error {
  return Object.assign(new Error("the stream ended without a finish reason"), {
    name: "StreamInterruptedError",
  });
}

/** An answer that cannot be used, though something of it has been handed on already. */
export function spoiledError(finishReason: string): Error {
  return Object.assign(new Error(`the answer ended with ${finishReason}`), { finishReason });
}
