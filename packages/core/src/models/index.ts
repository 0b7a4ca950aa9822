export {
  entryOf,
  extendModels,
  findModel,
  limitsOf,
  models,
  resolveModel,
  successorOf,
} from "./find-model.ts";
export {
  type CatalogueOptions,
  type Dated,
  type Limits,
  type Model,
  type ModelKind,
  type Route,
  type Source,
  type SourceName,
  type Tier,
  type TierLimits,
} from "./model.ts";
export { nearestModels, type NearestOptions } from "./nearest-models.ts";
export { servedOtherModel } from "./served-other-model.ts";
export { sources } from "./sources.ts";
