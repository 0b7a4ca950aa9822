// `withRetry` repeats whatever it is given, without a look at LangChain's own stamp: what is ours tells it not to.
import { GaveUpError } from "@holdfast/core";
import {
  RunnableBinding,
  type RunnableConfig,
  type RunnableRetry,
  type RunnableRetryFailedAttemptHandler,
} from "@langchain/core/runnables";

/** The options of `withRetry`. */
export interface RetryFields {
  stopAfterAttempt?: number;
  onFailedAttempt?: RunnableRetryFailedAttemptHandler;
}

/** The options of `withRetry`, with a policy's final error left as final. */
export function butNotOurs({ onFailedAttempt, ...fields }: RetryFields = {}): RetryFields {
  return {
    ...fields,
    onFailedAttempt: (error, input) => {
      if (GaveUpError.isInstance(error)) throw error;
      return onFailedAttempt?.(error, input) as unknown;
    },
  };
}

/** A Holdfast model or runnable with options bound to it. */
export class HoldfastBinding<
  Input,
  Output,
  CallOptions extends RunnableConfig,
> extends RunnableBinding<Input, Output, CallOptions> {
  override withRetry(fields?: RetryFields): RunnableRetry<Input, Output, CallOptions> {
    return super.withRetry(butNotOurs(fields));
  }
}
