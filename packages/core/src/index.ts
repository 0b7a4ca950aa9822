export { offAbort, onAbort } from "./abort-bell.ts";
export { backoffDelay, type BackoffOptions } from "./backoff.ts";
export { type BreakerOptions } from "./board/breaker.ts";
export { type BudgetOptions } from "./board/budget.ts";
export { callChecks } from "./check-call.ts";
export { type Check, checks } from "./check.ts";
export { type Answer, classifyAnswer } from "./classify/answer.ts";
export {
  classify,
  type ClassifyOptions,
  type ClassifyRule,
  type RuleVerdict,
} from "./classify/classify.ts";
export { type Clock, systemClock } from "./clock.ts";
export { diagnose, type DiagnosisHints } from "./diagnosis.ts";
export { GaveUpError, type GiveUpReason } from "./errors.ts";
export { type PolicyEvent } from "./events.ts";
export { failureOf } from "./failure-of.ts";
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
export {
  type CallFinding,
  type CallOptions,
  type HedgeOptions,
  type LastResort,
  type ModelFacts,
  type PolicyOptions,
  type Rule,
  type RuleAction,
  type Rules,
  type RuleSituation,
  type Schedule,
} from "./options.ts";
export {
  type AttemptContext,
  Attempted,
  attempted,
  type AttemptedDetails,
  type AttemptRecord,
  type Call,
  type Executed,
  type Settlement,
  type Trace,
  type Usage,
  type WaitRecord,
} from "./outcome.ts";
export { createPolicy, type Policy, type PolicyEnvironment } from "./policy.ts";
export { type Price } from "./price.ts";
export { sameOriginFetch } from "./same-origin-fetch.ts";
export { type StallWatch, watchStall } from "./stall-watch.ts";
export {
  memoryStore,
  type Store,
  type StoredBoard,
  type StoredClosure,
  type StoredDomain,
} from "./store.ts";
export { type Endpoint, printableName, splitVersion, withVersion } from "./model-catalogue.ts";
export { redact } from "./redact.ts";
export { redactError } from "./redact-error.ts";
export { type ClosedScope, type DomainStatus, type PolicyStatus } from "./status.ts";
export { type Settings } from "./settings.ts";
export { type AccountOptions, type Candidate, type Limits, type Target } from "./target.ts";
export { timeoutError } from "./attempt.ts";
