import { type Settings } from "./settings.ts";

/** What a person should know of a policy that is allowed but risky; each `[code, message]` is said once. */
export function doubtsAbout({ accounts, allow = {} }: Settings): [code: string, message: string][] {
  const doubts: [string, string][] = [];
  const tiers = new Set(accounts.map(({ tier }) => tier).filter((tier) => tier !== undefined));
  if (tiers.has("free") && tiers.size > 1 && !allow.mixedTiers)
    doubts.push([
      "mixed-tiers",
      "accounts of free and paid tiers stand beside each other: Google may use what the free ones send to improve its products, and what the paid ones send costs money. Set allow: { mixedTiers: true } if that is meant.",
    ]);
  const relays = accounts.filter(
    ({ provider, baseURL }) => provider === "google" && isRelay(baseURL),
  );
  if (relays.length && !allow.relays)
    doubts.push([
      "relay",
      `${relays.map(({ name }) => `"${name}"`).join(", ")} goes through a relay, which sees every prompt and answer. Set allow: { relays: true } if you trust it.`,
    ]);
  return doubts;
}

/** Whether an endpoint is neither Google's own nor on this machine. */
export function isRelay(baseURL: string | undefined): boolean {
  if (baseURL === undefined) return false;
  const { hostname } = new URL(baseURL);
  return !/(^|\.)googleapis\.com$|^localhost$|^127\.|^\[::1\]$/.test(hostname);
}
