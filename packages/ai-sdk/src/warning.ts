import { type CallOptions, type Executed } from "@holdfast/core";

import { type Route } from "./route.ts";

/** A warning as all versions of the SDK show it. */
export interface HostWarning {
  readonly type: "other";
  readonly message: string;
}

/** Says that another model than the one asked for answered; nothing when it was that one. */
function substitution(
  { base }: Route,
  { target, degraded, trace }: Executed<unknown>,
): HostWarning | undefined {
  if (degraded)
    return {
      type: "other",
      message: `holdfast: no model could serve ${base.modelId}; this is the policy's last resort`,
    };
  if (!target || target.model === base.modelId) return undefined;
  const kind = trace.attempts.find(({ failure }) => failure)?.failure?.kind;
  const why = kind ? ` after ${kind}` : "";
  return {
    type: "other",
    message: `holdfast: ${target.name} answered in place of ${base.modelId}${why}`,
  };
}

const nothing: readonly HostWarning[] = [];

/** What is to be said of a call beside its answer. */
export function warningsOf(
  route: Route,
  { findings = [] }: CallOptions,
  executed: Executed<unknown>,
): readonly HostWarning[] {
  // Most calls are answered by the model asked for, and nobody doubted them.
  if (findings.length === 0 && executed.target?.model === route.base.modelId) return nothing;
  const doubts = findings.map(({ field, message, remedy }): HostWarning => ({
    type: "other",
    message: `holdfast: ${field}: ${message} ${remedy}`,
  }));
  const other = substitution(route, executed);
  return other ? [...doubts, other] : doubts;
}
