import { type PolicyEvent } from "@holdfast/core";
// From events to spans and measurements. A call is a span, its attempts are spans below it.
import {
  type Attributes,
  type Context,
  context,
  SpanKind,
  trace,
  type Tracer,
} from "@opentelemetry/api";

import { finishAttempt } from "./finish-attempt.ts";
import { finishCall } from "./finish-call.ts";
import { type Instruments } from "./instruments.ts";
import { addUsage, type EventOf, type OpenAttempt, type OpenCall } from "./open-call.ts";
import { providerName, scopeType, semantic } from "./semconv.ts";

/** Calls that are remembered; an application that never reads its streams must not fill the memory. */
const mostCalls = 10_000;

type Handlers = { [Type in PolicyEvent["type"]]?: (event: EventOf<Type>) => void };

/** What a recorder works with. */
export interface RecorderParts {
  tracer: Tracer;
  instruments: Instruments;
  operation: string | undefined;
}

/** Turns the events of a policy into spans and measurements. */
export class Recorder {
  readonly #parts: RecorderParts;
  readonly #calls: Map<number, OpenCall> = new Map();
  /** What the board learned since the last event of a call: the end of the attempt that taught it comes next. */
  #learned: PolicyEvent[] = [];
  #latest: { target: string; attempt: number; context: Context } | undefined;
  #hedge: { call: number; attempt: number } | undefined;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  /** Takes in one event. */
  record(event: PolicyEvent): void {
    const handle = this.#handlers[event.type] as ((event: PolicyEvent) => void) | undefined;
    handle?.(event);
    if ("call" in event) this.#learned = [];
  }

  /** The context of an attempt that has just started; what is active where it is another's. */
  contextOf(target: string, attempt: number): Context {
    const latest = this.#latest;
    return latest?.target === target && latest.attempt === attempt
      ? latest.context
      : context.active();
  }

