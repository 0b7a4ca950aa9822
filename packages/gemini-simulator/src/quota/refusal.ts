import { type GoogleError, help, quotaFailure, retryInfo } from "../google-error.ts";
import { type Model, resolvedName } from "../models.ts";
import { type Tier } from "../scenario.ts";
import { type Dimension } from "./limits.ts";
import { type Violation } from "./usage.ts";

const host = "generativelanguage.googleapis.com";
const limitsPage = "https://ai.google.dev/gemini-api/docs/rate-limits";

/** What a refusal for quota is about. */
export interface QuotaRefusal {
  model: Model;
  tier: Tier | undefined;
  violations: readonly Violation[];
  /** What the refusal advises, in milliseconds. */
  wait: number;
}

/** 429 RESOURCE_EXHAUSTED as the quota system words it, with QuotaFailure, Help and RetryInfo. */
export function quotaExceeded({ model, tier, violations, wait }: QuotaRefusal): GoogleError {
  const name = resolvedName(model);
  const listed = violations.map(({ dimension, limit }) => {
    const { metric, id } = nameQuota(dimension, model, tier ?? "free");
    return {
      line: `* Quota exceeded for metric: ${metric}, limit: ${limit}, model: ${name}`,
      violation: {
        quotaMetric: metric,
        quotaId: id,
        quotaDimensions: { location: "global", model: name },
        // proto3 leaves a zero out.
        ...(limit !== 0 && { quotaValue: String(limit) }),
      },
    };
  });
  const message = [
    `You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: ${limitsPage}. To monitor your current usage, head to: https://ai.dev/rate-limit. `,
    ...listed.map(({ line }) => line),
    `Please retry in ${formatDuration(wait)}.`,
  ].join("\n");
  const details = [
    help({ description: "Learn more about Gemini API quotas", url: limitsPage }),
    quotaFailure(listed.map(({ violation }) => violation)),
    retryInfo(wait),
  ];
  return { code: 429, status: "RESOURCE_EXHAUSTED", message, details };
}

const suffixes: Record<Tier, string> = {
  free: "-FreeTier",
  "tier-1": "",
  "tier-2": "-PaidTier2",
  "tier-3": "-PaidTier3",
};

function nameQuota(dimension: Dimension, model: Model, tier: Tier): { metric: string; id: string } {
  const suffix = suffixes[tier];
  if (model.family === "embedding") {
    const metric = `${host}/embed_content_${tier === "free" ? "free_tier" : "paid_tier"}_${dimension === "tokens-per-minute" ? "input_token_count" : "requests"}`;
    const ids: Record<Dimension, string> = {
      "requests-per-day": "EmbedContentRequestsPerDayPerUserPerProjectPerModel",
      "requests-per-minute": "EmbedContentRequestsPerMinutePerUserPerProjectPerModel",
      "tokens-per-minute": "EmbedContentInputTokensPerModelPerMinute",
    };
    return { metric, id: `${ids[dimension]}${suffix}` };
  }
  return {
    metric: `${host}/${metricOf(dimension, tier)}`,
    id: `${quotaIdOf(dimension, tier)}${suffix}`,
  };
}

function metricOf(dimension: Dimension, tier: Tier): string {
  if (tier === "free") {
    return dimension === "tokens-per-minute"
      ? "generate_content_free_tier_input_token_count"
      : "generate_content_free_tier_requests";
  }
  const number = tier === "tier-1" ? "" : `_${tier.slice(-1)}`;
  const metrics: Record<Dimension, string> = {
    "requests-per-day": "generate_requests_per_model_per_day",
    "requests-per-minute": "generate_requests_per_model",
    "tokens-per-minute": `generate_content_paid_tier${number}_input_token_count`,
  };
  return metrics[dimension];
}

function quotaIdOf(dimension: Dimension, tier: Tier): string {
  const ids: Record<Dimension, string> = {
    "requests-per-day": "GenerateRequestsPerDayPerProjectPerModel",
    "requests-per-minute": "GenerateRequestsPerMinutePerProjectPerModel",
    "tokens-per-minute":
      tier === "free"
        ? "GenerateContentInputTokensPerModelPerMinute"
        : "GenerateContentPaidTierInputTokensPerModelPerMinute",
  };
  return ids[dimension];
}

/** A duration as Go prints it: `7.580539336s`, `856.559356ms`, `5h54m39.641065757s`. */
function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${digits(milliseconds, 6)}ms`;
  const hours = Math.floor(milliseconds / 3_600_000);
  const minutes = Math.floor((milliseconds % 3_600_000) / 60_000);
  const seconds = `${digits((milliseconds % 60_000) / 1000, 9)}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

function digits(value: number, count: number): string {
  return String(Number(value.toFixed(count)));
}
