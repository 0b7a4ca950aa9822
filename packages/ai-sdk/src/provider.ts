import { type Policy, type Target } from "@holdfast/core";

import { checkOptions } from "./check-options.ts";
import { register } from "./held.ts";
import { hold, isModel } from "./hold.ts";
import { type AnyFactory, type AnyModel, type AnyProvider } from "./host-types.ts";
import { checkOneSpecification } from "./one-specification.ts";
import { type HoldfastOptions } from "./options.ts";
import { namesOf, targetsOf } from "./places.ts";
import { Providers, type Factories } from "./providers.ts";
import { heldRealtime, isRealtime } from "./realtime.ts";
import { type Recipe, type Route } from "./route.ts";

type Maker = (...args: unknown[]) => unknown;

/** What all providers call the makers of their models, for one that has no method of the first one's name. */
const commonMethods: Readonly<Record<string, string>> = {
  chat: "languageModel",
  embedding: "embeddingModel",
  textEmbedding: "textEmbeddingModel",
  image: "imageModel",
  speech: "speechModel",
  transcription: "transcriptionModel",
  video: "videoModel",
};

function findMaker(provider: AnyProvider, method: string | undefined): Maker | undefined {
  if (method === undefined) return provider;
  const methods = provider as unknown as Readonly<Record<string, Maker | undefined>>;
  return (methods[method] ?? methods[commonMethods[method] ?? ""])?.bind(provider);
}

function makerOf(provider: AnyProvider, method: string | undefined): Maker {
  const maker = findMaker(provider, method);
  if (!maker) throw new TypeError(`Holdfast: a fallback's provider has no ${method}()`);
  return maker;
}

/** How a model was asked for. */
interface Asked {
  readonly method: string | undefined;
  readonly args: readonly unknown[];
}

class ProviderRoute implements Route {
  readonly policy: Policy;
  readonly options: HoldfastOptions;
  readonly base: AnyModel;
  readonly plan: Route["plan"];
  readonly provider: string;
  readonly recipe?: Recipe;
  readonly home?: string;
  readonly #providers: Providers;
  readonly #asked: Asked;
  readonly #made = new Map<string, { provider: AnyProvider; model: AnyModel }>();

  constructor(house: House, base: AnyModel, asked: Asked) {
    this.policy = house.policy;
    this.options = house.options;
    this.#providers = house.providers;
    this.provider = house.providers.first;
    this.base = base;
    this.#asked = asked;
    const { method, args } = asked;
    // Embeddings are vectors in the space of their model; an agent has no name that another could take over.
    const sameModel = "doEmbed" in base || typeof args[0] !== "string";
    this.plan = { ...planOf(house, base.modelId, sameModel), ...house.options.call };
    const { home } = house;
    if (home !== undefined) this.home = home;
    const { id } = house.options;
    if (id !== undefined) this.recipe = { id, args, ...(method === undefined ? {} : { method }) };
  }

  ownsHeaders({ apiKey, provider }: Target): boolean {
    return apiKey === undefined && provider === this.provider;
  }

  modelFor(target: Target): AnyModel {
    const provider = this.#providers.for(target);
    const known = this.#made.get(target.name);
    if (known?.provider === provider) return known.model;
    const { method, args } = this.#asked;
    const [first, ...rest] = args;
    const model = makerOf(provider, method)(
      typeof first === "string" ? target.model : first,
      ...rest,
    ) as AnyModel;
    this.#made.set(target.name, { provider, model });
    return model;
  }

  all(): readonly AnyModel[] {
    const asked = { model: this.base.modelId, provider: this.provider };
    const names = this.plan.sameModel ? [asked] : namesOf(this.policy, asked);
    const { method } = this.#asked;
    const targets = targetsOf(
      this.policy,
      names.filter(({ provider }) => this.#providers.makes(provider)),
    ).filter((target) => findMaker(this.#providers.for(target), method));
    const all = targets.map((target) => this.modelFor(target));
    return all.length > 0 ? all : [this.base];
  }
}

/** What core is to plan with. Models of a provider other than Google's say whose they are. */
function planOf({ policy, providers }: House, model: string, sameModel: boolean): Route["plan"] {
  const provider = providers.first;
  if (provider === "google") return { model, ...(sameModel ? { sameModel } : {}) };
  return {
    candidates: sameModel ? [{ model, provider }] : namesOf(policy, { model, provider }),
  };
}

/** What all models of one provider share. */
interface House {
  readonly policy: Policy;
  readonly options: HoldfastOptions;
  readonly providers: Providers;
  readonly home: string | undefined;
}

function make(house: House, shape: AnyProvider, asked: Asked): unknown {
  const made = makerOf(shape, asked.method)(...asked.args);
  if (!isModel(made)) return made;
  const route = new ProviderRoute(house, made, asked);
  // Models of one factory are all of one specification.
  if (house.providers.several) checkOneSpecification(made, route.all());
  return hold(route);
}

/**
 * A provider like the factory's own, all of whose models hold fast under the policy: language, embedding, image, speech,
 * transcription, reranking and whatever else answers a call with a result or a stream. One of the host's providers is made for each
 * account, as `factory({ apiKey, baseURL })`; an account without a key leaves it to the host to find one. What is no
 * model (tools, files, realtime sessions) is the first account's own; a token for a session is given by any that can.
 *
 * Several factories, by the name that accounts give their `provider`, let a call go on with another provider's model;
 * the first of them is the one this provider looks like.
 *
 * @example
 * const google = holdfastProvider(policy, createGoogle);
 * const { text } = await generateText({ model: google("gemini-2.5-pro"), prompt: "Hello" });
 * @throws TypeError when an account's provider has no factory, a fallback's models are of another specification, or an
 * option is none that there is
 */
export function holdfastProvider<F extends AnyFactory>(
  policy: Policy,
  factory: F,
  options?: HoldfastOptions,
): ReturnType<F>;
export function holdfastProvider<F extends Factories>(
  policy: Policy,
  factories: F,
  options?: HoldfastOptions,
): ReturnType<F[keyof F]>;
export function holdfastProvider(
  policy: Policy,
  factories: AnyFactory | Factories,
  options: HoldfastOptions = {},
): unknown {
  checkOptions(options);
  const providers = new Providers(factories, policy);
  const home = providers.accounts(policy)[0]?.name;
  const house: House = { policy, options, providers, home };
  const shape = providers.shape(policy);
  const provider = (...args: unknown[]): unknown => make(house, shape, { method: undefined, args });
  for (const [name, value] of Object.entries(shape)) {
    Object.defineProperty(provider, name, {
      enumerable: true,
      configurable: true,
      value: heldProperty(house, shape, { name, value }),
    });
  }
  register(options.id, ({ method, args }) => make(house, shape, { method, args }) as AnyModel);
  return provider;
}

/** A property of a provider: most are makers of models. */
function heldProperty(
  house: House,
  shape: AnyProvider,
  { name, value }: { name: string; value: unknown },
): unknown {
  if (isRealtime(value))
    return heldRealtime(value, {
      policy: house.policy,
      plan: (model) => ({ ...planOf(house, model, true), ...house.options.call }),
      factoryFor: (target) => Reflect.get(house.providers.for(target), name) as unknown,
    });
  return typeof value === "function" && !isMore(value)
    ? (...args: unknown[]) => make(house, shape, { method: name, args })
    : value;
}

/** A function with things on it is more than a maker of models. */
function isMore(value: object): boolean {
  return Object.keys(value).length > 0;
}