  readonly #handlers: Handlers = {
    "call-start": (event) => this.#begin(event),
    "attempt-start": (event) => this.#attempt(event),
    "attempt-end": (event) => this.#attemptEnd(event),
    "attempt-settled": (event) => this.#settled(event),
    "hedge-start": ({ call, attempt }) => {
      this.#hedge = { call, attempt };
    },
    decision: (event) => this.#decision(event),
    "wait-start": ({ at, call, delay, why }) =>
      this.#note(call, at, {
        name: "holdfast.wait",
        attributes: {
          "holdfast.reason": why,
          // For ever, where nobody knows: an attribute cannot say that.
          ...(delay < Infinity ? { "holdfast.delay": delay / 1_000 } : {}),
        },
      }),
    "wait-end": ({ at, call, duration }) => {
      this.#note(call, at, {
        name: "holdfast.wait.end",
        attributes: { "holdfast.duration": duration / 1_000 },
      });
      const open = this.#calls.get(call);
      if (open) this.#parts.instruments.wait(duration, open.labels);
    },
    "call-end": (event) => this.#callEnd(event),
    "scope-close": (event) => {
      this.#learned.push(event);
      this.#parts.instruments.closure({
        "holdfast.scope.type": scopeType(event.scope),
        "holdfast.scope.sure": event.sure,
        [semantic.errorType]: event.kind,
      });
    },
    "scope-open": (event) => void this.#learned.push(event),
    "quota-learned": (event) => void this.#learned.push(event),
  };

  #decision({ at, call, action, why, target, delay }: EventOf<"decision">): void {
    // A call that decides after its end goes on, since its stream broke.
    delete this.#calls.get(call)?.end;
    this.#note(call, at, {
      name: "holdfast.decision",
      attributes: {
        "holdfast.action": action,
        "holdfast.reason": why,
        "holdfast.target": target,
        ...(delay === undefined ? {} : { "holdfast.delay": delay / 1_000 }),
      },
    });
  }

  #begin(event: {
    at: number;
    call: number;
    model: string;
    targets?: readonly string[];
    streaming?: boolean;
    sameModel?: boolean;
  }): OpenCall {
    const { at, call, model, targets, streaming = false, sameModel = false } = event;
    const operation = this.#parts.operation ?? (sameModel ? "embeddings" : "generate_content");
    const labels: Attributes = {
      [semantic.operation]: operation,
      [semantic.provider]: providerName("google"),
      ...(model ? { [semantic.requestModel]: model } : {}),
    };
    const attributes: Attributes = {
      ...labels,
      ...(streaming ? { [semantic.requestStream]: true } : {}),
      ...(targets ? { "holdfast.targets": [...targets] } : { "holdfast.resumed": true }),
    };
    const parent = context.active();
    const name = model ? `${operation} ${model}` : operation;
    const span = this.#parts.tracer.startSpan(
      name,
      { kind: SpanKind.CLIENT, startTime: at, attributes },
      parent,
    );
    const open: OpenCall = {
      span,
      context: trace.setSpan(parent, span),
      startedAt: at,
      labels,
      operation,
      streaming,
      attempts: new Map(),
      usage: {},
    };
    this.#calls.set(call, open);
    if (this.#calls.size > mostCalls) this.#abandonOldest(at);
    return open;
  }

  #abandonOldest(at: number): void {
    for (const [call, { span, attempts }] of this.#calls) {
      for (const attempt of attempts.values()) attempt.span.end(at);
      span.setAttribute("holdfast.abandoned", true).end(at);
      this.#calls.delete(call);
      return;
    }
  }

  #attempt(event: EventOf<"attempt-start">): void {
    const { at, call, target, model, account, attempt, attemptAtTarget } = event;
    // A call whose stream broke after its end goes on: that is a span of its own.
    const open = this.#calls.get(call) ?? this.#begin({ at, call, model });
    const provider = providerName(event.provider);
    open.labels[semantic.provider] = provider;
    open.span.setAttribute(semantic.provider, provider);
    const labels: Attributes = {
      [semantic.provider]: provider,
      [semantic.requestModel]: model,
      "holdfast.account": account,
    };
    const hedge = this.#hedge?.call === call && this.#hedge.attempt === attempt;
    const span = this.#parts.tracer.startSpan(
      `attempt ${model}`,
      {
        kind: SpanKind.CLIENT,
        startTime: at,
        attributes: {
          ...labels,
          "holdfast.target": target,
          "holdfast.attempt": attempt,
          "holdfast.attempt_at_target": attemptAtTarget,
          ...(hedge ? { "holdfast.hedge": true } : {}),
        },
      },
      open.context,
    );
    const own = trace.setSpan(open.context, span);
    open.attempts.set(attempt, { span, context: own, startedAt: at, labels, settles: false });
    this.#latest = { target, attempt, context: own };
  }

  #attemptEnd(event: EventOf<"attempt-end">): void {
    const open = this.#calls.get(event.call);
    const attempt = open?.attempts.get(event.attempt);
    if (!open || !attempt) return;
    if (event.failure) open.failed = event.failure.kind;
    else open.serving = event.attempt;
    attempt.settles = event.settles ?? false;
    if (attempt.settles) attempt.span.addEvent("holdfast.first_content", {}, event.at);
    else this.#close(open, attempt, event);
  }

  #settled(event: EventOf<"attempt-settled">): void {
    const open = this.#calls.get(event.call);
    const attempt = open?.attempts.get(event.attempt);
    if (!open || !attempt) return;
    if (event.failure) open.late = { attempt: event.attempt, kind: event.failure.kind };
    this.#close(open, attempt, event);
    this.#finish(event.call, open, event.at);
  }

  #close(
    open: OpenCall,
    attempt: OpenAttempt,
    event: EventOf<"attempt-end" | "attempt-settled">,
  ): void {
    addUsage(open.usage, event.usage);
    if (event.cost !== undefined) open.cost = (open.cost ?? 0) + event.cost;
    open.attempts.delete(event.attempt);
    const served = event.modelVersion ?? attempt.labels[semantic.requestModel];
    if (!event.failure && served !== undefined) open.labels[semantic.responseModel] = served;
    finishAttempt(attempt, event, {
      instruments: this.#parts.instruments,
      operation: open.operation,
      learned: this.#learned,
    });
  }

  #callEnd(event: EventOf<"call-end">): void {
    const open = this.#calls.get(event.call);
    if (!open) return;
    open.end = event;
    for (const [number, attempt] of open.attempts) {
      if (attempt.settles && event.outcome === "answered") continue;
      // Nobody tells how it ended: the caller left, or another attempt was faster.
      attempt.span.setAttribute("holdfast.outcome", "superseded").end(event.at);
      open.attempts.delete(number);
    }
    this.#finish(event.call, open, event.at);
  }

  #finish(call: number, open: OpenCall, at: number): void {
    if (!open.end || open.attempts.size) return;
    this.#calls.delete(call);
    finishCall(open, open.end, { at, instruments: this.#parts.instruments });
  }

  #note(call: number, at: number, note: { name: string; attributes: Attributes }): void {
    this.#calls.get(call)?.span.addEvent(note.name, note.attributes, at);
  }
}
