export { diagnose, type DiagnosisHints } from "./diagnosis.ts";
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
export { printableName } from "./printable-name.ts";
