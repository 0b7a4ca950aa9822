// The vocabulary everything else speaks: the kinds of failures, and what each means for the next attempt.

/** The name of a class of failures; a closed set. */
export type FailureKind =
  | "invalid-request"
  | "payload-too-large"
  | "resource-not-found"
  | "context-length-exceeded"
  | "truncated-max-tokens"
  | "model-not-found"
  | "invalid-api-key"
  | "api-key-expired"
  | "api-key-leaked"
  | "api-key-restricted"
  | "unauthenticated"
  | "api-not-enabled"
  | "billing-required"
  | "project-suspended"
  | "permission-denied"
  | "region-unsupported"
  | "rate-limit-minute"
  | "rate-limit-tokens-minute"
  | "rate-limit-unknown"
  | "rate-limit-day"
  | "quota-zero"
  | "rate-limit-spend"
  | "spend-cap"
  | "capacity-exhausted"
  | "server-error"
  | "timeout"
  | "gateway-error"
  | "network"
  | "empty-response"
  | "malformed-function-call"
  | "recitation"
  | "stream-interrupted"
  | "content-blocked-prompt"
  | "content-blocked-response"
  | "cancelled"
  | "unknown";

/** What a failure says is bad; the next attempt leaves it. `none`: the answer was bad, no place is. */
export type ScopeName =
  | "request"
  | "window"
  | "model"
  | "account"
  | "project"
  | "billing-account"
  | "quota-domain"
  | "endpoint"
  | "upstream-model"
  | "target"
  | "none";

/** `stated`: the answer itself says so. `suspected`: inferred, so it takes evidence to close a scope for everybody. */
export type Sureness = "stated" | "suspected";

/** Would another one help? */
export interface Helps {
  model: boolean;
  /** An account of another project. */
  account: boolean;
  endpoint: boolean;
}

/** When a closed scope may be good again. */
export type Reopening =
  /** Not during this call; later calls are not concerned. */
  | "next-call"
  /** One real call tests it, about once an hour, until a person has acted. */
  | "hourly-probe"
  /** After the delay the provider asked for, else at the end of the minute. */
  | "window"
  /** After a delay of hours if asked for, else at midnight Pacific, with sparse probes. */
  | "day"
  /** After minutes. */
  | "minutes"
  /** After a backoff that grows. */
  | "backoff";

/** One row of the catalogue: what a kind means when the payload says nothing more precise. */
export interface CatalogueRow {
  scope: ScopeName;
  sure: Sureness;
  reopens: Reopening;
  /** May the same target succeed within seconds to about a minute? */
  retryable: boolean;
  helps: Helps;
  /** Attempts one call makes at one target before it moves on; 1 means it never repeats there. */
  attempts: number;
  /** Where no other target is left, it repeats for as long as the call may. */
  persistent?: boolean;
  /** Delay before the second attempt at a target, and the longest one, in ms; full jitter is applied to both. */
  backoff?: { base: number; cap: number };
}

/** The quota a refusal named. */
export interface QuotaViolation {
  /** For example `generativelanguage.googleapis.com/generate_content_free_tier_requests`. */
  metric?: string;
  /** For example `GenerateRequestsPerMinutePerProjectPerModel-FreeTier`. */
  id?: string;
  /** The limit itself (`quotaValue`). */
  limit?: number;
  window?: "minute" | "day";
  /** What is counted. */
  unit?: "requests" | "tokens";
  /** The model as the quota names it, which may differ from the one asked for. */
  model?: string;
}

/** A classified bad outcome. */
export interface Failure {
  kind: FailureKind;
  /** May the same target succeed when asked again after `retryAfter`, or after a backoff of seconds? */
  retryable: boolean;
  /** The delay the provider asked for, in ms. */
  retryAfter?: number;
  helps: Helps;
  scope: ScopeName;
  sure: Sureness;
  /** The quota that governs, where a refusal named one. */
  quota?: QuotaViolation;
  /** All quotas the refusal named, the governing one among them. */
  quotas?: readonly QuotaViolation[];
  /** HTTP status, when one is known. */
  status?: number;
  /** `google`, or another provider's name where the error tells it. */
  provider?: string;
  /** `google.rpc.ErrorInfo.reason`, or the provider's own error code. */
  reason?: string;
  /** The fields of the request that a 400 complained about. */
  fields?: readonly string[];
  /** The model that a refusal named. */
  model?: string;
  /** What the provider said, on one line, without keys. */
  message: string;
  /** What was thrown or answered, as it came; not enumerable, so that printing a failure does not print it. */
  readonly error?: unknown;
}

