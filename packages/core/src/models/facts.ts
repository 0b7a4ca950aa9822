import { type ModelFacts } from "@holdfast/core";

import {
  findModel,
  limitsOf,
  models as allModels,
  resolveModel,
  successorOf,
} from "./find-model.ts";
import { type Model, type Tier } from "./model.ts";
import { nearestModels } from "./nearest-models.ts";
import { priceOf } from "./prices.ts";
import { servedOtherModel } from "./served-other-model.ts";

const isTier = (tier: string): tier is Tier => /^(free|tier-[123])$/.test(tier);

/** A name that a project may still call, although new ones are closed out of it or it is about to be routed. */
const asIfOpen = ({ closedToNewUsers: _closed, routed: _routed, ...model }: Model): Model => model;

/** What an engine asks of a model catalogue. `createPolicy({ models: modelFacts(extendModels(models, own)) })` adds models of one's own. */
export function modelFacts(models: readonly Model[] = allModels): ModelFacts {
  const reachable = models.map(asIfOpen);
  const closest = (name: string, exclude: readonly string[] = []): string | undefined =>
    nearestModels(name, { models: reachable, exclude, limit: 1 })[0];
  return {
    resolve: (name, wall) => resolveModel(name, wall, models),
    window: (name) => findModel(name, { models })?.inputTokens,
    nearest(name, closed = []) {
      const first = closest(name, closed);
      const open = nearestModels(name, { models, exclude: closed });
      return [...new Set([...(first === undefined ? [] : [first]), ...open])].slice(0, 3);
    },
    successor(name, wall) {
      const known = successorOf(name, wall, models);
      const meant = known === undefined ? closest(name) : undefined;
      return known ?? (meant === undefined ? undefined : successorOf(meant, wall, models));
    },
    limits(name, tier) {
      if (!isTier(tier)) return undefined;
      const {
        requestsPerMinute: rpm,
        tokensPerMinute: tpm,
        requestsPerDay: rpd,
      } = limitsOf(name, tier, { models });
      return {
        ...(rpm === undefined ? {} : { rpm }),
        ...(tpm === undefined ? {} : { tpm }),
        ...(rpd === undefined ? {} : { rpd }),
      };
    },
    price(name, wall) {
      const model = findModel(name, { models, now: wall });
      return model && priceOf(model, wall);
    },
    served: (asked, served) => servedOtherModel(asked, served, { models }),
  };
}
