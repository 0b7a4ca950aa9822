import { type FaultInput } from "./faults/index.ts";
import { type ModelInput } from "./models.ts";
import { type Operation } from "./request.ts";

/** A script of what Gemini does. Durations are milliseconds. Everything has a default: `{}` is a calm Gemini without limits. */
export interface ScenarioInput {
  /** What the scenario is called. @default "unnamed" */
  name?: string;
  /** What makes chance repeatable. @default 1 */
  seed?: number;
  /** Known keys. Without any, every key is good and belongs to a project of its own, named `key-1`, `key-2`, … */
  accounts?: AccountInput[];
  /** What is to be said of projects that accounts name. */
  projects?: ProjectInput[];
  /** Who pays for projects. */
  billingAccounts?: BillingAccountInput[];
  /** What tokens cost, for limits in dollars. */
  price?: PriceInput;
  /** Further places to ask, each under a path prefix, such as a relay. */
  endpoints?: EndpointInput[];
  /** Models beside the known ones, or changes to known ones. */
  models?: ModelInput[];
  /** Limits and how they are counted. */
  quotas?: QuotasInput;
  /** What goes wrong; the first rule that applies to a request wins. */
  rules?: RuleInput[];
  /** How fast an answer comes. */
  speed?: SpeedInput;
  /** How long batches take. */
  batches?: BatchesInput;
  /** How long uploaded files take. */
  files?: FilesInput;
  /** The text that every plain answer has. @default an echo of the question */
  reply?: string;
}

/** A key and what it belongs to. */
export interface AccountInput {
  /** Stands for the key in the log. */
  name: string;
  key: string;
  /** Shared quota and billing. @default the account's own name */
  project?: string;
  /** What every call with this key meets, such as `expired-key`. */
  fault?: FaultInput;
}

/** A Google Cloud project. */
export interface ProjectInput {
  /** `*` stands for any characters; the first entry that fits a project counts. */
  name: string;
  /** Applies the limits observed for that tier. Without one only `quotas.limits` apply. */
  tier?: Tier;
  /** @default one of its own */
  billingAccount?: string;
  /** Dollars that this project may spend in a month. @default no cap */
  monthlyCap?: number;
  /** What every call of this project meets, such as `project-suspended`. */
  fault?: FaultInput;
}

/** What Google calls a usage tier. */
export type Tier = "free" | "tier-1" | "tier-2" | "tier-3";

/** Who pays. */
export interface BillingAccountInput {
  name: string;
  /** Dollars that may be spent in ten minutes. @default what the project's tier allows */
  dollarsPerTenMinutes?: number;
  /** Dollars that were paid in advance. @default no such limit */
  prepaid?: number;
}

/** What tokens cost, in dollars for a million. */
export interface PriceInput {
  /** @default 0.3 */
  inputPerMillion?: number;
  /** @default 2.5 */
  outputPerMillion?: number;
}

/** How long batches take, in milliseconds. */
export interface BatchesInput {
  /** @default 0 */
  pending?: number;
  /** @default 0 */
  running?: number;
}

/** How long uploaded files take, in milliseconds. */
export interface FilesInput {
  /** Until then a file is PROCESSING and must not be used. @default 0 */
  processing?: number;
}

/** A base URL. */
export interface EndpointInput {
  name: string;
  /** Path prefix, such as `/relay`; the empty string is the plain API. */
  path: string;
  /** Names of the accounts whose keys are good here. @default all */
  accounts?: string[];
  /** What every call to this endpoint meets, such as `region-blocked`. */
  fault?: FaultInput;
}

/** Limits and how they are counted. */
export interface QuotasInput {
  /** How long a "minute" lasts. @default 60000 */
  minute?: number;
  /** `fixed` windows end together at whole minutes; a `sliding` one looks back from each request. @default "fixed" */
  window?: "fixed" | "sliding";
  /** Where the midnight is that ends a day. @default "pacific" */
  day?: "pacific" | "utc";
  /** What a refusal for the day advises: the true hours, or some misleading seconds. @default "hours" */
  dayHint?: "hours" | "seconds";
  /** The first entry that fits project and model decides, before the table of the project's tier. */
  limits?: LimitInput[];
}

/** Limits per project and model. What is left out is unlimited; 0 means that there is no quota at all. */
export interface LimitInput {
  /** `*` stands for any characters. @default "*" */
  model?: string | string[];
  /** @default all */
  project?: string | string[];
  requestsPerMinute?: number;
  inputTokensPerMinute?: number;
  requestsPerDay?: number;
}

/** One thing that goes wrong, and for which requests. All conditions have to hold. */
export interface RuleInput {
  fault: FaultInput;
  /** `*` stands for any characters, here and below. */
  model?: string | string[];
  account?: string | string[];
  project?: string | string[];
  endpoint?: string | string[];
  operation?: Operation | Operation[];
  /** Streaming requests only, or none of them. */
  stream?: boolean;
  /** From this many milliseconds after the start. @default 0 */
  from?: number;
  /** Until this many milliseconds after the start, exclusive. @default for ever */
  until?: number;
  /** Only while more than `above` requests, for which the conditions above hold, came in the last `within` milliseconds. */
  load?: { above: number; within?: number };
  /** Of the requests for which the conditions above hold, counted from 1, only these. */
  nth?: number | number[] | { first?: number; last?: number; every?: number };
  /** Share of the remaining requests, from 0 to 1. @default 1 */
  probability?: number;
}

/** How fast an answer comes. */
export interface SpeedInput {
  /** Milliseconds before the first token. @default 0 */
  firstToken?: number;
  /** Tokens a second; 0 sends all at once. @default 0 */
  tokensPerSecond?: number;
  /** Tokens in one chunk of a stream. @default 4 */
  tokensPerChunk?: number;
}

/** An endpoint with its defaults filled in. */
export type Endpoint = EndpointInput;

/** A scenario with its defaults filled in. */
export interface Scenario {
  name: string;
  seed: number;
  accounts: AccountInput[];
  projects: ProjectInput[];
  billingAccounts: BillingAccountInput[];
  price: Required<PriceInput>;
  endpoints: Endpoint[];
  models: ModelInput[];
  quotas: Required<QuotasInput>;
  rules: RuleInput[];
  speed: Required<SpeedInput>;
  batches: Required<BatchesInput>;
  files: Required<FilesInput>;
  reply: string | undefined;
}
