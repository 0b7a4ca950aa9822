export { type CallSettings, type HoldfastCallOptions } from "./call-options.ts";
export { type PrepareMessages } from "./chat-attempt.ts";
export {
  type HoldfastChatCallOptions,
  HoldfastChatModel,
  type HoldfastChatModelFields,
  type HoldfastModelOptions,
} from "./chat-model.ts";
export {
  type ChatModelClass,
  holdfastChatModel,
  type HoldfastModelFields,
} from "./holdfast-chat-model.ts";
export { type ModelTarget } from "./model-target.ts";
export {
  HoldfastRunnable,
  holdfastRunnable,
  type HoldfastRunnableConfig,
  type HoldfastRunnableFields,
  type HoldfastRunnableOptions,
} from "./runnable.ts";
export { type Factory, type Source, type SourceInput } from "./source.ts";
