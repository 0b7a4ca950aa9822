export { holdfastAgentMiddleware, type HoldfastAgentOptions } from "./agent-middleware.ts";
export { type CallSettings, type HoldfastCallOptions } from "./call-options.ts";
export { type PrepareMessages } from "./chat-attempt.ts";
export {
  type HoldfastChatCallOptions,
  HoldfastChatModel,
  type HoldfastChatModelFields,
  type HoldfastModelOptions,
} from "./chat-model.ts";
export {
  type EmbeddingsClass,
  HoldfastEmbeddings,
  holdfastEmbeddings,
  type HoldfastEmbeddingsFields,
} from "./embeddings.ts";
export {
  type ChatModelClass,
  holdfastChatModel,
  type HoldfastModelFields,
} from "./holdfast-chat-model.ts";
export { type ModelTarget } from "./model-target.ts";
export { type Preflight } from "./preflight.ts";
export {
  HoldfastRunnable,
  holdfastRunnable,
  type HoldfastRunnableConfig,
  type HoldfastRunnableFields,
  type HoldfastRunnableOptions,
} from "./runnable.ts";
export { type Factory, type Source, type SourceInput } from "./source.ts";
