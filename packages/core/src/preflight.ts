import { type CallState } from "./call-state.ts";
import { type Engine } from "./engine.ts";
import { type GiveUpReason } from "./errors.ts";
import { failureOf } from "./failure-of.ts";

/** Ends a call whose request is certain to be refused, and speaks of doubts. */
export function preflight(
  engine: Engine,
  state: CallState,
): { reason: GiveUpReason; why: string } | undefined {
  const { findings } = state.options;
  if (!findings || state.attempts) return undefined;
  for (const { level, field, message, remedy } of findings)
    if (level === "warning") engine.warnOnce("request-doubt", `${field}: ${message} ${remedy}`);
  const error = findings.find(({ level }) => level === "error");
  if (!error) return undefined;
  const { kind, field, message, remedy } = error;
  state.reported = { ...failureOf(kind, message, state.settings.rows), fields: [field] };
  return { reason: "preflight", why: `${field}: ${message} ${remedy} Nothing was sent` };
}
