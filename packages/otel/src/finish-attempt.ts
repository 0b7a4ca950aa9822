import { type Failure, type PolicyEvent } from "@holdfast/core";
import { type Span, SpanStatusCode } from "@opentelemetry/api";

import { type Instruments } from "./instruments.ts";
import { type EventOf, type OpenAttempt } from "./open-call.ts";
import { semantic } from "./semconv.ts";

/** Ends the span of an attempt and measures it. */
export function finishAttempt(
  { span, startedAt, labels }: OpenAttempt,
  { at, failure, usage, cost, modelVersion }: EventOf<"attempt-end" | "attempt-settled">,
  parts: {
    instruments: Instruments;
    operation: string;
    learned: readonly PolicyEvent[];
  },
): void {
  const { instruments, operation } = parts;
  for (const event of parts.learned) tell(span, event, failure);
  const own = {
    ...labels,
    ...(modelVersion === undefined ? {} : { [semantic.responseModel]: modelVersion }),
    ...(failure ? { [semantic.errorType]: failure.kind } : {}),
  };
  span.setAttributes(own);
  if (failure) blame(span, failure);
  span.end(at);
  instruments.attempt(at - startedAt, own);
  const used = {
    [semantic.operation]: operation,
    ...labels,
    ...(modelVersion === undefined ? {} : { [semantic.responseModel]: modelVersion }),
  };
  if (usage) instruments.tokens(usage, used);
  if (cost !== undefined) instruments.cost(cost, used);
}

function blame(span: Span, { kind, message, status, retryAfter }: Failure): void {
  if (status !== undefined) span.setAttribute(semantic.statusCode, status);
  if (retryAfter !== undefined) span.setAttribute("holdfast.retry_after", retryAfter / 1_000);
  // Who left is no error.
  if (kind !== "cancelled") span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** What the board learned from an attempt. */
function tell(span: Span, event: PolicyEvent, failure: Failure | undefined): void {
  if (event.type === "scope-close" && event.kind === failure?.kind)
    span.addEvent(
      "holdfast.scope.close",
      {
        "holdfast.scope": event.scope,
        "holdfast.scope.sure": event.sure,
        "holdfast.opens_in": event.opensIn / 1_000,
      },
      event.at,
    );
  if (event.type === "scope-open" && !failure)
    span.addEvent("holdfast.scope.open", { "holdfast.scope": event.scope }, event.at);
  if (event.type === "quota-learned" && failure)
    span.addEvent(
      "holdfast.quota.learned",
      {
        "holdfast.domain": event.domain,
        "holdfast.metric": event.metric,
        "holdfast.limit": event.limit,
      },
      event.at,
    );
}
