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
