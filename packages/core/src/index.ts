export {
  catalogue,
  type CatalogueRow,
  type Failure,
  type FailureKind,
  type Helps,
  type QuotaViolation,
  type Reopening,
  type ScopeName,
  type Sureness,
} from "./failure.ts";
export { classifyAnswer, type Answer } from "./classify/answer.ts";
export {
  classify,
  type ClassifyOptions,
  type ClassifyRule,
  type RuleVerdict,
} from "./classify/classify.ts";
export { redactError } from "./redact-error.ts";
export { redact } from "./redact.ts";
