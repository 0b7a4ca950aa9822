import { type Failure } from "./failure.ts";
import { type AttemptRecord, type Trace } from "./outcome.ts";

/** Why an execution ended without an answer; a closed list. */
export type GiveUpReason =
  /** No target and no time can mend it: the request, or its content, is at fault. */
  | "not-retryable"
  /** Every target had its attempts, or cannot serve this call. */
  | "targets-exhausted"
  /** The call had as many attempts as the policy allows. */
  | "attempts-exhausted"
  /** The deadline passed, or the next attempt would begin after it. */
  | "deadline"
  /** Every target is closed, and none opens before the deadline. */
  | "all-closed"
  /** Too many calls are waiting already. */
  | "too-many-waiting"
  /** The request was found wrong before anything was sent. */
  | "preflight"
  /** A stream broke after its first content and was not continued. */
  | "interrupted";

/** What a `GaveUpError` is made of. */
export interface GaveUpDetails {
  reason: GiveUpReason;
  /** One line for a person. */
  diagnosis: string;
  trace: Trace;
  failure?: Failure;
  cause?: unknown;
}

const marker = Symbol.for("holdfast.GaveUpError");

/**
 * The only error a policy throws on its own account. `cause` is the provider's error that is reported, without keys. It is
 * a `TypeError` because that is all `p-retry` asks, and `withRetry` of LangChain with it, before they repeat a call.
 */
export class GaveUpError extends TypeError {
  override readonly name: string = "GaveUpError";
  readonly reason: GiveUpReason;
  /** All attempts, in order. */
  readonly attempts: readonly AttemptRecord[];
  readonly trace: Trace;
  /** The failure that is reported: the last one that says what is wrong. */
  readonly failure?: Failure;
  /** HTTP status of that failure. */
  readonly status?: number;
  /** How long the provider asked to stay away, in ms. */
  readonly retryAfter?: number;

  constructor({ reason, diagnosis, trace, failure, cause }: GaveUpDetails) {
    const tried = trace.attempts.length;
    super(
      `gave up after ${tried} attempt${tried === 1 ? "" : "s"} (${reason}): ${diagnosis}`,
      cause === undefined ? undefined : { cause },
    );
    Object.defineProperty(this, marker, { value: true });
    this.reason = reason;
    this.attempts = trace.attempts;
    // Printing the error shows the attempts once; the trace stays reachable.
    Object.defineProperty(this, "trace", { value: trace, enumerable: false });
    this.trace = trace;
    if (failure) {
      this.failure = failure;
      if (failure.status !== undefined) this.status = failure.status;
      if (failure.retryAfter !== undefined) this.retryAfter = failure.retryAfter;
    }
  }

  /** Recognises the error across two copies of this package. */
  static isInstance(error: unknown): error is GaveUpError {
    return typeof error === "object" && error !== null && marker in error;
  }
}
