export { fileStore, type FileStoreOptions } from "./file-store.ts";
export { findConfig } from "./find-config.ts";
export { type LoadOptions, loadPolicy } from "./load-policy.ts";
export { type Environment, type ParseOptions, parsePolicy } from "./parse-policy.ts";
export { PolicyFileError } from "./policy-file-error.ts";
export {
  type FileAccount,
  type FunctionOption,
  type PolicyFile,
  policyJsonSchema,
  policySchema,
} from "./policy-schema.ts";
export { type PresetName, presets } from "./presets.ts";
export { type PolicyFileProblem } from "./problems.ts";
export { type WatchedPolicy, type WatchOptions, watchPolicy } from "./watch-policy.ts";
