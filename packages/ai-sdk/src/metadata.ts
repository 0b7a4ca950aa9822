import { type AttemptRecord, type Executed, type Trace, type Usage } from "@holdfast/core";

/** A failed attempt, in what is safe to store. */
export interface FailedAttempt {
  /** `account/model`. */
  target: string;
  /** The kind of the failure. */
  kind: string;
  status?: number;
  /** Milliseconds. */
  duration: number;
}

/** How a call was served: `providerMetadata.holdfast` of its result, or of its stream's finish. JSON-safe; holds no key. */
export interface HoldfastMetadata {
  /** The target that served, as `account/model`; absent when the answer is the policy's last resort. */
  servedBy?: string;
  model?: string;
  provider?: string;
  account?: string;
  /** How many attempts the call made, the last one included. */
  attempts: number;
  failed?: FailedAttempt[];
  /** What was waited for, each in ms. */
  waits?: { duration: number; reason: string }[];
  /** Milliseconds from the call to its commit point. */
  duration: number;
  /** Tokens that failed attempts used; they are in no `usage`. */
  failedUsage?: Usage;
  /** What all attempts cost, failed ones too, by the policy's prices; absent where no price or no count of tokens is known. */
  cost?: number;
  /** The answer is the policy's last resort. */
  degraded?: true;
}

function failedAttempt({ target, failure, duration }: AttemptRecord): FailedAttempt {
  return {
    target,
    kind: failure?.kind ?? "unknown",
    ...(failure?.status === undefined ? {} : { status: failure.status }),
    duration,
  };
}

function add(sum: number | undefined, more: number | undefined): number | undefined {
  return more === undefined ? sum : (sum ?? 0) + more;
}

function usageOfAll(attempts: readonly AttemptRecord[]): Usage {
  const all: Usage = {};
  for (const { usage } of attempts) {
    const inputTokens = add(all.inputTokens, usage?.inputTokens);
    const outputTokens = add(all.outputTokens, usage?.outputTokens);
    const cachedInputTokens = add(all.cachedInputTokens, usage?.cachedInputTokens);
    if (inputTokens !== undefined) all.inputTokens = inputTokens;
    if (outputTokens !== undefined) all.outputTokens = outputTokens;
    if (cachedInputTokens !== undefined) all.cachedInputTokens = cachedInputTokens;
  }
  return all;
}

function troubles({ attempts, waits }: Trace): Partial<HoldfastMetadata> {
  const failed = attempts.filter((attempt) => attempt.failure);
  const failedUsage = usageOfAll(failed);
  return {
    ...(failed.length === 0 ? {} : { failed: failed.map(failedAttempt) }),
    ...(waits.length === 0
      ? {}
      : { waits: waits.map(({ duration, reason }) => ({ duration, reason })) }),
    ...(Object.keys(failedUsage).length === 0 ? {} : { failedUsage }),
  };
}

/** Tells how a call was served. */
export function metadataOf({
  target,
  trace,
  degraded,
}: Executed<unknown>): HoldfastMetadata & Record<string, unknown> {
  const { attempts, waits, duration } = trace;
  // Most calls take one attempt, whose cost is theirs.
  const cost = attempts.length === 1 ? attempts[0]?.cost : trace.cost;
  const metadata: HoldfastMetadata & Record<string, unknown> = target
    ? {
        servedBy: target.name,
        model: target.model,
        provider: target.provider,
        account: target.account,
        attempts: attempts.length,
        duration,
      }
    : { attempts: attempts.length, duration };
  if (cost !== undefined) metadata.cost = cost;
  if (degraded) metadata.degraded = true;
  return attempts.length > 1 || waits.length > 0 ? { ...metadata, ...troubles(trace) } : metadata;
}
