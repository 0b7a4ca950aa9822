import { type FailureKind, type PolicyEvent, type Usage } from "@holdfast/core";
import { type Attributes, type Context, type Span } from "@opentelemetry/api";

/** An event of one type. */
export type EventOf<Type extends PolicyEvent["type"]> = PolicyEvent & { type: Type };

/** An attempt that is under way, or a stream that is being read. */
export interface OpenAttempt {
  span: Span;
  context: Context;
  startedAt: number;
  /** What its measurements carry. */
  labels: Attributes;
  /** Its value outlives it: it is over when it has settled. */
  settles: boolean;
}

/** A call that is not over. */
export interface OpenCall {
  span: Span;
  context: Context;
  startedAt: number;
  /** What its measurements carry. */
  labels: Attributes;
  operation: string;
  streaming: boolean;
  attempts: Map<number, OpenAttempt>;
  usage: Usage;
  cost?: number;
  /** The attempt that served last, and how it failed after its first content. */
  serving?: number;
  late?: { attempt: number; kind: FailureKind };
  /** What the last failed attempt failed with. */
  failed?: FailureKind;
  /** How it ended; the span stays open while its stream is read. */
  end?: EventOf<"call-end">;
}

/** Adds tokens up; what nobody counted stays unknown. */
export function addUsage(total: Usage, usage: Usage | undefined): void {
  for (const part of ["inputTokens", "outputTokens"] as const) {
    const more = usage?.[part];
    if (more !== undefined) total[part] = (total[part] ?? 0) + more;
  }
}
