import { type ScenarioInput } from "./scenario.ts";

/** The scenarios that come with the simulator. */
export type ScenarioName =
  | "calm"
  | "free-tier"
  | "overload-5-min"
  | "day-quota"
  | "bad-keys"
  | "blocked-region"
  | "flaky-streams"
  | "black-friday";

const minute = 60_000;

/** The scenarios that come with the simulator, by name. */
export const scenarios: Readonly<Record<ScenarioName, ScenarioInput>> = {
  calm: { name: "calm" },
  "free-tier": { name: "free-tier", projects: [{ name: "*", tier: "free" }] },
  "overload-5-min": { name: "overload-5-min", rules: [{ fault: "overload", until: 5 * minute }] },
  "day-quota": {
    name: "day-quota",
    projects: [{ name: "*", tier: "free" }],
    quotas: { limits: [{ requestsPerDay: 3 }] },
  },
  "bad-keys": {
    name: "bad-keys",
    accounts: [
      { name: "good", key: "good-key" },
      { name: "expired", key: "expired-key", fault: "expired-key" },
      { name: "leaked", key: "leaked-key", fault: "leaked-key" },
      { name: "restricted", key: "restricted-key", fault: "restricted-key" },
      { name: "suspended", key: "suspended-key", fault: "project-suspended" },
      { name: "disabled", key: "disabled-key", fault: "api-disabled" },
      { name: "unpaid", key: "unpaid-key", fault: "billing-required" },
    ],
  },
  "blocked-region": {
    name: "blocked-region",
    endpoints: [
      { name: "google", path: "", fault: "region-blocked" },
      { name: "relay", path: "/relay" },
    ],
  },
  "flaky-streams": {
    name: "flaky-streams",
    speed: { firstToken: 200, tokensPerSecond: 100 },
    rules: [
      { stream: true, probability: 0.1, fault: { type: "reset-mid-body", share: 0 } },
      { stream: true, probability: 0.1, fault: "reset-mid-body" },
      { stream: true, probability: 0.1, fault: "truncated-stream" },
      { stream: true, probability: 0.1, fault: "stream-error" },
      { stream: true, probability: 0.05, fault: "malformed-stream" },
      { stream: true, probability: 0.05, fault: "stall-mid-body" },
      { probability: 0.05, fault: "empty-stop" },
    ],
  },
  "black-friday": {
    name: "black-friday",
    projects: [{ name: "*", tier: "tier-1" }],
    speed: { firstToken: 300, tokensPerSecond: 150 },
    rules: [
      { model: "*pro*", probability: 0.6, fault: "overload" },
      { load: { above: 50 }, probability: 0.8, fault: "overload" },
      { from: 2 * minute, until: 3 * minute, fault: { type: "overload", sentence: "overloaded" } },
      { from: 4 * minute, until: 5 * minute, probability: 0.5, fault: "shared-capacity" },
      { probability: 0.02, fault: "internal-error" },
      { probability: 0.01, fault: "deadline-exceeded" },
      { probability: 0.01, fault: "reset" },
      { probability: 0.005, fault: "bad-gateway" },
    ],
  },
};

/** True of the name of a scenario that comes with the simulator. */
export function isScenarioName(name: string): name is ScenarioName {
  return Object.hasOwn(scenarios, name);
}
