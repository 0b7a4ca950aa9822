// What may stand in a file: a schema whose messages are remedies, for `problems.ts` to put behind path and value.
import {
  type AccountOptions,
  type BackoffOptions,
  type BreakerOptions,
  type BudgetOptions,
  catalogue,
  type CatalogueRow,
  type FailureKind,
  type HedgeOptions,
  type PolicyOptions,
  type Price,
  type Reopening,
  type Rule,
  type Schedule,
  type ScopeName,
} from "@holdfast/core";
import * as z from "zod";

import { durationOf, durationShape } from "./duration.ts";
import { type PresetName, presets } from "./presets.ts";
import { remedyForName } from "./remedies.ts";

/** Options that are functions, which a file cannot hold. */
export type FunctionOption =
  | "accept"
  | "classify"
  | "repair"
  | "degrade"
  | "models"
  | "store"
  | "onEvent";

/** An account as a file names it: by the environment variable of its key. */
export interface FileAccount extends Omit<AccountOptions, "apiKey"> {
  apiKeyEnv: string;
}

/** A policy as a file says it, checked, with durations in ms. */
export interface PolicyFile extends Omit<
  PolicyOptions,
  FunctionOption | "preset" | "accounts" | "rules"
> {
  /** For editors: where the JSON Schema is. */
  $schema?: string;
  preset?: PresetName;
  accounts?: readonly FileAccount[];
  rules?: Readonly<Partial<Record<FailureKind, Rule>>>;
}

/** An object without further names; the message of a wrong name has one line per name. */
function object<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, { error: unknownNames(Object.keys(shape)) });
}

const unknownNames =
  (names: readonly string[]): z.core.$ZodErrorMap =>
  (issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((name) => remedyForName(name, names)).join("\n")
      : undefined;

const keysOf = <Key extends string>(record: Readonly<Record<Key, unknown>>): [Key, ...Key[]] =>
  Object.keys(record) as [Key, ...Key[]];

const atLeast = (least: number): z.ZodNumber => z.number().min(least);
const count = (least: number): z.ZodInt => z.int().min(least);
const text = z.string().min(1);
const orOff = <Schema extends z.ZodType>(
  schema: Schema,
): z.ZodUnion<[z.ZodLiteral<false>, Schema]> =>
  z.union([z.literal(false), schema], { error: "give an object, or false to switch it off" });

const duration = z
  .union([atLeast(0), z.string().regex(durationShape).transform(durationOf)], {
    error: 'give ms as a number of at least 0, or a text such as "250ms", "30s", "5m", "2h", "1d"',
  })
  .meta({ description: 'Ms as a number, or a text such as "30s", "5m", "2h".' });

const scopes: Record<ScopeName, true> = {
  request: true,
  window: true,
  model: true,
  account: true,
  project: true,
  "billing-account": true,
  "quota-domain": true,
  endpoint: true,
  "upstream-model": true,
  target: true,
  none: true,
};
const reopenings: Record<Reopening, true> = {
  "next-call": true,
  "hourly-probe": true,
  window: true,
  day: true,
  minutes: true,
  backoff: true,
};

const limits = z.record(
  text,
  object({
    rpm: atLeast(0).exactOptional().describe("Requests per minute."),
    tpm: atLeast(0).exactOptional().describe("Input tokens per minute."),
    rpd: atLeast(0).exactOptional().describe("Requests per day, which ends at midnight Pacific."),
  }),
);

const account = object({
  name: text.describe("How the account is called in events, traces and errors."),
  apiKeyEnv: z
    .string({
      error:
        'name the environment variable that holds the key, such as "apiKeyEnv": "GEMINI_API_KEY"',
    })
    .regex(/^[A-Za-z_]\w*$/, {
      error:
        "name an environment variable, such as GEMINI_API_KEY: letters, digits and _; never the key itself",
    })
    .describe("The environment variable that holds the key. A key itself never stands in a file."),
  project: text.exactOptional().describe("What Google counts quota for."),
  billingAccount: text.exactOptional().describe("What Google sends the bill for."),
  tier: text.exactOptional().describe("free, tier-1, tier-2 or tier-3."),
  baseURL: text
    .exactOptional()
    .describe("Base URL without a version; https: unless it is loopback."),
  via: text.exactOptional().describe("What stands behind the endpoint: same name, same capacity."),
  provider: text.exactOptional().describe('Whose models it serves. Default: "google".'),
  limits: limits.exactOptional().describe("Limits by model (*: any), where they differ."),
} satisfies Record<keyof FileAccount, z.ZodType>);

const backoff = object({
  base: duration.exactOptional(),
  cap: duration.exactOptional(),
  factor: atLeast(1).exactOptional(),
  jitter: z.enum(["full", "none"]).exactOptional(),
} satisfies Record<keyof BackoffOptions, z.ZodType>);

const breaker = object({
  calls: count(1).exactOptional(),
  share: atLeast(0).max(1).exactOptional(),
  streak: count(1).exactOptional(),
  silence: duration.exactOptional(),
  window: duration.exactOptional(),
  cooldown: duration.exactOptional(),
  maxCooldown: duration.exactOptional(),
} satisfies Record<keyof BreakerOptions, z.ZodType>);

const budget = object({
  capacity: atLeast(0).exactOptional(),
  cost: atLeast(0).exactOptional(),
  timeoutCost: atLeast(0).exactOptional(),
  income: atLeast(0).exactOptional(),
} satisfies Record<keyof BudgetOptions, z.ZodType>);

const hedge = object({
  delay: duration.exactOptional(),
  share: atLeast(0).max(1).exactOptional(),
} satisfies Record<keyof HedgeOptions, z.ZodType>);

const rule = object({
  action: z
    .enum(["next", "wait", "give-up", "repeat"])
    .exactOptional()
    .describe("next: leave the target; wait: stay with the model; give-up: end the call."),
  attempts: count(1).exactOptional().describe("Attempts at one target before it moves on."),
  backoff: backoff.exactOptional(),
  models: z.array(text).exactOptional().describe("Only these models may serve afterwards."),
} satisfies Record<keyof Rule, z.ZodType>);

const row = object({
  scope: z.enum(keysOf(scopes)).exactOptional(),
  sure: z.enum(["stated", "suspected"]).exactOptional(),
  reopens: z.enum(keysOf(reopenings)).exactOptional(),
  retryable: z.boolean().exactOptional(),
  helps: object({
    model: z.boolean(),
    account: z.boolean(),
    endpoint: z.boolean(),
  }).exactOptional(),
  attempts: count(1).exactOptional(),
  persistent: z.boolean().exactOptional(),
  backoff: object({ base: duration, cap: duration }).exactOptional(),
} satisfies Record<keyof CatalogueRow, z.ZodType>);

const byKind = <Schema extends z.ZodType>(
  schema: Schema,
): z.ZodRecord<z.ZodEnum<{ [Kind in FailureKind]: Kind }> & z.core.$partial, Schema> =>
  z.partialRecord(z.enum(keysOf(catalogue)), schema, {
    error: unknownNames(keysOf(catalogue)),
  });

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, {
  error: "give a time of day such as 22:30",
});

