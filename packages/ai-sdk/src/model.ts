import { type Candidate, type Policy, type Target } from "@holdfast/core";

import { checkModelOptions } from "./check-options.ts";
import { register, routeOf } from "./held.ts";
import { familyOf, hold, isModel } from "./hold.ts";
import { type AnyDirectory, type AnyModel } from "./host-types.ts";
import { accountLabel, providerName } from "./labels.ts";
import { checkOneSpecification } from "./one-specification.ts";
import { type HoldfastOptions } from "./options.ts";
import { type Recipe, type Route } from "./route.ts";

/** One of the models of a list, with the name of the account whose credentials it carries. */
export interface LabelledModel<M> {
  model: M | string;
  /** Models with the same label share a key; what is learned of the key holds for all of them. @default by the provider instance that made the model */
  account: string;
}

/** Options of `holdfastModel`. */
export interface HoldfastModelOptions extends HoldfastOptions {
  /** Where names are looked up: a registry, a custom provider, the gateway. @default the SDK's global default provider */
  provider?: AnyDirectory;
}

/** A model of the list, as the policy sees it. */
interface Entry {
  readonly model: AnyModel;
  readonly candidate: Candidate;
  /** Where a model's own attempts go, when it holds fast under the same policy already. */
  readonly inner?: Route;
}

type Listing<M> = M | string | LabelledModel<M>;
type Listed = Listing<AnyModel>;

function lookUp(name: string, provider: AnyDirectory | undefined): AnyModel {
  const directory =
    provider ?? (globalThis as { AI_SDK_DEFAULT_PROVIDER?: AnyDirectory }).AI_SDK_DEFAULT_PROVIDER;
  if (!directory)
    throw new TypeError(
      `Holdfast: nobody knows a model "${name}": give { provider } with a registry, a custom provider or the gateway, or set globalThis.AI_SDK_DEFAULT_PROVIDER`,
    );
  return directory.languageModel(name) as AnyModel;
}

function isLabelled(listed: Listed): listed is LabelledModel<AnyModel> {
  return typeof listed === "object" && "model" in listed;
}

function modelOf(given: AnyModel | string, provider: AnyDirectory | undefined): AnyModel {
  const model = typeof given === "string" ? lookUp(given, provider) : given;
  if (isModel(model)) return model;
  throw new TypeError(`Holdfast: ${JSON.stringify(given)} is no model of the AI SDK`);
}

function entryOf(listed: Listed, policy: Policy, provider: AnyDirectory | undefined): Entry {
  const label = isLabelled(listed) ? listed.account : undefined;
  const model = modelOf(isLabelled(listed) ? listed.model : listed, provider);
  const inner = routeOf(model);
  const candidate = { model: model.modelId, provider: inner?.provider ?? providerName(model) };
  if (inner && label === undefined && inner.policy === policy) return { model, candidate, inner };
  return { model, candidate: { ...candidate, account: label ?? accountLabel(model) } };
}

/** Refuses at once what could never be a list. @throws TypeError */
function checkAlike([first, ...others]: readonly Entry[]): AnyModel {
  if (!first) throw new TypeError("Holdfast: holdfastModel was given no models; give at least one");
  checkOneSpecification(
    first.model,
    others.map(({ model }) => model),
  );
  for (const { model } of others) {
    if (familyOf(model) !== familyOf(first.model))
      throw new TypeError(
        `Holdfast: ${model.modelId} is of another family than ${first.model.modelId}`,
      );
    if ("doEmbed" in model && model.modelId !== first.model.modelId)
      throw new TypeError(
        `Holdfast: embeddings of ${model.modelId} cannot stand in for those of ${first.model.modelId}: list one model with several accounts`,
      );
  }
  return first.model;
}

class ListRoute implements Route {
  readonly policy: Policy;
  readonly options: HoldfastOptions;
  readonly base: AnyModel;
  readonly plan: Route["plan"];
  readonly provider: string;
  readonly recipe?: Recipe;
  readonly #entries: readonly Entry[];

  constructor(policy: Policy, entries: readonly Entry[], options: HoldfastOptions) {
    this.policy = policy;
    this.options = options;
    this.base = checkAlike(entries);
    this.provider = entries[0]?.candidate.provider ?? "";
    this.plan = { candidates: entries.map(({ candidate }) => candidate), ...options.call };
    this.#entries = entries;
    if (options.id !== undefined) this.recipe = { id: options.id, args: [] };
  }

  ownsHeaders(target: Target): boolean {
    const [first] = this.#entries;
    const entry = this.#entryOf(target);
    return entry?.inner
      ? entry.inner.ownsHeaders(target)
      : entry?.candidate.account === first?.candidate.account;
  }

  modelFor(target: Target): AnyModel {
    const entry = this.#entryOf(target);
    if (!entry) throw new TypeError(`Holdfast: ${target.name} is none of the models of the list`);
    return entry.inner?.modelFor(target) ?? entry.model;
  }

  all(): readonly AnyModel[] {
    return this.#entries.flatMap(({ model, inner }) => inner?.all() ?? [model]);
  }

  #entryOf({ candidate, model, provider }: Target): Entry | undefined {
    if (candidate !== undefined) return this.#entries[candidate];
    return this.#entries.find(
      ({ candidate: one }) => one.model === model && one.provider === provider,
    );
  }
}

/**
 * A model that is served by the first of a list that can: models of any providers, models that hold fast already (their
 * accounts serve them), or names that a registry, a custom provider or the gateway knows. All have to be of one family
 * and of one specification version.
 *
 * @example
 * const model = holdfastModel(policy, [google("gemini-2.5-pro"), openai("gpt-5-mini")]);
 * @throws TypeError when the models do not go together, a name is not known, or an option is none that there is
 */
export function holdfastModel<D extends AnyDirectory>(
  policy: Policy,
  names: readonly [string, ...string[]],
  options: HoldfastModelOptions & { provider: D },
): ReturnType<D["languageModel"]>;
export function holdfastModel<M extends AnyModel>(
  policy: Policy,
  models: readonly [Listing<M>, ...Listing<M>[]],
  options?: HoldfastModelOptions,
): M;
export function holdfastModel(
  policy: Policy,
  models: readonly Listed[],
  given: HoldfastModelOptions = {},
): AnyModel {
  checkModelOptions(given);
  const { provider, ...options } = given;
  const entries = models.map((listed) => entryOf(listed, policy, provider));
  const held = hold(new ListRoute(policy, entries, options));
  register(options.id, () => held);
  return held;
}
