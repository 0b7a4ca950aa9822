export {
  type BatchAnswer,
  type BatchEnd,
  type BatchLimits,
  type BatchReference,
  type BatchRequest,
  type BatchStart,
  type BatchWait,
  batchWork,
  type BatchWay,
  type BatchWork,
} from "./batch-work.ts";
export {
  type GeminiAnswer,
  geminiBatch,
  type GeminiBatchOptions,
  type GeminiRequest,
} from "./gemini-batch.ts";
export { findBatch } from "./gemini-rest.ts";
