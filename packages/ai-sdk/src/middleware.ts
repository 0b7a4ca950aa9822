import { type Policy, type Target } from "@holdfast/core";

import { checkOptions } from "./check-options.ts";
import {
  type AnyFactory,
  type HoldfastMiddleware,
  type HostLanguageModel,
  type HostOptions,
} from "./host-types.ts";
import { accountLabel, providerName } from "./labels.ts";
import { HeldLanguageModel } from "./language-model.ts";
import { checkOneSpecification } from "./one-specification.ts";
import { type HoldfastOptions } from "./options.ts";
import { namesOf, targetsOf } from "./places.ts";
import { Providers, type Factories } from "./providers.ts";
import { type Route } from "./route.ts";

/** What the SDK hands a middleware. */
interface Wrapped {
  readonly model: HostLanguageModel;
  readonly params: HostOptions;
}

/** Without a factory, all attempts go to the wrapped model with its own key. */
class OwnRoute implements Route<HostLanguageModel> {
  readonly policy: Policy;
  readonly options: HoldfastOptions;
  readonly base: HostLanguageModel;
  readonly provider: string;
  readonly plan: Route["plan"];

  constructor(policy: Policy, options: HoldfastOptions, base: HostLanguageModel) {
    this.policy = policy;
    this.options = options;
    this.base = base;
    this.provider = providerName(base);
    this.plan = {
      candidates: [{ model: base.modelId, provider: this.provider, account: accountLabel(base) }],
      ...options.call,
    };
  }

  ownsHeaders(): boolean {
    return true;
  }

  modelFor(): HostLanguageModel {
    return this.base;
  }

  all(): readonly HostLanguageModel[] {
    return [this.base];
  }
}

/** With a factory, attempts go to the models it makes for each account; the wrapped model only says which was asked for. */
class FactoryRoute implements Route<HostLanguageModel> {
  readonly policy: Policy;
  readonly options: HoldfastOptions;
  readonly base: HostLanguageModel;
  readonly provider: string;
  readonly plan: Route["plan"];
  readonly #providers: Providers;

  constructor(house: House, base: HostLanguageModel) {
    this.policy = house.policy;
    this.options = house.options;
    this.base = base;
    this.#providers = house.providers;
    this.provider = house.providers.first;
    const asked = { model: base.modelId, provider: this.provider };
    this.plan = {
      ...(this.provider === "google"
        ? { model: base.modelId }
        : { candidates: namesOf(house.policy, asked) }),
      ...house.options.call,
    };
  }

  ownsHeaders({ apiKey, provider }: Target): boolean {
    return apiKey === undefined && provider === this.provider;
  }

  modelFor(target: Target): HostLanguageModel {
    // The account that the host finds a key for is the wrapped model's own.
    if (target.apiKey === undefined && target.model === this.base.modelId) return this.base;
    return this.#providers.for(target)(target.model) as HostLanguageModel;
  }

  all(): readonly HostLanguageModel[] {
    const asked = { model: this.base.modelId, provider: this.provider };
    const names = namesOf(this.policy, asked);
    const made = names.filter(({ provider }) => this.#providers.makes(provider));
    const all = targetsOf(this.policy, made);
    return [this.base, ...all.map((target) => this.modelFor(target))];
  }
}

interface House {
  readonly policy: Policy;
  readonly options: HoldfastOptions;
  readonly providers: Providers;
}

/**
 * A middleware for `wrapLanguageModel` of ai@5, ai@6 and ai@7 whose attempts live under the policy.
 *
 * Put it last in the list, next to the model: `middleware: [logging, holdfastMiddleware(policy, createGoogle)]`. The
 * middleware before it then sees one call and one clean answer, whatever it took. Middleware after it would run once an
 * attempt, and not at all for attempts that go to another account or model.
 *
 * With a factory the policy's accounts and fallbacks serve the model that is wrapped. Without one the wrapped model
 * serves alone, with its own key.
 */
export function holdfastMiddleware(
  policy: Policy,
  factory?: AnyFactory | Factories,
  options: HoldfastOptions = {},
): HoldfastMiddleware {
  checkOptions(options);
  const house = factory && { policy, options, providers: new Providers(factory, policy) };
  const known = new WeakMap<HostLanguageModel, HeldLanguageModel>();
  const held = (model: HostLanguageModel): HeldLanguageModel => {
    let made = known.get(model);
    if (!made) {
      const route = house ? new FactoryRoute(house, model) : new OwnRoute(policy, options, model);
      checkOneSpecification(model, route.all());
      made = new HeldLanguageModel(route);
      known.set(model, made);
    }
    return made;
  };
  return {
    middlewareVersion: "v2",
    specificationVersion: "v4",
    overrideSupportedUrls: ({ model }: Wrapped) => held(model).supportedUrls,
    wrapGenerate: ({ model, params }: Wrapped) => held(model).doGenerate(params),
    wrapStream: ({ model, params }: Wrapped) => held(model).doStream(params),
  };
}
