// The targets of one call, in order of preference.
import { isRelay } from "./doubts.ts";
import { type CallOptions } from "./options.ts";
import { type Price } from "./price.ts";
import { type Settings } from "./settings.ts";
import {
  type Account,
  type Candidate,
  type Limits,
  type PlannedTarget,
  projectOf,
  scopesOf,
} from "./target.ts";

/** The policy's answer for one call. */
export interface Plan {
  /** The model asked for. */
  model: string;
  targets: readonly PlannedTarget[];
  /** Calls with the same key have the same targets. */
  key: string;
}

/** Stands for the model of a call that names none. */
const unnamed = "default";

function candidatesOf(settings: Settings, options: CallOptions): readonly Candidate[] {
  if (options.candidates)
    return options.candidates.map((entry) =>
      typeof entry === "string" ? { model: entry } : entry,
    );
  const model = options.model ?? settings.chain?.[0] ?? unnamed;
  const next = options.sameModel
    ? []
    : (settings.fallbacks[model] ?? settings.fallbacks["*"] ?? []);
  return [model, ...next.filter((name) => name !== model)].map((name) =>
    ownProvider(settings, name),
  );
}

/** `openai:gpt-5-mini` names the provider, where the policy has accounts of it. */
function ownProvider({ accounts }: Settings, name: string): Candidate {
  const [provider = "", model] = name.split(/:(.*)/s);
  if (model && accounts.some((account) => account.provider === provider))
    return { model, provider };
  return { model: name };
}

function accountsOf(settings: Settings, candidate: Candidate, pinned?: string): readonly Account[] {
  const { account, provider = "google" } = candidate;
  if (account === undefined)
    return settings.accounts.filter(
      (one) => one.provider === provider && (pinned === undefined || one.name === pinned),
    );
  const endpoint = provider === "google" ? "google" : account;
  return [{ name: account, provider, endpoint, upstream: endpoint }];
}

/** What is needed to make targets: where limits and model names come from. */
interface PlanContext {
  settings: Settings;
  wall: number;
  /** Whether the caller brought the candidates along. */
  own: boolean;
  /** Whether several accounts serve the model. */
  pooled: boolean;
}

function limitsFor(account: Account, model: string, { settings }: PlanContext): Limits | undefined {
  for (const told of [account.limits, settings.limits]) {
    const limits = told?.[model] ?? told?.["*"];
    if (limits) return limits;
  }
  return account.tier === undefined ? undefined : settings.models?.limits?.(model, account.tier);
}

const nothing: Price = { input: 0, output: 0 };

/** Relays have prices of their own, which only the policy knows. */
function priceFor(
  account: Account,
  target: { model: string; resolved: string },
  context: PlanContext,
): Price | undefined {
  const { settings, wall } = context;
  if (account.tier === "free") return nothing;
  const told = settings.prices?.[target.model] ?? settings.prices?.[target.resolved];
  if (told || account.provider !== "google" || isRelay(account.baseURL)) return told;
  return settings.models.price?.(target.model, wall);
}

const present = <T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

function planned(
  account: Account,
  { candidate, rank, index }: { candidate: Candidate; rank: number; index: number },
  context: PlanContext,
): PlannedTarget {
  const { model } = candidate;
  const { models } = context.settings;
  const resolved = models?.resolve?.(model, context.wall) ?? model.replace(/^models\//, "");
  const scopes = scopesOf(account, model, resolved);
  const { apiKey, baseURL, tier } = account;
  return {
    name: `${account.name}/${model}`,
    model,
    provider: account.provider,
    account: account.name,
    rank,
    index,
    scopes,
    keys: Object.values(scopes) as string[],
    project: projectOf(account),
    resolved,
    quota: `quota:${projectOf(account)} ${resolved}`,
    pooled: context.pooled,
    ...present({
      apiKey,
      baseURL,
      tier,
      limits: limitsFor(account, model, context),
      price: priceFor(account, { model, resolved }, context),
    }),
    ...(context.own ? { candidate: rank } : {}),
  };
}

/**
 * Puts the targets of a call in order: the model asked for, then its fallbacks; inside a model the accounts.
 * @throws TypeError when nothing can serve the call: an account that does not exist, a provider without accounts
 */
export function planFor(settings: Settings, options: CallOptions, wall: number): Plan {
  const candidates = candidatesOf(settings, options);
  const targets: PlannedTarget[] = [];
  const own = options.candidates !== undefined;
  candidates.forEach((candidate, rank) => {
    const accounts = accountsOf(settings, candidate, options.account);
    // A pin narrows the choice of one call, not what the accounts are to each other.
    const pooled = accountsOf(settings, candidate).length > 1;
    const context = { settings, wall, own, pooled };
    for (const account of accounts)
      targets.push(planned(account, { candidate, rank, index: targets.length }, context));
  });
  if (targets.length === 0) throw nobody(settings, options, candidates);
  const key = targets.map(({ name }) => name).join("|");
  return { model: candidates[0]?.model ?? unnamed, targets, key };
}

function nobody(
  { accounts }: Settings,
  options: CallOptions,
  candidates: readonly Candidate[],
): TypeError {
  const names = accounts.map(({ name }) => `"${name}"`).join(", ");
  if (options.account !== undefined)
    return new TypeError(
      `Holdfast: the call is pinned to the account "${options.account}", which the policy does not have; it has ${names}`,
    );
  const wanted = [...new Set(candidates.map(({ provider = "google" }) => provider))].join(", ");
  return new TypeError(
    candidates.length
      ? `Holdfast: no account of the policy serves the provider ${wanted}; give one, or leave accounts out (it has ${names})`
      : "Holdfast: candidates is empty: give at least one model",
  );
}
