export { instrument, type Instrumented } from "./instrument.ts";
export { type OtelOptions } from "./options.ts";
export { otelListener } from "./otel-listener.ts";
