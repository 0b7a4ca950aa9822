import { entryOf, isOpen, models as allModels, plainModelName } from "./find-model.ts";
import { type CatalogueOptions, type Model, presentTime } from "./model.ts";

/** Where to look for names, and which not to propose. */
export interface NearestOptions extends CatalogueOptions {
  /** Names to propose, for example a live list of models. @default the ids of the catalogue */
  candidates?: readonly string[];
  /** Names that must not be proposed, for example those known to be refused. */
  exclude?: readonly string[];
  /** How many at most. @default 3 */
  limit?: number;
}

/** Names longer than this are not names; it also bounds the cost. */
const longestName = 100;

/** The cost of a missing or surplus ending such as `-preview`, however long it is. */
const endingCost = 1;

/**
 * "Did you mean": existing names spelled like the given one, nearest first, by edit distance (a swap of neighbours counts once). A
 * name that the catalogue knows as retired, routed elsewhere or closed to new users is never proposed, nor the given one.
 */
export function nearestModels(name: string, options: NearestOptions = {}): readonly string[] {
  const { models = allModels, now = presentTime(), exclude = [], limit = 3 } = options;
  const asked = normalised(name);
  if (asked === "" || asked.length > longestName) return [];
  const refused = new Set([name, ...exclude].map(plainModelName));
  const bound = Math.max(3, Math.ceil(asked.length / 5));
  return namesOf(options.candidates, models)
    .filter(({ id, entry }) => !refused.has(id) && (entry === undefined || isOpen(entry, now)))
    .map((candidate) => ({ ...candidate, distance: nameDistance(asked, candidate.id, bound) }))
    .filter(({ distance }) => distance <= bound)
    .toSorted((a, b) => a.distance - b.distance || released(b.entry) - released(a.entry))
    .slice(0, limit)
    .map(({ id }) => id);
}

interface Candidate {
  id: string;
  entry: Model | undefined;
}

function namesOf(candidates: readonly string[] | undefined, models: readonly Model[]): Candidate[] {
  if (candidates === undefined) return models.map((entry) => ({ id: entry.id, entry }));
  const ids = [...new Set(candidates.map(plainModelName))];
  return ids
    .filter((id) => id.length <= longestName)
    .map((id) => ({ id, entry: entryOf(id, models) }));
}

const released = (entry: Model | undefined): number => Date.parse(entry?.released ?? "1970-01-01");

const normalised = (name: string): string =>
  plainModelName(name.slice(0, longestName * 2))
    .toLowerCase()
    .replaceAll(/[\s_]+/g, "-");

function nameDistance(asked: string, id: string, bound: number): number {
  const ending = asked.startsWith(`${id}-`) || id.startsWith(`${asked}-`);
  return ending ? Math.min(endingCost, editDistance(asked, id)) : within(asked, id, bound);
}

function within(asked: string, id: string, bound: number): number {
  return Math.abs(asked.length - id.length) > bound ? Infinity : editDistance(asked, id);
}

/** Damerau-Levenshtein, optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost 1. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, at(before, column - 2) + 1);
      current.push(cost);
    }
    before = previous;
    previous = current;
  }
  return at(previous, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity;
