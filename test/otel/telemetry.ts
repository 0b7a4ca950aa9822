import {
  type Attributes,
  context,
  type Meter,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";

/** A span as tests look at it. */
export interface SpanSeen {
  name: string;
  /** The name of the span above it. */
  parent: string | undefined;
  /** Ms. */
  duration: number;
  attributes: Attributes;
  failed: boolean;
  events: { name: string; attributes: Attributes | undefined }[];
}

/** A measurement as tests look at it: what was counted, or how often and in all. */
interface Measured {
  attributes: Attributes;
  value: unknown;
}

/** A reader that reads when a test asks it to. */
class ManualReader extends MetricReader {
  protected async onShutdown(): Promise<void> {}
  protected async onForceFlush(): Promise<void> {}
}

/** An SDK that keeps what it is told. */
export interface Telemetry {
  tracer: Tracer;
  meter: Meter;
  spans(): SpanSeen[];
  metric(name: string): Promise<Measured[]>;
  /** Everything, as it would leave the process. */
  everything(): Promise<string>;
}

const ms = ([seconds, nanos]: readonly [number, number]): number => seconds * 1_000 + nanos / 1e6;

/** Makes an SDK, and lets contexts follow promises. */
export function createTelemetry(): Telemetry {
  context.disable();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const exporter = new InMemorySpanExporter();
  const tracers = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const reader = new ManualReader();
  const meters = new MeterProvider({ readers: [reader] });
  const finished = (): ReadableSpan[] => exporter.getFinishedSpans();
  return {
    tracer: tracers.getTracer("test"),
    meter: meters.getMeter("test"),
    spans() {
      const names = new Map(finished().map((span) => [span.spanContext().spanId, span.name]));
      return finished().map((span) => ({
        name: span.name,
        parent: names.get(span.parentSpanContext?.spanId ?? ""),
        duration: Math.round(ms(span.duration)),
        attributes: span.attributes,
        failed: span.status.code === SpanStatusCode.ERROR,
        events: span.events.map(({ name, attributes }) => ({ name, attributes })),
      }));
    },
    async metric(name) {
      const { resourceMetrics } = await reader.collect();
      return resourceMetrics.scopeMetrics
        .flatMap(({ metrics }) => metrics)
        .filter(({ descriptor }) => descriptor.name === name)
        .flatMap(({ dataPoints }): Measured[] => [...dataPoints])
        .map(({ attributes, value }) => ({ attributes, value }));
    },
    async everything() {
      const { resourceMetrics } = await reader.collect();
      const plain = finished().map(({ name, attributes, events, status }) => ({
        name,
        attributes,
        events,
        status,
      }));
      return JSON.stringify([plain, resourceMetrics.scopeMetrics]);
    },
  };
}

/** Runs `work` in a span of the caller's own. */
export function inSpan<T>(tracer: Tracer, work: () => Promise<T>): Promise<T> {
  return tracer.startActiveSpan("request", async (span) => {
    try {
      return await work();
    } finally {
      span.end();
    }
  });
}

/** The name of the span that is active. */
export const activeSpan = (): string | undefined =>
  (trace.getActiveSpan() as { name?: string } | undefined)?.name;
