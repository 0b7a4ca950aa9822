// Options, checked once: what the engine reads.
import { type BackoffOptions } from "./backoff.ts";
import { type BreakerOptions } from "./board/breaker.ts";
import { type BudgetOptions } from "./board/budget.ts";
import { catalogue, type CatalogueRow, type FailureKind } from "./failure.ts";
import { defaultModels } from "./model-catalogue.ts";
import { type HedgeOptions, type ModelFacts, type PolicyOptions } from "./options.ts";
import { checkSchedule } from "./schedule.ts";
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

function wrong(field: string, value: unknown, remedy: string): TypeError {
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  return new TypeError(`Holdfast: ${field} is ${shown}: ${remedy}`);
}

function checkNumber(field: string, value: unknown, least: number): void {
  if (value === undefined || (typeof value === "number" && value >= least)) return;
  throw wrong(field, value, `give a number of at least ${least}, or leave it out`);
}

function checkChoice(field: string, value: unknown, choices: readonly string[]): void {
  if (value === undefined || choices.some((choice) => choice === value)) return;
  throw wrong(field, value, `give one of ${choices.map((choice) => `"${choice}"`).join(", ")}`);
}

const durations = [
  "patience",
  "deadline",
  "attemptTimeout",
  "firstContentTimeout",
  "stallTimeout",
] as const;

const known: Record<keyof PolicyOptions, true> = {
  preset: true,
  accounts: true,
  fallbacks: true,
  chain: true,
  order: true,
  attempts: true,
  backoff: true,
  patience: true,
  deadline: true,
  attemptTimeout: true,
  firstContentTimeout: true,
  stallTimeout: true,
  afterContent: true,
  limits: true,
  quotaWindow: true,
  maxWaiting: true,
  concurrency: true,
  breaker: true,
  budget: true,
  hedge: true,
  rules: true,
  catalogue: true,
  accept: true,
  classify: true,
  repair: true,
  degrade: true,
  schedules: true,
  models: true,
  prices: true,
  allow: true,
  store: true,
  onEvent: true,
};

function checkBackoff(field: string, backoff: BackoffOptions | undefined): void {
  checkNumber(`${field}.base`, backoff?.base, 0);
  checkNumber(`${field}.cap`, backoff?.cap, 0);
  checkNumber(`${field}.factor`, backoff?.factor, 1);
  checkChoice(`${field}.jitter`, backoff?.jitter, ["full", "none"]);
}

function checkShape(options: PolicyOptions): void {
  for (const name of Object.keys(options))
    if (!(name in known))
      throw wrong(
        name,
        "given",
        `there is no such option; there are ${Object.keys(known).join(", ")}`,
      );
  checkChoice("preset", options.preset, Object.keys(presets));
  checkChoice("order", options.order, ["in-order", "balanced"]);
  checkChoice("afterContent", options.afterContent, ["fail", "continue"]);
  for (const name of durations) checkNumber(name, options[name], 0);
  checkNumber("attempts", options.attempts, 1);
  checkNumber("maxWaiting", options.maxWaiting, 0);
  checkNumber("quotaWindow", options.quotaWindow, 1);
  if (options.concurrency !== "adaptive") checkNumber("concurrency", options.concurrency, 1);
  checkBackoff("backoff", options.backoff);
  checkRules(options.rules);
  checkPrices(options.prices);
  checkLimits("limits", options.limits);
  options.schedules?.forEach(checkSchedule);
}

function checkPrices(prices: PolicyOptions["prices"]): void {
  for (const [model, price] of Object.entries(prices ?? {}))
    for (const part of ["input", "output"] as const) {
      const field = `prices["${model}"].${part}`;
      checkNumber(field, price[part] ?? NaN, 0);
      checkNumber(`prices["${model}"].long.${part}`, price.long ? (price.long[part] ?? NaN) : 0, 0);
    }
}

const ruleFields = ["attempts", "backoff", "action", "models"];

function checkRules(rules: PolicyOptions["rules"]): void {
  if (typeof rules === "function") return;
  for (const [kind, rule] of Object.entries(rules ?? {})) {
    const field = `rules["${kind}"]`;
    checkKind(field, kind);
    for (const name of Object.keys(rule))
      if (!ruleFields.includes(name))
        throw wrong(`${field}.${name}`, "given", `a rule has ${ruleFields.join(", ")}`);
    checkNumber(`${field}.attempts`, rule.attempts, 1);
    checkChoice(`${field}.action`, rule.action, ["next", "wait", "give-up", "repeat"]);
    checkBackoff(`${field}.backoff`, rule.backoff);
  }
}

function checkKind(field: string, kind: string): void {
  if (!(kind in catalogue)) throw wrong(field, "given", "there is no such kind of failure");
}

function checkLimits(field: string, limits: PolicyOptions["limits"]): void {
  for (const [model, entry] of Object.entries(limits ?? {})) {
    for (const metric of ["rpm", "tpm", "rpd"] as const)
      checkNumber(`${field}["${model}"].${metric}`, entry[metric], 0);
    checkChoice(`${field}["${model}"].window`, entry.window, ["fixed", "sliding"]);
  }
}

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
  return baseURL.replace(/\/+$/, "");
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
  checkLimits(`accounts[${index}].limits`, rest.limits);
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
  if (!Array.isArray(accounts) || accounts.length === 0)
    throw wrong(
      "accounts",
      Array.isArray(accounts) ? "empty" : accounts,
      "give at least one account, or leave it out",
    );
  const seen = new Set<string>();
  return accounts.map((account: AccountOptions, index) => checkAccount(account, index, seen));
}

function fallbacksOf({ fallbacks = {}, chain = [] }: PolicyOptions): Settings["fallbacks"] {
  const all: Record<string, readonly string[]> = {};
  chain.forEach((model, place) => {
    if (typeof model !== "string" || !model)
      throw wrong(`chain[${place}]`, model, "give model names");
    all[model] = chain.slice(place + 1);
  });
  for (const [model, list] of Object.entries(fallbacks)) {
    if (!Array.isArray(list) || list.some((name) => typeof name !== "string" || !name))
      throw wrong(`fallbacks["${model}"]`, String(list), "give a list of model names");
    all[model] = list;
  }
  return all;
}

const unlessOff = <T>(value: T | false | undefined): T | undefined =>
  value === false ? undefined : value;

/** Checks a policy's options and fills in the defaults. @throws TypeError that names the option, its value and the remedy */
export function checkOptions(options: PolicyOptions): Settings {
  checkShape(options);
  const rows = { ...catalogue };
  for (const [kind, row] of Object.entries(options.catalogue ?? {})) {
    checkKind(`catalogue["${kind}"]`, kind);
    rows[kind as FailureKind] = { ...catalogue[kind as FailureKind], ...row };
  }
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
