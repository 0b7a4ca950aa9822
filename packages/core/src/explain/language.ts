import { type FailureKind, type Helps, type Reopening, type ScopeName } from "@holdfast/core";
import { type Limits, type Tier } from "@holdfast/core/models";

import { type Article, type HintName } from "./article.ts";

/** The languages `explain` speaks. */
export type Locale = "en" | "zh-CN";

/** A quota in words. */
interface QuotaWords {
  limit: number | undefined;
  tier: string | undefined;
  unit: string;
  window: string | undefined;
}

/** Everything that is said, in one language. */
export interface Language {
  locale: Locale;
  /** Between a title and an address. */
  colon: string;
  articles: Readonly<Record<FailureKind, Article>>;
  hints: Readonly<Record<HintName, string>>;
  /** What happened where a request is refused only for now. */
  notYet: string;
  /** Steps that help whatever the kind. */
  general: readonly string[];
  headings: Readonly<
    Record<"facts" | "causes" | "holdfast" | "actions" | "general" | "links", string>
  >;
  units: Readonly<Record<"hours" | "minutes" | "seconds", string>>;
  facts: {
    status: (status: number, reason: string | undefined) => string;
    /** A code without a status: nobody answered. */
    code: (code: string) => string;
    provider: (provider: string) => string;
    model: (model: string) => string;
    retired: (since: string) => string;
    routed: (since: string, to: string) => string;
    closed: (since: string) => string;
    successor: (name: string) => string;
    nearest: (names: readonly string[]) => string;
    fields: (names: readonly string[]) => string;
    quota: (quota: QuotaWords) => string;
    quotaName: (name: string) => string;
    tierLimits: (tier: string, limits: readonly string[]) => string;
    delay: (duration: string) => string;
    uselessDelay: (duration: string) => string;
    reset: (time: string) => string;
  };
  names: {
    units: Readonly<Record<"requests" | "tokens", string>>;
    windows: Readonly<Record<"minute" | "day", string>>;
    tiers: Readonly<Record<Tier, string>>;
    limits: Readonly<Record<keyof Limits, string>>;
  };
  holdfast: {
    again: (attempts: number, shortest: string, longest: string) => string;
    waits: string;
    persists: string;
    never: string;
    moves: (places: readonly string[]) => string;
    stays: string;
    stops: string;
    places: Readonly<Record<keyof Helps, string>>;
    /** In place of another model, where the input is too long for this one. */
    larger: string;
    closesForAll: (scope: string) => string;
    closesOnEvidence: (scope: string) => string;
    scopes: Readonly<Record<ScopeName, string>>;
    reopens: Readonly<Record<Reopening, string>>;
    blocked: string;
    cancelled: string;
  };
}
