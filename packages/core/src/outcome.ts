// What an attempt may answer, and what is kept of it.
import { type Answer } from "./classify/answer.ts";
import { type Failure } from "./failure.ts";
import { type Target } from "./target.ts";

/** Tokens as the provider counted them. */
export interface Usage {
  inputTokens?: number;
  outputTokens?: number;
  /** Those of the input that were read from a cache, which may cost less. */
  cachedInputTokens?: number;
}

/** How an attempt that outlived its value ended: the end of a stream. */
export interface Settlement {
  usage?: Usage;
  modelVersion?: string;
}

/** What an attempt knows beyond its value. */
export interface AttemptedDetails {
  answer?: Answer;
  usage?: Usage;
  /** The model that really served. */
  modelVersion?: string;
  /** For a stream: fulfils at its end, rejects with the raw error when it failed after its first content. */
  settled?: PromiseLike<Settlement | void>;
}

/** A value with what the attempt knows of it; made by `attempted`. */
export class Attempted<T> {
  readonly value: T;
  readonly about: AttemptedDetails;

  constructor(value: T, about: AttemptedDetails) {
    this.value = value;
    this.about = about;
  }
}

/**
 * Answers an attempt with more than its value: how it ended, what it used, and for a stream when it is over.
 * The permit of the attempt lives until `settled`.
 */
export function attempted<T>(value: T, about: AttemptedDetails): Attempted<T> {
  return new Attempted(value, about);
}

/** One attempt as a trace tells it. */
export interface AttemptRecord {
  /** From 1, over the whole call. */
  number: number;
  /** `account/model`. */
  target: string;
  model: string;
  account: string;
  /** Milliseconds since the call began. */
  startedAt: number;
  /** Milliseconds to the commit point, or to the failure. */
  duration: number;
  /** Absent when the attempt succeeded. */
  failure?: Failure;
  usage?: Usage;
  /** What it cost by the price of its model; absent where price or tokens are not known. */
  cost?: number;
  modelVersion?: string;
  /** Whether it was the second, hedging attempt, or the one probe of a closed scope. */
  role?: "hedge" | "probe";
}

/** One wait as a trace tells it. */
export interface WaitRecord {
  /** Milliseconds since the call began. */
  startedAt: number;
  duration: number;
  /** What was waited for, in words. */
  reason: string;
}

/** What happened to a call and why. JSON-safe and without keys. */
export interface Trace {
  call: number;
  /** The model asked for. */
  model: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** Milliseconds from the call to its end. */
  duration: number;
  attempts: AttemptRecord[];
  waits: WaitRecord[];
  /** The target that served. */
  servedBy?: string;
  /** Decisions in words, in order. */
  decisions: string[];
  /** Tokens of all attempts, failed ones too, as far as they are known. */
  usage: Usage;
  /** What all attempts cost, failed ones too; absent where no price is known, and without those whose tokens nobody counted. */
  cost?: number;
}

/** The answer of `execute`. */
export interface Executed<T> {
  value: T;
  /** Who served; absent when the value is a last resort. */
  target?: Target;
  /** Whether the value is the policy's last resort and no model's answer. */
  degraded: boolean;
  trace: Trace;
  /**
   * For a value that failed after its commit point: goes on in the same execution (plan, deadline, trace) with the
   * next target. `call` knows what to continue from.
   */
  resume<Next = T>(call: Call<Next>, error: unknown): Promise<Executed<Next>>;
}

/** What an attempt is given besides its target. */
export interface AttemptContext {
  /** Aborts when the caller does, when the attempt takes too long, or when a hedge has won. */
  readonly signal: AbortSignal;
  /** From 1, over the whole call. */
  readonly attempt: number;
  /** From 1, at this target. */
  readonly attemptAtTarget: number;
  /** The request as the call brought it, or as `repair` changed it. */
  readonly input: unknown;
  /** What the attempt before this one failed with. */
  readonly previous?: Failure;
  /** What the call's attempts have failed with until now, in order. */
  readonly failures: readonly Failure[];
}

/** One attempt at one target: resolves at its commit point. Whatever it throws is classified. */
export type Call<T> = (
  target: Target,
  context: AttemptContext,
) => T | Attempted<T> | PromiseLike<T | Attempted<T>>;
