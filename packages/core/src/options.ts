// What a policy can be told. `checkOptions` in settings.ts turns it into settings, once.
import { type BackoffOptions } from "./backoff.ts";
import { type BreakerOptions } from "./board/breaker.ts";
import { type BudgetOptions } from "./board/budget.ts";
import { type Answer } from "./classify/answer.ts";
import { type PolicyEvent } from "./events.ts";
import { type CatalogueRow, type Failure, type FailureKind } from "./failure.ts";
import { type Trace } from "./outcome.ts";
import { type Price } from "./price.ts";
import { type Store } from "./store.ts";
import { type AccountOptions, type Candidate, type Limits, type Target } from "./target.ts";

/** What a rule does about a failure. */
export type RuleAction = "next" | "wait" | "give-up" | "repeat";

/** What to do about a kind of failure, where the catalogue's answer does not suit. */
export interface Rule {
  /** Attempts one call makes at one target before it moves on. */
  attempts?: number;
  backoff?: BackoffOptions;
  /**
   * `next`: leave the target at once. `wait`: stay with the model, also when its attempts are used up, for as long as
   * the deadline allows. `give-up`: end the call. `repeat`: the catalogue's way. @default "repeat"
   */
  action?: RuleAction;
  /** Only these models may serve after this failure. */
  models?: readonly string[];
}

/** What a rule's function is told. */
export interface RuleSituation {
  failure: Failure;
  target: Target;
  /** Attempts made so far, over the whole call. */
  attempts: number;
}

/** Rules by kind, or one function for all of them; `undefined` leaves it to the catalogue. */
export type Rules =
  | Readonly<Partial<Record<FailureKind, Rule>>>
  | ((situation: RuleSituation) => Rule | undefined);

/** A second attempt while the first is still running. */
export interface HedgeOptions {
  /** Ms without a first content after which the second attempt starts. @default the 95th percentile lately seen */
  delay?: number;
  /** The share of calls that may be hedged. @default 0.05 */
  share?: number;
}

/** What a last resort is told. */
export interface LastResort {
  failure?: Failure;
  diagnosis: string;
  trace: Trace;
  input: unknown;
}

/** Hours in which a model or an account may be used. */
export interface Schedule {
  /** The model it is about; any when absent. */
  model?: string;
  /** The account it is about; any when absent. */
  account?: string;
  /** IANA name, such as `Asia/Shanghai`. */
  timeZone: string;
  /** `HH:MM`, inclusive. */
  from: string;
  /** `HH:MM`, exclusive; earlier than `from` means over midnight. */
  to: string;
}

/** What core needs to know of models; `@holdfast/core/models` has it as data. */
export interface ModelFacts {
  /** The model a name stands for at a time (ms since the epoch). */
  resolve?(name: string, wall: number): string;
  /** Input tokens that fit; `undefined` where nobody knows. */
  window?(name: string): number | undefined;
  /** What a name may have been meant to be; `closed` are the names known to be refused, which are never proposed. */
  nearest?(name: string, closed?: readonly string[]): readonly string[];
  successor?(name: string, wall: number): string | undefined;
  /**
   * Finds out which models exist, where a target was refused because its model is not known; `nearest` is asked after it.
   * Waited for no longer than a second, and what it throws is ignored.
   */
  learn?(target: Target, moment: { wall: number; signal: AbortSignal }): Promise<void>;
  /** What to say when `served` answered a call for `asked`; nothing when they are the same. */
  served?(asked: string, served: string): string | undefined;
  limits?(name: string, tier: string): Limits | undefined;
  /** What a name costs at a time (ms since the epoch). */
  price?(name: string, wall: number): Price | undefined;
}

