import { type ModelFacts } from "@holdfast/core";

import { modelFacts } from "./facts.ts";
import { models as catalogue } from "./find-model.ts";
import { listModels } from "./list-models.ts";
import { type Model } from "./model.ts";
import { nearestModels } from "./nearest-models.ts";

/** How the live list of models is asked for. */
export interface LiveModelsOptions {
  /** What is known besides. @default the catalogue */
  models?: readonly Model[];
  /** @default the runtime's */
  fetch?: typeof globalThis.fetch;
  /** How long a list is good for, in ms. @default an hour */
  maxAge?: number;
  /** For Google's own endpoint, where the policy's accounts name no key. @default the key of the account that was refused */
  apiKey?: string;
}

/** What was learned of an endpoint; an empty list when it could not be reached. */
interface Known {
  ids: Promise<readonly string[]>;
  at: number;
}

/** After a failure to reach it, an endpoint is left alone this long, in ms. */
const pause = 60_000;

/**
 * Facts whose "did you mean" knows what exists today: `createPolicy({ models: liveModels() })`. The list is asked for when a
 * model is refused as unknown, of the account's own endpoint, once an hour; the call waits for it for a second at most.
 * Without a list, and for all else, the catalogue answers.
 */
export function liveModels(options: LiveModelsOptions = {}): ModelFacts {
  const { models = catalogue, fetch, maxAge = 3_600_000, apiKey: own } = options;
  const facts = modelFacts(models);
  const known = new Map<string, Known>();
  let latest: readonly string[] = [];
  return {
    ...facts,
    nearest(name, closed = []) {
      const listed = nearestModels(name, { models, candidates: latest, exclude: closed });
      const candidates = [...(facts.nearest?.(name, closed) ?? []), ...listed];
      // All of these may be proposed; what is left to know is which is nearest.
      return nearestModels(name, { models: [], candidates });
    },
    async learn({ provider, account, baseURL, apiKey }, { wall, signal }) {
      const key = apiKey ?? (baseURL === undefined ? own : undefined);
      if (provider !== "google" || key === undefined) return;
      // Projects are shown different lists.
      const place = `${account} ${baseURL ?? ""}`;
      let entry = known.get(place);
      if (entry === undefined || wall - entry.at >= maxAge) {
        const where = { apiKey: key, ...(baseURL === undefined ? {} : { baseURL }) };
        const asking = listModels({ ...where, signal, ...(fetch ? { fetch } : {}) });
        const made: Known = { at: wall, ids: asking.then((ids) => ids ?? []) };
        entry = made;
        known.set(place, made);
        if ((await made.ids).length === 0) made.at = wall - maxAge + pause;
      }
      const ids = await entry.ids;
      if (ids.length > 0) latest = ids;
    },
  };
}
