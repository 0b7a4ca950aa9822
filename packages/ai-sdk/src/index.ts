export {
  type BatchAnswer,
  holdfastBatch,
  type BatchReference,
  type BatchStart,
  type BatchWork,
  type HoldfastBatch,
} from "./batch.ts";
export {
  embedAll,
  type EmbedAllOptions,
  type EmbedAllResult,
  type EmbedFailure,
} from "./embed-all.ts";
export { type Embedded } from "./embedding-chunks.ts";
export { type BatchFunctions, type HoldfastMiddleware } from "./host-types.ts";
export { type FailedAttempt, type HoldfastMetadata } from "./metadata.ts";
export { holdfastMiddleware } from "./middleware.ts";
export { holdfastModel, type HoldfastModelOptions, type LabelledModel } from "./model.ts";
export {
  type HoldfastCallOptions,
  type HoldfastOptions,
  type StructuredOutputOptions,
} from "./options.ts";
export { holdfastProvider } from "./provider.ts";