const help = (model: boolean, account: boolean, endpoint: boolean): Helps => ({
  model,
  account,
  endpoint,
});

type Row = Omit<CatalogueRow, "attempts"> & { attempts?: number };

const requestRow: Row = {
  scope: "request",
  sure: "stated",
  reopens: "next-call",
  retryable: false,
  helps: help(false, false, false),
};
const keyRow: Row = {
  ...requestRow,
  scope: "account",
  reopens: "hourly-probe",
  helps: help(false, true, false),
};
const projectRow: Row = { ...keyRow, scope: "project" };
const quotaRow: Row = {
  scope: "quota-domain",
  sure: "stated",
  reopens: "window",
  retryable: true,
  helps: help(true, true, true),
  persistent: true,
};
const answerRow: Row = {
  scope: "none",
  sure: "suspected",
  reopens: "next-call",
  retryable: true,
  helps: help(true, false, false),
  attempts: 3,
  backoff: { base: 200, cap: 2_000 },
};
const placeRow: Row = {
  scope: "target",
  sure: "suspected",
  reopens: "backoff",
  retryable: true,
  helps: help(false, false, true),
};

const rows: Record<FailureKind, Row> = {
  "invalid-request": requestRow,
  "payload-too-large": requestRow,
  "resource-not-found": requestRow,
  "context-length-exceeded": { ...requestRow, scope: "window", helps: help(true, false, false) },
  "truncated-max-tokens": requestRow,
  "model-not-found": {
    ...requestRow,
    scope: "model",
    reopens: "hourly-probe",
    helps: help(true, false, false),
  },
  "invalid-api-key": keyRow,
  "api-key-expired": keyRow,
  "api-key-leaked": keyRow,
  "api-key-restricted": keyRow,
  unauthenticated: keyRow,
  "api-not-enabled": projectRow,
  "billing-required": { ...projectRow, helps: help(false, true, true) },
  "project-suspended": projectRow,
  "permission-denied": projectRow,
  "region-unsupported": {
    ...requestRow,
    scope: "endpoint",
    reopens: "hourly-probe",
    helps: help(false, false, true),
  },
  "rate-limit-minute": quotaRow,
  "rate-limit-tokens-minute": quotaRow,
  "rate-limit-unknown": {
    ...quotaRow,
    attempts: 4,
    persistent: false,
    backoff: { base: 5_000, cap: 60_000 },
  },
  "rate-limit-day": { ...quotaRow, reopens: "day", retryable: false },
  "quota-zero": { ...quotaRow, reopens: "hourly-probe", retryable: false },
  "rate-limit-spend": {
    ...quotaRow,
    scope: "billing-account",
    reopens: "minutes",
    helps: help(false, true, true),
  },
  "spend-cap": { ...projectRow, scope: "billing-account" },
  "capacity-exhausted": {
    ...placeRow,
    scope: "upstream-model",
    helps: help(true, false, true),
    attempts: 4,
    persistent: true,
    backoff: { base: 1_000, cap: 20_000 },
  },
  "server-error": {
    ...placeRow,
    helps: help(true, false, true),
    attempts: 3,
    backoff: { base: 1_000, cap: 8_000 },
  },
  timeout: {
    ...placeRow,
    helps: help(true, false, true),
    attempts: 2,
    persistent: true,
    backoff: { base: 1_000, cap: 8_000 },
  },
  "gateway-error": {
    ...placeRow,
    attempts: 3,
    persistent: true,
    backoff: { base: 500, cap: 8_000 },
  },
  network: { ...placeRow, attempts: 3, persistent: true, backoff: { base: 100, cap: 5_000 } },
  "empty-response": answerRow,
  "malformed-function-call": answerRow,
  recitation: answerRow,
  "stream-interrupted": {
    ...answerRow,
    helps: help(false, false, true),
    backoff: { base: 100, cap: 5_000 },
  },
  "content-blocked-prompt": requestRow,
  "content-blocked-response": requestRow,
  cancelled: requestRow,
  unknown: {
    ...placeRow,
    retryable: false,
    helps: help(false, false, false),
    attempts: 2,
    backoff: { base: 1_000, cap: 8_000 },
  },
};

/** The catalogue of failures: one row per kind. A policy may override rows; a payload may be more precise than its row. */
export const catalogue: Readonly<Record<FailureKind, CatalogueRow>> = Object.fromEntries(
  Object.entries(rows).map(([kind, row]) => [kind, { attempts: 1, ...row }]),
) as Record<FailureKind, CatalogueRow>;
