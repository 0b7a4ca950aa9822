import { type GiveUpReason } from "./errors.ts";
import { type Failure, type FailureKind, type Sureness } from "./failure.ts";
import { type Spent } from "./price.ts";

interface OfCall {
  /** Number of the call within its policy. */
  call: number;
}

/** What a provider told of an answer. */
interface OfAnswer extends Spent {
  /** The model that really served. */
  modelVersion?: string;
}

/** One thing that happened. Durations are ms; `at` is ms since the epoch. No event carries a key or a prompt. */
export type PolicyEvent = { at: number } & (
  | (OfCall & {
      type: "call-start";
      model: string;
      targets: readonly string[];
      streaming?: boolean;
      /** Whether it is bound to its model, as embeddings are. */
      sameModel?: boolean;
    })
  | (OfCall & {
      type: "attempt-start";
      target: string;
      model: string;
      account: string;
      provider: string;
      attempt: number;
      attemptAtTarget: number;
    })
  | (OfCall &
      OfAnswer & {
        type: "attempt-end";
        target: string;
        attempt: number;
        duration: number;
        /** Absent when the attempt succeeded. */
        failure?: Failure;
        /** The value outlives the attempt: `attempt-settled` follows at its end. */
        settles?: true;
      })
  | (OfCall &
      OfAnswer & { type: "attempt-settled"; target: string; attempt: number; failure?: Failure })
  | (OfCall & {
      type: "decision";
      action: "repeat" | "next" | "give-up" | "degrade";
      /** In plain words. */
      why: string;
      target: string;
      delay?: number;
    })
  | (OfCall & { type: "wait-start"; delay: number; why: string })
  | (OfCall & { type: "wait-end"; duration: number })
  | (OfCall & { type: "target-switch"; from: string; to: string })
  | (OfCall & { type: "hedge-start"; target: string; attempt: number })
  | (OfCall &
      /** Of all attempts; of a stream, `attempt-settled` tells it later. */
      Spent & {
        type: "call-end";
        outcome: "answered" | "degraded" | "gave-up" | "cancelled";
        duration: number;
        attempts: number;
        target?: string;
        reason?: GiveUpReason;
      })
  | {
      type: "scope-close";
      scope: string;
      kind: FailureKind;
      sure: Sureness;
      /** Ms from now until it may be good again. */
      opensIn: number;
    }
  | { type: "scope-open"; scope: string; kind: FailureKind }
  | { type: "probe-start"; scope: string }
  | { type: "breaker-change"; scope: string; state: "open" | "half-open" | "closed" }
  | {
      type: "quota-learned";
      domain: string;
      metric: "rpm" | "tpm" | "rpd";
      limit: number;
      /** How its minutes turned out to be counted, where that is the news. */
      window?: "fixed" | "sliding";
    }
  /** They count as one project from now on, or as two again. */
  | { type: "accounts-merged" | "accounts-parted"; accounts: readonly string[] }
  | { type: "warning"; code: string; message: string }
);

/** A `PolicyEvent` before it is stamped. */
export type EventDraft = PolicyEvent extends infer E
  ? E extends { at: number }
    ? Omit<E, "at">
    : never
  : never;
