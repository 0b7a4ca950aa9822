import { type Price } from "@holdfast/core";

/** What a model is for. */
export type ModelKind = "text" | "image" | "embedding" | "tts" | "live" | "video";

/** The billing tiers of a project; they raise the limits. */
export type Tier = "free" | "tier-1" | "tier-2" | "tier-3";

/** Where a fact of the catalogue comes from; `sources` has title, address and date. */
export type SourceName =
  | "changelog"
  | "deprecations"
  | "models"
  | "rate-limits"
  | "batch"
  | "pricing"
  | "refusals";

/** A public page, or a kind of public evidence. */
export interface Source {
  title: string;
  url: string;
  /** When the page was last updated, or read, as an ISO date. */
  asOf: string;
}

/** Something that holds from a day on. */
export interface Dated {
  /** ISO date, taken as midnight UTC: the day it begins or, where that is not published, a day on which it already held. */
  since: string;
  source: SourceName;
}

/** A name that another model answers from a day on, without an error. */
export interface Route extends Dated {
  to: string;
}

/** A list price that holds from a day on, in US dollars per million tokens. */
export interface DatedPrice extends Dated, Price {}

/** Limits of one project for one model; a field that is not known is absent. */
export interface Limits {
  requestsPerMinute?: number;
  /** Input tokens. */
  tokensPerMinute?: number;
  requestsPerDay?: number;
  /** Tokens of all batches that wait or run. */
  batchTokens?: number;
}

/** Limits of one tier, and how they are known. Google publishes none per model since 2026, so most are what refusals named. */
export interface TierLimits extends Limits {
  tier: Tier;
  basis: "published" | "observed";
  source: SourceName;
}

/** One model of the catalogue. What is not known is absent. */
export interface Model {
  /** The name in the address, without `models/`. */
  id: string;
  kind: ModelKind;
  /** Other names of the same model. A numbered version (`-001`) needs no entry. */
  aliases?: readonly string[];
  /** True of `…-latest`: which model it stands for changes without notice. */
  floating?: boolean;
  /** Name parts that every model behind a floating name has, such as `flash`. */
  family?: readonly string[];
  /** The context window, in input tokens. */
  inputTokens?: number;
  /** ISO date. */
  released?: string;
  /** From then on the name answers 404. */
  retired?: Dated;
  /** From then on another model answers. */
  routed?: Route;
  /** From then on projects that have not used it before get 404. */
  closedToNewUsers?: Dated;
  /** From then on the documentation lists it no more, or calls it deprecated, though it may answer. */
  unlisted?: Dated;
  /** The replacement the documentation names. */
  successor?: string;
  limits?: readonly TierLimits[];
  /** List prices of the paid tier for text, oldest first; the last one that holds counts. */
  prices?: readonly DatedPrice[];
  capabilities?: {
    /** Accepts `thinkingConfig`. */
    thinking?: boolean;
    /** Accepts `tools`. */
    tools?: boolean;
  };
  /** Where id, kind, dates and successor come from. */
  source: SourceName;
}

/** Which catalogue to look in, and when. */
export interface CatalogueOptions {
  /** Wall time in ms since 1970, for facts with a date. @default the present */
  now?: number;
  /** @default `models` */
  models?: readonly Model[];
}

/** The wall time in ms since 1970: the default of `CatalogueOptions.now`. */
export const presentTime = (): number => new Date().getTime();

/** Whether a dated fact holds at a wall time in ms. */
export const holds = (fact: Dated | undefined, now: number): boolean =>
  fact !== undefined && Date.parse(fact.since) <= now;
