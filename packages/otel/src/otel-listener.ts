import { type PolicyEvent } from "@holdfast/core";
import { metrics, trace } from "@opentelemetry/api";

import { instrumentsOf } from "./instruments.ts";
import { type OtelOptions } from "./options.ts";
import { Recorder } from "./recorder.ts";

/** The name under which tracers and meters are asked for. */
export const scopeName = "@holdfast/otel";

/** Makes the recorder of these options. */
export function recorderOf({ tracer, meter, operation }: OtelOptions): Recorder {
  return new Recorder({
    tracer: tracer ?? trace.getTracer(scopeName),
    instruments: instrumentsOf(meter ?? metrics.getMeter(scopeName)),
    operation,
  });
}

/**
 * Makes a listener that turns the events of one policy into spans and metrics: for `onEvent` or `policy.on`. Where the
 * policy itself can be wrapped, prefer `instrument`, which also puts what an attempt does below the attempt's span.
 */
export function otelListener(options: OtelOptions = {}): (event: PolicyEvent) => void {
  const recorder = recorderOf(options);
  return (event) => recorder.record(event);
}
