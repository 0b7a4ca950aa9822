import { type FailureKind } from "@holdfast/core";

/** What is said of a kind of failure in one language, whatever the single case. */
export interface Article {
  title: string;
  /** What happened, in one or two sentences. */
  what: string;
  /** Likely causes, the likeliest first. */
  causes: readonly string[];
  /** What a person can do, the most promising first. */
  actions: readonly string[];
}

/** Kinds that blame the request or are about the answer. */
export type RequestKind =
  | "invalid-request"
  | "payload-too-large"
  | "resource-not-found"
  | "context-length-exceeded"
  | "truncated-max-tokens"
  | "model-not-found"
  | "cancelled"
  | "unknown";

/** Kinds that blame the answer's content. */
export type AnswerKind =
  | "empty-response"
  | "malformed-function-call"
  | "recitation"
  | "stream-interrupted"
  | "content-blocked-prompt"
  | "content-blocked-response";

/** Kinds that refuse who asks, or from where. */
export type AccessKind =
  | "invalid-api-key"
  | "api-key-expired"
  | "api-key-leaked"
  | "api-key-restricted"
  | "unauthenticated"
  | "api-not-enabled"
  | "billing-required"
  | "project-suspended"
  | "permission-denied"
  | "region-unsupported";

/** Kinds that are about how much is asked. */
export type LimitKind =
  | "rate-limit-minute"
  | "rate-limit-tokens-minute"
  | "rate-limit-unknown"
  | "rate-limit-day"
  | "quota-zero"
  | "rate-limit-spend"
  | "spend-cap";

/** Kinds that blame the service or the way to it. */
export type ServiceKind = Exclude<FailureKind, RequestKind | AnswerKind | AccessKind | LimitKind>;

/** Sharper causes that a payload shows by a phrase. */
export type HintName =
  | "json"
  | "unknown-field"
  | "type"
  | "empty"
  | "role"
  | "range"
  | "signature"
  | "function-order"
  | "thinking"
  | "capability"
  | "image"
  | "file-processing"
  | "cached-content"
  | "schema"
  | "missing"
  | "dns"
  | "refused"
  | "tls"
  | "referrer"
  | "ip"
  | "service"
  | "app"
  | "threshold"
  | "proxy"
  | "unanswered"
  | "scopes"
  | "project-id"
  | "iam"
  | "bearer"
  | "billing-off"
  | "cap"
  | "fixed-policy"
  | "adjustable"
  | "proxy-limit"
  | "shut-down"
  | "closed-to-new"
  | "other-method";
