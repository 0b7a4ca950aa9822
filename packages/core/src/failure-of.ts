import { catalogue, type CatalogueRow, type Failure, type FailureKind } from "./failure.ts";

/** A failure of a kind, as the catalogue has it. */
export function failureOf(
  kind: FailureKind,
  message: string,
  rows: Readonly<Record<FailureKind, CatalogueRow>> = catalogue,
): Failure {
  const { scope, sure, retryable, helps } = rows[kind];
  return { kind, retryable, helps, scope, sure, message };
}