/** A policy, in words of the application. Every duration is in ms. Without any option it serves one key and one model. */
export interface PolicyOptions {
  /** A set of defaults: `interactive` for a person at a screen, `batch` for a job that has time. @default "interactive" */
  preset?: "interactive" | "batch";
  /** Who pays and where to; @default one account whose key the host finds in its environment */
  accounts?: readonly AccountOptions[];
  /** By the model asked for, the models to go on to; `*`: for any other. Not transitive. */
  fallbacks?: Readonly<Record<string, readonly string[]>>;
  /** Sugar for `fallbacks`: each model falls back to those after it. Its first is used where a call names none. */
  chain?: readonly string[];
  /** Which account of a model comes first. `balanced`: the one with the most quota left. @default "in-order" */
  order?: "in-order" | "balanced";
  /** Attempts of one call, over all targets. @default 30 */
  attempts?: number;
  /** How delays grow, for all kinds of failures. @default by kind, full jitter */
  backoff?: BackoffOptions;
  /** How long a call would rather wait for a better model than take a lesser one. @default 10000; batch: 600000 */
  patience?: number;
  /** Limit of a whole call, its waits included. @default 600000; batch: 86400000 */
  deadline?: number;
  /** Limit of one attempt, to its answer or its first content. @default 300000 */
  attemptTimeout?: number;
  /** Limit of a stream's way to its first content. @default the attempt timeout */
  firstContentTimeout?: number;
  /** How long a stream may pause after its first content. @default 60000 */
  stallTimeout?: number;
  /** What happens to a stream that breaks after its first content: end with what there is, or let the next target go on. @default "fail" */
  afterContent?: "fail" | "continue";
  /** Limits by model (`*`: any), for every project that does not say otherwise. Without them they are learned. */
  limits?: Readonly<Record<string, Limits>>;
  /** The minute that quotas count, in ms; shorter only for tests. @default 60000 */
  quotaWindow?: number;
  /** Calls that may wait at the same time. @default 10000 */
  maxWaiting?: number;
  /** Calls at once per upstream × model; `adaptive` learns it from outcomes. @default no limit */
  concurrency?: number | "adaptive";
  breaker?: BreakerOptions | false;
  /** The retry budget. */
  budget?: BudgetOptions | false;
  /** Second attempts against stragglers. They cost quota and money. @default false */
  hedge?: HedgeOptions | false;
  rules?: Rules;
  /** Rows of the catalogue to override. */
  catalogue?: Readonly<Partial<Record<FailureKind, Partial<CatalogueRow>>>>;
  /** Names what is wrong with an answer that came, or accepts it by `undefined`. */
  accept?: (answer: Answer | undefined, value: unknown) => Failure | FailureKind | undefined;
  /** Recognises errors before the built-in classification does. */
  classify?: (error: unknown) => Failure | undefined;
  /** Changes the request after a failure; `undefined` leaves it. Counts as an attempt like any other. */
  repair?: (input: unknown, failure: Failure, target: Target) => unknown;
  /** Answers when all is lost: a message, an answer, or a function of the situation, which may throw to let the call fail after all. */
  degrade?: string | object | ((situation: LastResort) => unknown);
  /** Hours in which targets may be used. */
  schedules?: readonly Schedule[];
  /** What is known of models. @default the catalogue of `@holdfast/core/models` */
  models?: ModelFacts;
  /** What models cost, by name, per million tokens; for traces and events. @default the list prices of the catalogue for Google's own endpoints; an account of `tier: "free"` costs nothing */
  prices?: Readonly<Record<string, Price>>;
  /** Keeps long closures, learned limits and the counters of the day beyond the process. */
  store?: Store;
  /** Says that accounts of free and paid tiers, or relays that see the prompts, may stand beside each other; else one warning. */
  allow?: { mixedTiers?: boolean; relays?: boolean };
  /** Called with every event. What it throws is reported as a warning once and ignored. */
  onEvent?: (event: PolicyEvent) => void;
}

/** What a look at the request found, as `preflight` of `@holdfast/core/models` has it. */
export interface CallFinding {
  level: "error" | "warning";
  /** Where, such as `contents[0].parts`. */
  field: string;
  message: string;
  remedy: string;
  kind: FailureKind;
}

/** What one call can say. Every duration is in ms. */
export interface CallOptions {
  /** The model asked for. */
  model?: string;
  /** Instead of `model`: what can serve, in order of preference. */
  candidates?: readonly (string | Candidate)[];
  /** Embeddings live in the space of their model: only accounts and endpoints of the model asked for. */
  sameModel?: boolean;
  /** Ends the call, also while it waits; the call then rejects with the signal's own reason. */
  signal?: AbortSignal;
  deadline?: number;
  patience?: number;
  attemptTimeout?: number;
  /** The value is a stream: `firstContentTimeout` bounds the attempt. */
  streaming?: boolean;
  /** Waiting calls of a higher priority go first. @default 0 */
  priority?: number;
  /** A conversation: its calls prefer the target that served the last one. */
  affinity?: string;
  /** Only this account: files, cached content and batches belong to its project. */
  account?: string;
  /** Estimated input tokens. @default 0, settled by what the provider counts */
  tokens?: number;
  /** What the quota counts the call as: the texts of an embedding batch. @default 1 */
  requests?: number;
  /** What is sent; `repair` may change it. */
  input?: unknown;
  /** What was found wrong with the request before it is sent; a certain error ends the call, a doubt is a warning event. */
  findings?: readonly CallFinding[];
  /** Never hedge: tools that the provider executes have effects. */
  unsafe?: boolean;
}
