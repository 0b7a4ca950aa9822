import { type Meter, type Tracer } from "@opentelemetry/api";

/** What telemetry can be told. */
export interface OtelOptions {
  /** @default the one of the global tracer provider, named `@holdfast/otel` */
  tracer?: Tracer;
  /** @default the one of the global meter provider, named `@holdfast/otel` */
  meter?: Meter;
  /** `gen_ai.operation.name` of calls. @default "generate_content"; "embeddings" for calls bound to their model */
  operation?: string;
}
