import { mediaModels } from "./media-models.ts";
import {
  type CatalogueOptions,
  holds,
  type Limits,
  type Model,
  presentTime,
  type Tier,
} from "./model.ts";
import { retiredModels } from "./retired-models.ts";
import { textModels } from "./text-models.ts";
import { mergeLimits } from "./tier-limits.ts";

/** The model catalogue: what is publicly known of Gemini's models, with dates and sources. A user can extend it with `extendModels`. */
export const models: readonly Model[] = [...textModels, ...mediaModels, ...retiredModels];

/** A chain of routes or successors is never longer; guards against a user's circle. */
const longestChain = 8;

/** A name as the catalogue writes it: without `models/`, a publisher's path or `@version`. */
export function plainModelName(name: string): string {
  const last = name.slice(name.lastIndexOf("/") + 1);
  const at = last.indexOf("@");
  return at > 0 ? last.slice(0, at) : last;
}

/** The catalogue's entry of that very name, alias or numbered version; no route is followed. */
export function entryOf(name: string, catalogue: readonly Model[] = models): Model | undefined {
  const plain = plainModelName(name);
  return named(plain, catalogue) ?? named(plain.replace(/-\d{3}$/, ""), catalogue);
}

function named(name: string, catalogue: readonly Model[]): Model | undefined {
  return (
    catalogue.find(({ id }) => id === name) ??
    catalogue.find(({ aliases }) => aliases?.includes(name) ?? false)
  );
}

/**
 * The model that answers under a name at a wall time: `models/` and version are stripped, aliases and dated routes followed.
 * A retired model is found as itself; `undefined` for a name the catalogue does not know.
 */
export function findModel(name: string, options: CatalogueOptions = {}): Model | undefined {
  const { now = presentTime(), models: catalogue = models } = options;
  let entry = entryOf(name, catalogue);
  for (let step = 0; step < longestChain && entry?.routed && holds(entry.routed, now); step++) {
    entry = entryOf(entry.routed.to, catalogue) ?? entry;
  }
  return entry;
}

/**
 * What a name stands for at a wall time (ms since 1970): the id of the model that answers. Quota and capacity are keyed by it.
 * A name the catalogue does not know, and a floating one, stand for themselves.
 */
export function resolveModel(
  name: string,
  wallNow: number,
  catalogue: readonly Model[] = models,
): string {
  return findModel(name, { now: wallNow, models: catalogue })?.id ?? plainModelName(name);
}

/** Whether a project that never used the model can call it under its own name at a wall time in ms. */
export function isOpen(model: Model, now: number): boolean {
  return ![model.retired, model.routed, model.closedToNewUsers].some((fact) => holds(fact, now));
}

/**
 * The model to move to from one that is retired, routed elsewhere, closed to new users or no longer listed at a wall time (ms since
 * 1970); replacements are followed to one that is open. `undefined` where nothing is wrong with the model, or nothing is known.
 */
export function successorOf(
  name: string,
  wallNow: number,
  catalogue: readonly Model[] = models,
): string | undefined {
  let entry = entryOf(name, catalogue);
  if (entry === undefined || (isOpen(entry, wallNow) && !holds(entry.unlisted, wallNow))) {
    return undefined;
  }
  for (let step = 0; step < longestChain; step++) {
    const next: string | undefined = entry.routed?.to ?? entry.successor;
    const replacement: Model | undefined =
      next === undefined ? undefined : entryOf(next, catalogue);
    if (replacement === undefined) return next;
    if (isOpen(replacement, wallNow)) return replacement.id;
    entry = replacement;
  }
  return undefined;
}

/** The known limits of a model in a tier: published ones, and those that refusals named; empty where nothing is known. */
export function limitsOf(name: string, tier: Tier, options: CatalogueOptions = {}): Limits {
  return mergeLimits(findModel(name, options)?.limits ?? [], tier);
}

/**
 * A catalogue with models added; an entry with the id of an existing one replaces it.
 *
 * @throws TypeError where an added model has no id
 */
export function extendModels(base: readonly Model[], extra: readonly Model[]): readonly Model[] {
  const all = new Map(base.map((model) => [model.id, model]));
  for (const model of extra) {
    if (typeof model?.id !== "string" || model.id === "") {
      throw new TypeError("extendModels: a model needs an id");
    }
    all.set(model.id, model);
  }
  return [...all.values()];
}
