// The host's providers, one for each account.
import { sameOriginFetch, type Policy, type Target, withVersion } from "@holdfast/core";

import { type AnyFactory, type AnyProvider } from "./host-types.ts";

/** What a factory such as `createGoogle` is called with. */
interface ProviderSettings {
  apiKey?: string;
  baseURL?: string;
  /** Follows no redirect to another origin, where the key would go along. */
  fetch?: typeof globalThis.fetch;
}

/** Factories by the name that accounts give their provider. */
export type Factories = Readonly<Record<string, AnyFactory>>;

/** What providers put between the host and the path: policies name endpoints without it. */
const versions: Readonly<Record<string, string>> = {
  google: "v1beta",
  openai: "v1",
  anthropic: "v1",
};

type Place = Pick<Target, "apiKey" | "baseURL" | "provider">;

function settingsOf({ apiKey, baseURL, provider }: Place): ProviderSettings {
  return {
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(baseURL === undefined ? {} : { baseURL: withVersion(baseURL, versions[provider] ?? "") }),
    // Asked for at the time of the call: tools that watch requests replace the global one at any time.
    fetch: sameOriginFetch((input, init) => globalThis.fetch(input, init)),
  };
}

/** Whose models a factory without a name makes: those of the accounts, when they are all of one provider. */
function soleProvider({ settings: { accounts } }: Policy): string {
  const [first, ...others] = new Set(accounts.map(({ provider }) => provider));
  return first !== undefined && others.length === 0 ? first : "google";
}

interface Made extends Place {
  readonly made: AnyProvider;
}

/** Makes the provider of each account once. */
export class Providers {
  /** The provider that models are asked for when nothing says otherwise: the first. */
  readonly first: string;
  readonly #factories: Factories;
  readonly #made = new Map<string, Made>();

  constructor(factories: AnyFactory | Factories, policy: Policy) {
    this.#factories =
      typeof factories === "function" ? { [soleProvider(policy)]: factories } : factories;
    const [first] = Object.keys(this.#factories);
    if (first === undefined)
      throw new TypeError(
        "Holdfast: no factory of a provider was given: give createGoogle, or { google: createGoogle }",
      );
    this.first = first;
  }

  /** The host's provider for a target. @throws TypeError when there is no factory for it */
  for(target: Pick<Target, "account" | "apiKey" | "baseURL" | "provider">): AnyProvider {
    const { account, apiKey, baseURL, provider } = target;
    const known = this.#made.get(account);
    if (
      known &&
      known.apiKey === apiKey &&
      known.baseURL === baseURL &&
      known.provider === provider
    )
      return known.made;
    const factory = this.#factories[provider];
    if (!factory)
      throw new TypeError(
        `Holdfast: the account "${account}" is one of "${provider}", for which there is no factory: give { ${provider}: … } beside ${this.first}`,
      );
    const made = factory(settingsOf(target));
    this.#made.set(account, { ...target, made });
    return made;
  }

  /** Whether models may come from more than one factory. */
  get several(): boolean {
    return Object.keys(this.#factories).length > 1;
  }

  /** Whether there is a factory for the models of a provider. */
  makes(provider: string): boolean {
    return this.#factories[provider] !== undefined;
  }

  /** The accounts of the first provider. */
  accounts({ settings }: Policy): Policy["settings"]["accounts"] {
    return settings.accounts.filter(({ provider }) => provider === this.first);
  }

  /** A provider that shows what providers of this kind have, with the credentials of the first account that serves it. */
  shape(policy: Policy): AnyProvider {
    const [account] = this.accounts(policy);
    if (!account) return this.for({ account: "", provider: this.first });
    const { name, ...place } = account;
    return this.for({ account: name, ...place });
  }
}
