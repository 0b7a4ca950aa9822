import { type Fault, refusal } from "./fault.ts";

/** 429: too much money spent in ten minutes; another model of the same account does not help. */
export const spendRate: Fault = refusal("spend-rate", () => ({
  code: 429,
  status: "RESOURCE_EXHAUSTED",
  message:
    "You exceeded your spend-based rate limit. Your spending rate has exceeded the allowed limit for your account's billing history and tier.",
}));
