// Options, checked once: what the engine reads.
import { type BackoffOptions } from "./backoff.ts";
import { type BreakerOptions } from "./board/breaker.ts";
import { type BudgetOptions } from "./board/budget.ts";
import { checkShape } from "./check-options.ts";
import { choice, wrong } from "./check.ts";
import { catalogue, type CatalogueRow, type FailureKind } from "./failure.ts";
import { defaultModels } from "./model-catalogue.ts";
import { type HedgeOptions, type ModelFacts, type PolicyOptions } from "./options.ts";
import { type Account, type AccountOptions } from "./target.ts";

/** A policy's options with every default filled in. */
export interface Settings extends Omit<PolicyOptions, "accounts" | "breaker" | "budget" | "hedge"> {
  accounts: readonly Account[];
  fallbacks: Readonly<Record<string, readonly string[]>>;
  order: "in-order" | "balanced";
  models: ModelFacts;
  attempts: number;
  /** Whether the caller said how many attempts it wants. */
  attemptsGiven: boolean;
  patience: number;
  deadline: number;
  attemptTimeout: number;
  firstContentTimeout: number;
  stallTimeout: number;
  afterContent: "fail" | "continue";
  quotaWindow: number;
  maxWaiting: number;
  backoff: BackoffOptions;
  breaker: BreakerOptions | undefined;
  budget: BudgetOptions | undefined;
  hedge: HedgeOptions | undefined;
  rows: Readonly<Record<FailureKind, CatalogueRow>>;
}

const presets = {
  interactive: { patience: 10_000, deadline: 600_000 },
  batch: { patience: 600_000, deadline: 86_400_000 },
};

const defaults = {
  order: "in-order" as const,
  attempts: 30,
  attemptTimeout: 300_000,
  stallTimeout: 60_000,
  afterContent: "fail" as const,
  quotaWindow: 60_000,
  maxWaiting: 10_000,
  backoff: {},
  breaker: {},
  budget: {},
  hedge: false as const,
};

/** The provider whose models are meant where nobody says otherwise. */
const googles = "google";

/** Google's tiers: for another word the limits of the catalogue would be passed over in silence. */
const tier = choice("free", "tier-1", "tier-2", "tier-3");

/** Other clients name Gemini's endpoint with the version that adapters add by themselves. */
const withoutVersion = (baseURL: string): string => baseURL.replace(/\/v1beta$/, "");

function checkEndpoint(field: string, baseURL: string): string {
  let url: URL;
  try {
    url = new URL(baseURL);
  } catch {
    throw wrong(field, baseURL, "give a whole URL, such as https://relay.example");
  }
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback))
    throw wrong(
      field,
      url.origin,
      "a key travels in clear over it; use https: (http: is for loopback)",
    );
  if (url.username || url.password)
    throw wrong(
      field,
      url.origin,
      "leave user and password out of the URL; the key is the account's apiKey",
    );
  return withoutVersion(baseURL.replace(/\/+$/, ""));
}

function checkName(name: unknown, index: number, seen: Set<string>): void {
  const field = `accounts[${index}].name`;
  if (typeof name !== "string" || !name.trim())
    throw wrong(field, name, "give the account a name; it stands in events and errors");
  if (seen.has(name)) throw wrong(field, name, "two accounts have this name; give each its own");
  seen.add(name);
}

function checkKey(apiKey: unknown, index: number, name: string): string {
  const field = `accounts[${index}].apiKey`;
  if (typeof apiKey !== "string" || !apiKey.trim())
    throw new TypeError(
      `Holdfast: the account "${name}" has no key: ${field} is ${apiKey === undefined ? "undefined" : "empty"}; ` +
        "is its environment variable set? Nothing was sent.",
    );
  if (/[^\x21-\x7e]/.test(apiKey.trim()))
    throw new TypeError(
      `Holdfast: the key of the account "${name}" (${field}) has a character that no header can carry ` +
        "(a line break, a space, a letter outside ASCII): copy it anew",
    );
  return apiKey.trim();
}

function checkAccount(account: AccountOptions, index: number, seen: Set<string>): Account {
  const { baseURL, apiKey, provider = googles, ...rest } = account;
  checkName(rest.name, index, seen);
  const key = checkKey(apiKey, index, rest.name);
  if (provider === googles && rest.tier !== undefined) tier(rest.tier, `accounts[${index}].tier`);
  if (baseURL === undefined)
    return { ...rest, apiKey: key, provider, endpoint: provider, upstream: rest.via ?? provider };
  const base = checkEndpoint(`accounts[${index}].baseURL`, baseURL);
  return {
    ...rest,
    apiKey: key,
    provider,
    endpoint: base,
    upstream: rest.via ?? base,
    baseURL: base,
  };
}

/** The account of somebody who gave none: the host finds the key by itself. */
const implied: Account = {
  name: "default",
  provider: googles,
  endpoint: googles,
  upstream: googles,
};

function checkAccounts(accounts: PolicyOptions["accounts"]): readonly Account[] {
  if (accounts === undefined) return [implied];
  const seen = new Set<string>();
  return accounts.map((account, index) => checkAccount(account, index, seen));
}

function fallbacksOf({ fallbacks = {}, chain = [] }: PolicyOptions): Settings["fallbacks"] {
  const all: Record<string, readonly string[]> = {};
  chain.forEach((model, place) => {
    all[model] = chain.slice(place + 1);
  });
  return { ...all, ...fallbacks };
}

const unlessOff = <T>(value: T | false | undefined): T | undefined =>
  value === false ? undefined : value;

/** Checks a policy's options and fills in the defaults. @throws TypeError that names the option, its value and the remedy */
export function checkOptions(options: PolicyOptions): Settings {
  checkShape(options);
  const rows = { ...catalogue };
  for (const [kind, row] of Object.entries(options.catalogue ?? {}))
    rows[kind as FailureKind] = { ...catalogue[kind as FailureKind], ...row };
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
  const filled = {
    ...defaults,
    ...presets[options.preset ?? "interactive"],
    ...(given as PolicyOptions),
  };
  return {
    ...filled,
    firstContentTimeout: filled.firstContentTimeout ?? filled.attemptTimeout,
    accounts: checkAccounts(options.accounts),
    fallbacks: fallbacksOf(options),
    attemptsGiven: options.attempts !== undefined,
    models: filled.models ?? defaultModels(),
    breaker: unlessOff(filled.breaker),
    budget: unlessOff(filled.budget),
    hedge: unlessOff(filled.hedge),
    rows,
  };
}
