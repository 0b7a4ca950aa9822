import { entryOf, findModel, models as allModels, plainModelName } from "./find-model.ts";
import { type CatalogueOptions, holds, type Model, presentTime } from "./model.ts";
import { printableName } from "./printable-name.ts";

/**
 * A warning when the answer's `modelVersion` is not what was asked for; else `undefined`.
 *
 * `models/`, numbered versions, aliases and floating names count as the same model. A name that Google routes to a successor is
 * worth the warning, because price and behaviour change without an error; the text then says so.
 */
export function servedOtherModel(
  asked: string,
  modelVersion: string | undefined,
  options: CatalogueOptions = {},
): string | undefined {
  const { models = allModels, now = presentTime() } = options;
  if (!modelVersion || asked.startsWith("tunedModels/")) return undefined;
  const entry = entryOf(asked, models);
  const served = idOf(modelVersion, models);
  if (served === idOf(asked, models) || behindFloating(entry, served)) return undefined;
  const what = `Asked for ${shown(asked)}, answered by ${shown(modelVersion)}`;
  const since = routedSince(entry, served, { models, now });
  return since === undefined
    ? `${what}: behaviour, limits and price may differ.`
    : `${what}: Google routes that name to it since ${since}, at the price of the new model.`;
}

function routedSince(
  entry: Model | undefined,
  served: string,
  { models, now }: Required<CatalogueOptions>,
): string | undefined {
  if (entry?.routed === undefined || !holds(entry.routed, now)) return undefined;
  return findModel(entry.id, { now, models })?.id === served ? entry.routed.since : undefined;
}

const idOf = (name: string, models: readonly Model[]): string =>
  entryOf(name, models)?.id ?? plainModelName(name).replace(/-\d{3}$/, "");

const shown = (name: string): string =>
  printableName(plainModelName(name)) ?? "a model of unprintable name";

function behindFloating(entry: Model | undefined, served: string): boolean {
  if (!entry?.floating) return false;
  const parts = served.split("-");
  const lite = entry.family?.includes("lite") ?? false;
  return (
    (entry.family ?? []).every((part) => parts.includes(part)) && parts.includes("lite") === lite
  );
}
