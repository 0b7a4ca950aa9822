export { type Endpoint, splitVersion, withVersion } from "./endpoint.ts";
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
  type DatedPrice,
  type Limits,
  type Model,
  type ModelKind,
  type Route,
  type Source,
  type SourceName,
  type Tier,
  type TierLimits,
} from "./model.ts";
export { listModels, type ListModelsOptions } from "./list-models.ts";
export { liveModels, type LiveModelsOptions } from "./live-models.ts";
export { nearestModels, type NearestOptions } from "./nearest-models.ts";
export { servedOtherModel } from "./served-other-model.ts";
export { sources } from "./sources.ts";
export { checkModel } from "./check-model.ts";
export { checkParameters, type CheckParametersOptions } from "./check-parameters.ts";
export { checkSize, type RequestSize, type SizeOptions } from "./check-size.ts";
export { checkText } from "./check-text.ts";
export { modelFacts } from "./facts.ts";
export { type Finding } from "./finding.ts";
export { printableName } from "./printable-name.ts";
export { preflight, type PreflightOptions } from "./preflight.ts";
export { estimateTokens, fewestTokens } from "./tokens.ts";
