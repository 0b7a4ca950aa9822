// What each option may be: one table, so that no part of a policy is read that was not looked at.
import { type BackoffOptions } from "./backoff.ts";
import { type BreakerOptions } from "./board/breaker.ts";
import { type BudgetOptions } from "./board/budget.ts";
import {
  anyObject,
  anything,
  byName,
  callable,
  type Check,
  choice,
  flag,
  list,
  number,
  object,
  orFalse,
  such,
  text,
  unknownName,
  wrong,
} from "./check.ts";
import { catalogue, type CatalogueRow } from "./failure.ts";
import { type HedgeOptions, type PolicyOptions, type Rule } from "./options.ts";
import { type Price } from "./price.ts";
import { checkSchedule } from "./schedule.ts";
import { type AccountOptions, type Limits } from "./target.ts";

const duration = number(0);
const models = list(
  such((name) => typeof name === "string" && name !== "", "give model names"),
  "give a list of model names",
);

const limits = byName(
  object({
    rpm: number(0),
    tpm: number(0),
    rpd: number(0),
    window: choice("fixed", "sliding"),
  } satisfies Record<keyof Limits, Check>),
);

const backoff = object({
  base: duration,
  cap: duration,
  factor: number(1),
  jitter: choice("full", "none"),
} satisfies Record<keyof BackoffOptions, Check>);

const breaker = object({
  calls: number(1),
  share: number(0, 1),
  streak: number(1),
  silence: duration,
  window: duration,
  cooldown: duration,
  maxCooldown: duration,
} satisfies Record<keyof BreakerOptions, Check>);

const budget = object({
  capacity: number(0),
  cost: number(0),
  timeoutCost: number(0),
  income: number(0),
} satisfies Record<keyof BudgetOptions, Check>);

const hedge = object({ delay: duration, share: number(0, 1) } satisfies Record<
  keyof HedgeOptions,
  Check
>);

const rule = object({
  attempts: number(1),
  backoff,
  action: choice("next", "wait", "give-up", "repeat"),
  models,
} satisfies Record<keyof Rule, Check>);

const valuesOf = (name: "scope" | "reopens"): string[] => [
  ...new Set(Object.values(catalogue).map((row) => row[name])),
];

const row = object({
  scope: choice(...valuesOf("scope")),
  sure: choice("stated", "suspected"),
  reopens: choice(...valuesOf("reopens")),
  retryable: flag,
  helps: object({ model: flag, account: flag, endpoint: flag }, ["model", "account", "endpoint"]),
  attempts: number(1),
  persistent: flag,
  backoff: object({ base: duration, cap: duration }, ["base", "cap"]),
} satisfies Record<keyof CatalogueRow, Check>);

const kinds = Object.keys(catalogue);

const byKind =
  (check: Check): Check =>
  (value, field) => {
    anyObject(value, field);
    for (const [kind, one] of Object.entries(value as object)) {
      const place = `${field}["${kind}"]`;
      if (!Object.hasOwn(catalogue, kind))
        throw unknownName(place, kind, { names: kinds, what: "kind of failure" });
      check(one, place);
    }
  };

const rates = { input: number(0), output: number(0), cachedInput: number(0) };
const price = object(
  {
    ...rates,
    long: object({ above: number(0), ...rates }, ["above", "input", "output"]),
  } satisfies Record<keyof Price, Check>,
  ["input", "output"],
);

const account = object({
  // Settings look at these four more closely.
  name: anything,
  apiKey: anything,
  baseURL: anything,
  tier: text,
  project: text,
  billingAccount: text,
  via: text,
  provider: text,
  limits,
} satisfies Record<keyof AccountOptions, Check>);

const accounts: Check = (value, field) => {
  const remedy = "give at least one account, or leave it out";
  if (Array.isArray(value) && value.length === 0) throw wrong(field, "empty", remedy);
  list(account, remedy)(value, field);
};

const concurrency: Check = (value, field) => {
  if (typeof value === "string" && value !== "adaptive")
    throw wrong(field, value, 'give a number of at least 1, or "adaptive"');
  if (value !== "adaptive") number(1)(value, field);
};

const options: Readonly<Record<keyof PolicyOptions, Check>> = {
  preset: choice("interactive", "batch"),
  accounts,
  fallbacks: byName(models),
  chain: models,
  order: choice("in-order", "balanced"),
  attempts: number(1),
  backoff,
  patience: duration,
  deadline: duration,
  attemptTimeout: duration,
  firstContentTimeout: duration,
  stallTimeout: duration,
  afterContent: choice("fail", "continue"),
  limits,
  quotaWindow: number(1),
  maxWaiting: number(0),
  concurrency,
  breaker: orFalse(breaker),
  budget: orFalse(budget),
  hedge: orFalse(hedge),
  rules: (value, field) => {
    if (typeof value !== "function") byKind(rule)(value, field);
  },
  catalogue: byKind(row),
  accept: callable,
  classify: callable,
  repair: callable,
  degrade: such(
    (value) => ["string", "object", "function"].includes(typeof value) && value !== null,
    "give a message, an answer, or a function",
  ),
  schedules: list(checkSchedule, "give a list of schedules"),
  models: anyObject,
  prices: byName(price),
  allow: object({ mixedTiers: flag, relays: flag }),
  store: such(
    (value) =>
      typeof (value as Partial<PolicyOptions["store"]>)?.load === "function" &&
      typeof (value as Partial<PolicyOptions["store"]>)?.save === "function",
    "give a store, such as memoryStore() or fileStore(path) of @holdfast/config",
  ),
  onEvent: callable,
};

const names = Object.keys(options);

/** Checks that options are of the shape they are said to have. @throws TypeError that names the option, its value and the remedy */
export function checkShape(given: PolicyOptions): void {
  anyObject(given, "options");
  for (const name of Object.keys(given))
    if (!Object.hasOwn(options, name)) throw unknownName(name, name, { names, what: "option" });
  for (const [name, check] of Object.entries(options)) {
    const value = given[name as keyof PolicyOptions];
    if (value !== undefined) check(value, name);
  }
}
