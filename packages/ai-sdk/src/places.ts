// Where a model asked for, and its fallbacks, may be served.
import { type Policy, type Target } from "@holdfast/core";

/** A model with the provider whose it is. */
export interface Named {
  readonly model: string;
  readonly provider: string;
}

/** The model asked for and its fallbacks; `openai:gpt-5-mini` names another provider, where the policy has accounts of it. */
export function namesOf({ settings }: Policy, { model, provider }: Named): readonly Named[] {
  const { accounts, fallbacks } = settings;
  const next = fallbacks[model] ?? fallbacks["*"] ?? [];
  return [model, ...next.filter((name) => name !== model)].map((name) => {
    const [prefix = "", rest] = name.split(/:(.*)/s);
    const known = rest && accounts.some((account) => account.provider === prefix);
    return known ? { model: rest, provider: prefix } : { model: name, provider };
  });
}

/** The targets of some models, as far as a model can be made for them. */
export function targetsOf({ settings }: Policy, names: readonly Named[]): readonly Target[] {
  return names.flatMap(({ model, provider }) =>
    settings.accounts
      .filter((account) => account.provider === provider)
      .map(({ name, ...place }) => ({
        ...place,
        name: `${name}/${model}`,
        account: name,
        model,
        rank: 0,
      })),
  );
}
