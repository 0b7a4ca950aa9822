import { type ScopeName } from "./failure.ts";
import { type Price } from "./price.ts";

/** A key and what it belongs to. */
export interface AccountOptions {
  /** How the account is called in events, traces and errors. */
  name: string;
  /** Goes only to this account's endpoint. `undefined` is refused, since it usually is a variable that is not set. */
  apiKey: string | undefined;
  /** What Google counts quota for. Without it the account counts as a project of its own, until shown to share one. */
  project?: string;
  /** What Google sends the bill for; spend limits close it as a whole. @default the project */
  billingAccount?: string;
  /** `free`, `tier-1`, `tier-2`, `tier-3`: limits come from the model catalogue where it knows them. */
  tier?: string;
  /** Base URL without a version, `https:` unless it is loopback. @default Google's */
  baseURL?: string;
  /** What stands behind the endpoint: endpoints with the same `via` share capacity. @default the provider for Google's own, else the endpoint */
  via?: string;
  /** Whose models it serves. @default "google" */
  provider?: string;
  /** Limits by model (`*`: any), when they differ from the policy's. */
  limits?: Readonly<Record<string, Limits>>;
}

/** What a quota domain allows. */
export interface Limits {
  /** Requests per minute. */
  rpm?: number;
  /** Input tokens per minute. */
  tpm?: number;
  /** Requests per day, which ends at midnight Pacific. */
  rpd?: number;
  /**
   * How the provider counts minutes. `sliding`: the limits hold in every minute, whenever it begins, which is safe
   * everywhere. `fixed`: they hold in every minute of the clock, so that up to twice as much passes around its end.
   * @default learned from refusals where no limit per minute is told, else "sliding"
   */
  window?: "fixed" | "sliding";
}

/** A place that can serve a call: account (with its endpoint) × model. */
export interface Target {
  /** `account/model`, for people. */
  readonly name: string;
  /** The model's id. */
  readonly model: string;
  readonly provider: string;
  /** The account's name. */
  readonly account: string;
  /** Absent where the host finds the key by itself (no accounts given, or a model that came with its own). */
  readonly apiKey?: string;
  /** Base URL without a version, when the account has one. */
  readonly baseURL?: string;
  /** Place in the order of preference: 0 is the model asked for. */
  readonly rank: number;
  /** Which of the candidates given to the call this is; absent for targets that come from accounts. */
  readonly candidate?: number;
}

/** Something a caller brings along that can serve the call: a model by name, or one with credentials of its own. */
export interface Candidate {
  model: string;
  /** @default "google" */
  provider?: string;
  /** A label: the candidate has credentials of its own. Without it the policy's accounts of the provider serve it. */
  account?: string;
}

/** The keys on the board that concern a target. */
export interface Scopes {
  account: string;
  project: string;
  "billing-account": string;
  endpoint: string;
  model: string;
  projectModel: string;
  "upstream-model": string;
  target: string;
}

/** A target with what the engine knows of it. */
export interface PlannedTarget extends Target {
  readonly index: number;
  /** As scopes are keyed by it: the account's project, or one of its own. */
  readonly project: string;
  /** What the model's name stands for. */
  readonly resolved: string;
  /** The key of its quota domain, as long as its project is no other's. */
  readonly quota: string;
  /** Whether other accounts serve the same model in the same call. */
  readonly pooled: boolean;
  readonly scopes: Scopes;
  /** All keys that may hold the target closed, apart from quotas. */
  readonly keys: readonly string[];
  readonly limits?: Limits;
  readonly tier?: string;
  readonly price?: Price;
}

/** What the engine needs to know of an account, checked. */
export interface Account extends Omit<AccountOptions, "apiKey"> {
  apiKey?: string;
  provider: string;
  endpoint: string;
  upstream: string;
}

/** What an account's project is called on the board: an account that names none is one of its own. */
export const projectOf = ({ project, name }: Account): string => project ?? `of ${name}`;

/** Builds the scopes of a target. `resolved` is the model the name stands for. */
export function scopesOf(account: Account, model: string, resolved: string): Scopes {
  const project = projectOf(account);
  return {
    account: `account:${account.name}`,
    project: `project:${project}`,
    "billing-account": `billing-account:${account.billingAccount ?? project}`,
    endpoint: `endpoint:${account.endpoint}`,
    model: `model:${account.endpoint} ${model}`,
    projectModel: `model:${project} ${model}`,
    "upstream-model": `upstream-model:${account.upstream} ${resolved}`,
    target: `target:${account.name} ${model}`,
  };
}

/** The key on the board of what a suspected failure concerns: what stands behind the endpoint, or the target alone. */
export function suspectedScope(scope: ScopeName, { scopes }: PlannedTarget): string {
  return scope === "upstream-model" ? scopes["upstream-model"] : scopes.target;
}
