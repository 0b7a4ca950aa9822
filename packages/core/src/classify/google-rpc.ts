// Google's error model (google.rpc): status words, typed details, reasons.
// Sources: google/rpc/code.proto, google/rpc/error_details.proto, google/api/error_reason.proto.

import type { FailureKind, QuotaViolation } from "../failure.ts";
import { readDuration } from "./retry-after.ts";
import { type Fields, get, getText, isFields, items, numberOf } from "./safe.ts";
import type { Signals } from "./signals.ts";

/** HTTP status of each canonical status word. */
export const rpcStatus: Readonly<Record<string, number>> = {
  CANCELLED: 499,
  UNKNOWN: 500,
  INVALID_ARGUMENT: 400,
  DEADLINE_EXCEEDED: 504,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  PERMISSION_DENIED: 403,
  RESOURCE_EXHAUSTED: 429,
  FAILED_PRECONDITION: 400,
  ABORTED: 409,
  OUT_OF_RANGE: 400,
  UNIMPLEMENTED: 501,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DATA_LOSS: 500,
  UNAUTHENTICATED: 401,
};

/** Canonical status words by their number, which gRPC clients give as `code`. */
export const rpcWords: readonly string[] = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
];

const reasonKinds: Readonly<Record<string, FailureKind>> = {
  API_KEY_INVALID: "invalid-api-key",
  API_KEY_EXPIRED: "api-key-expired",
  SERVICE_DISABLED: "api-not-enabled",
  accessNotConfigured: "api-not-enabled",
  BILLING_DISABLED: "billing-required",
  CONSUMER_SUSPENDED: "project-suspended",
  TOS_VIOLATION: "project-suspended",
  CONSUMER_INVALID: "permission-denied",
  USER_PROJECT_DENIED: "permission-denied",
  IAM_PERMISSION_DENIED: "permission-denied",
  ACCESS_TOKEN_SCOPE_INSUFFICIENT: "permission-denied",
  insufficientPermissions: "permission-denied",
  SECURITY_POLICY_VIOLATED: "permission-denied",
  ORG_RESTRICTION_VIOLATION: "permission-denied",
  ACCESS_TOKEN_TYPE_UNSUPPORTED: "unauthenticated",
  ACCESS_TOKEN_EXPIRED: "unauthenticated",
  CREDENTIALS_MISSING: "unauthenticated",
  ACCOUNT_STATE_INVALID: "unauthenticated",
  LOCATION_ORG_POLICY_VIOLATED: "region-unsupported",
  LOCATION_POLICY_VIOLATED: "region-unsupported",
  MODEL_CAPACITY_EXHAUSTED: "capacity-exhausted",
  RESOURCE_USAGE_RESTRICTION_VIOLATED: "permission-denied",
};

/** The kind that a reason of google.api.ErrorReason or of a Google service states by itself. */
export function kindOfReason(reason: string): FailureKind | undefined {
  if (Object.hasOwn(reasonKinds, reason)) return reasonKinds[reason];
  return /^API_KEY_\w{1,40}_BLOCKED$/.test(reason) ? "api-key-restricted" : undefined;
}

const constants = new RegExp(
  `\\b(?:${Object.keys(reasonKinds)
    .filter((reason) => reason.includes("_"))
    .join("|")}|API_KEY_[A-Z_]{1,40}_BLOCKED)\\b`,
);

/** A reason that stands in a text as the constant it is, whatever surrounds it. */
export const reasonIn = (text: string): string | undefined => constants.exec(text)?.[0];

/** What a quota's metric and id say about its window and its unit. */
function describeQuota(named: QuotaViolation): QuotaViolation {
  const name = `${named.id ?? ""} ${named.metric ?? ""}`;
  const quota: QuotaViolation = { ...named };
  if (/per[_ ]?day|daily/i.test(name)) quota.window = "day";
  // Paid tiers name their requests-per-minute quota by this metric alone; the daily one adds "_per_day".
  else if (/per[_ ]?minute|generate_requests_per_model\b/i.test(name)) quota.window = "minute";
  if (/token/i.test(name)) quota.unit = "tokens";
  else if (/request/i.test(name)) quota.unit = "requests";
  if (quota.window === undefined && quota.unit === "tokens") quota.window = "minute";
  return quota;
}

interface Named {
  metric?: string | undefined;
  id?: string | undefined;
  limit?: number | undefined;
  model?: string | undefined;
}

/** A quota from the fields that were there. */
export function makeQuota({ metric, id, limit, model }: Named): QuotaViolation {
  return describeQuota({
    ...(metric === undefined ? {} : { metric }),
    ...(id === undefined ? {} : { id }),
    ...(limit === undefined ? {} : { limit }),
    ...(model === undefined ? {} : { model }),
  });
}

/** A PreconditionFailure lists violations too, which name no quota. */
function readViolation(violation: Fields): QuotaViolation | undefined {
  const dimensions = get(violation, "quotaDimensions") ?? get(violation, "quota_dimensions");
  const metric = getText(violation, "quotaMetric") ?? getText(violation, "quota_metric");
  const id = getText(violation, "quotaId") ?? getText(violation, "quota_id");
  if (metric === undefined && id === undefined) return undefined;
  return makeQuota({
    metric,
    id,
    limit: numberOf(get(violation, "quotaValue") ?? get(violation, "quota_value")),
    model: isFields(dimensions) ? getText(dimensions, "model") : undefined,
  });
}

/** RetryInfo's delay: "26s", or { seconds, nanos } from clients that decode the message themselves. */
function readDelay(delay: unknown, signals: Signals): void {
  if (typeof delay === "string") {
    const length = readDuration(delay);
    if (length !== undefined) signals.delays.push(length);
    return;
  }
  if (!isFields(delay)) return;
  const seconds = numberOf(get(delay, "seconds")) ?? 0;
  const nanos = numberOf(get(delay, "nanos")) ?? 0;
  const length = seconds * 1_000 + nanos / 1e6;
  if (length > 0) signals.delays.push(length);
}

function readMetadata(metadata: Fields, signals: Signals): void {
  const id = getText(metadata, "quota_limit");
  const metric = getText(metadata, "quota_metric");
  const model = getText(metadata, "model");
  if (model !== undefined) signals.model = model;
  // Code Assist says there when a user's own quota is full again.
  readDelay(get(metadata, "quotaResetDelay"), signals);
  if (id === undefined && metric === undefined) return;
  const limit = numberOf(getText(metadata, "quota_limit_value"));
  signals.violations.push(makeQuota({ metric, id, limit, model }));
}

function readFields(violations: unknown, signals: Signals): void {
  for (const violation of items(violations, 20) ?? []) {
    const field = isFields(violation) ? getText(violation, "field") : undefined;
    if (field !== undefined && field !== "") signals.fields.push(field);
  }
}

/** Reads one element of `error.details`, whatever its type; lists and fields of other types are simply not there. */
export function readDetail(detail: Fields, signals: Signals): void {
  signals.detailed = true;
  const reason = getText(detail, "reason");
  if (reason !== undefined) signals.reasons.push(reason);
  const metadata = get(detail, "metadata");
  if (isFields(metadata)) readMetadata(metadata, signals);
  for (const violation of items(get(detail, "violations"), 20) ?? []) {
    const quota = isFields(violation) ? readViolation(violation) : undefined;
    if (quota !== undefined) signals.violations.push(quota);
  }
  readFields(get(detail, "fieldViolations") ?? get(detail, "field_violations"), signals);
  readDelay(get(detail, "retryDelay") ?? get(detail, "retry_delay"), signals);
}