const schedule = object({
  model: text.exactOptional().describe("The model it is about; any when absent."),
  account: text.exactOptional().describe("The account it is about; any when absent."),
  timeZone: text.describe("IANA name, such as Asia/Shanghai."),
  from: time.describe("HH:MM, inclusive."),
  to: time.describe("HH:MM, exclusive; earlier than `from` means over midnight."),
} satisfies Record<keyof Schedule, z.ZodType>);

const models = z.array(text);

const rates = {
  input: atLeast(0),
  output: atLeast(0),
  cachedInput: atLeast(0).exactOptional().describe("Input that was read from a cache."),
};
const price = object({
  ...rates,
  long: object({ above: atLeast(0), ...rates })
    .exactOptional()
    .describe("What a request costs whose input is longer than `above` tokens."),
} satisfies Record<keyof Price, z.ZodType>);

/** The schema of a policy file. Its input is what people write; its output has durations in ms. */
export const policySchema: z.ZodType<PolicyFile> = object({
  $schema: z.string().exactOptional().describe("Where the JSON Schema of this file is."),
  preset: z.enum(keysOf(presets)).exactOptional().describe("A set of defaults to start from."),
  accounts: z.array(account).min(1).exactOptional().describe("Who pays and where to."),
  fallbacks: z
    .record(text, models)
    .exactOptional()
    .describe("By the model asked for (*: any other), the models to go on to. Not transitive."),
  chain: models.exactOptional().describe("Sugar: each model falls back to those after it."),
  order: z.enum(["in-order", "balanced"]).exactOptional().describe("Which account comes first."),
  attempts: count(1).exactOptional().describe("Attempts of one call, over all targets."),
  backoff: backoff.exactOptional().describe("How delays grow, for all kinds of failures."),
  patience: duration.exactOptional(),
  deadline: duration.exactOptional(),
  attemptTimeout: duration.exactOptional(),
  firstContentTimeout: duration.exactOptional(),
  stallTimeout: duration.exactOptional(),
  afterContent: z.enum(["fail", "continue"]).exactOptional(),
  limits: limits.exactOptional().describe("Limits by model (*: any), for every project."),
  quotaWindow: duration.exactOptional(),
  maxWaiting: count(0).exactOptional().describe("Calls that may wait at the same time."),
  concurrency: z
    .union([count(1), z.literal("adaptive")], {
      error: 'give a whole number of at least 1, or "adaptive"',
    })
    .exactOptional()
    .describe("Calls at once per upstream and model."),
  breaker: orOff(breaker).exactOptional(),
  budget: orOff(budget).exactOptional().describe("The retry budget."),
  hedge: orOff(hedge).exactOptional().describe("Second attempts; they cost quota and money."),
  rules: byKind(rule).exactOptional().describe("What to do about a kind of failure."),
  catalogue: byKind(row).exactOptional().describe("Rows of the catalogue to override."),
  prices: z
    .record(text, price)
    .exactOptional()
    .describe("What models cost, by name, per million tokens."),
  schedules: z.array(schedule).exactOptional().describe("Hours in which targets may be used."),
  allow: object({
    mixedTiers: z.boolean().exactOptional(),
    relays: z.boolean().exactOptional(),
  }).exactOptional(),
} satisfies Record<keyof PolicyFile, z.ZodType>);

/** The JSON Schema of a policy file (draft 2020-12), as `holdfast.schema.json` publishes it. */
export function policyJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(policySchema, { io: "input" });
  return { $schema, title: "A Holdfast policy", ...rest };
}
