import { type Limits, type Tier, type TierLimits } from "./model.ts";

type Rows = readonly TierLimits[];

const seen = { basis: "observed", source: "refusals" } as const;
const batch = { basis: "published", source: "rate-limits" } as const;

/** A tier in which the model answers nothing: `limit: 0`. */
const closed = { requestsPerMinute: 0, requestsPerDay: 0, ...seen };

const freeFlash: TierLimits = {
  tier: "free",
  requestsPerMinute: 5,
  tokensPerMinute: 250_000,
  requestsPerDay: 20,
  ...seen,
};

export const flashLimits: Rows = [
  freeFlash,
  { tier: "tier-1", tokensPerMinute: 2_000_000, ...seen },
];

export const flashLimitsWithBatch: Rows = [
  ...flashLimits,
  { tier: "tier-1", batchTokens: 3_000_000, ...batch },
];

export const freeFlashLimits: Rows = [freeFlash];

export const flash25Limits: Rows = [
  freeFlash,
  { tier: "tier-1", tokensPerMinute: 1_000_000, requestsPerDay: 10_000, ...seen },
  { tier: "tier-1", batchTokens: 3_000_000, ...batch },
  { tier: "tier-2", tokensPerMinute: 3_000_000, ...seen },
];

export const flashLite35Limits: Rows = [
  { tier: "free", requestsPerMinute: 15, tokensPerMinute: 250_000, requestsPerDay: 500, ...seen },
  { tier: "tier-1", tokensPerMinute: 4_000_000, ...seen },
  { tier: "tier-1", batchTokens: 10_000_000, ...batch },
  { tier: "tier-2", requestsPerDay: 350_000, ...seen },
];

export const flashLite31Limits: Rows = [
  { tier: "free", requestsPerMinute: 15, tokensPerMinute: 250_000, ...seen },
  { tier: "tier-1", batchTokens: 10_000_000, ...batch },
];

export const pro31Limits: Rows = [
  { tier: "free", ...closed },
  {
    tier: "tier-1",
    requestsPerMinute: 25,
    tokensPerMinute: 1_000_000,
    requestsPerDay: 250,
    ...seen,
  },
  { tier: "tier-1", batchTokens: 5_000_000, ...batch },
];

export const pro25Limits: Rows = [
  { tier: "free", ...closed },
  { tier: "tier-1", batchTokens: 5_000_000, ...batch },
];

export const imageLimits: Rows = [{ tier: "free", ...closed }];

export const flashLiteImageLimits: Rows = [
  ...imageLimits,
  { tier: "tier-1", requestsPerDay: 1_000, ...seen },
];

export const tts25Limits: Rows = [{ tier: "tier-1", requestsPerDay: 100, ...seen }];

export const embeddingLimits: Rows = [
  {
    tier: "free",
    requestsPerMinute: 100,
    tokensPerMinute: 30_000,
    requestsPerDay: 1_000,
    ...seen,
  },
  { tier: "tier-1", batchTokens: 500_000, ...batch },
  { tier: "tier-2", batchTokens: 5_000_000, ...batch },
  { tier: "tier-3", batchTokens: 10_000_000, ...batch },
];

/** What is known of a tier, from all its rows. */
export function mergeLimits(rows: Rows, tier: Tier): Limits {
  const merged: Limits = {};
  for (const { tier: of, basis: _basis, source: _source, ...limits } of rows) {
    if (of === tier) Object.assign(merged, limits);
  }
  return merged;
}
