import { type Attributes, SpanStatusCode } from "@opentelemetry/api";

import { type Instruments } from "./instruments.ts";
import { type EventOf, type OpenCall } from "./open-call.ts";
import { semantic } from "./semconv.ts";

/** How a call ended, its stream included: the type of its error, and in words. */
function errorOf(
  { late, serving, failed }: OpenCall,
  { outcome, reason }: EventOf<"call-end">,
): { type: string; message?: string } | undefined {
  if (outcome === "cancelled") return { type: "cancelled" };
  if (outcome === "degraded")
    return { type: failed ?? "degraded", message: "answered by the last resort" };
  if (outcome === "gave-up") return { type: failed ?? reason ?? "_OTHER", message: reason ?? "" };
  if (late === undefined || late.attempt !== serving) return undefined;
  if (late.kind === "cancelled") return { type: "cancelled" };
  return { type: late.kind, message: "the stream broke after its first content" };
}

/** Ends the span of a call and measures it. */
export function finishCall(
  open: OpenCall,
  end: EventOf<"call-end">,
  { at, instruments }: { at: number; instruments: Instruments },
): void {
  const { span, usage, cost, labels, startedAt, streaming } = open;
  const error = errorOf(open, end);
  const shared: Attributes = { ...labels, ...(error ? { [semantic.errorType]: error.type } : {}) };
  span.setAttributes({
    ...shared,
    "holdfast.outcome": end.outcome,
    "holdfast.attempts": end.attempts,
    ...(end.target === undefined ? {} : { "holdfast.target": end.target }),
    ...(end.reason === undefined ? {} : { "holdfast.reason": end.reason }),
    ...(usage.inputTokens === undefined ? {} : { [semantic.inputTokens]: usage.inputTokens }),
    ...(cost === undefined ? {} : { "holdfast.cost": cost }),
    ...(usage.outputTokens === undefined ? {} : { [semantic.outputTokens]: usage.outputTokens }),
  });
  if (streaming && end.outcome === "answered") {
    span.setAttribute(semantic.timeToFirstChunk, end.duration / 1_000);
    instruments.firstChunk(end.duration, labels);
  }
  if (error?.message !== undefined)
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  span.end(at);
  instruments.call(at - startedAt, shared);
}
