import { type Usage } from "@holdfast/core";
import { type Attributes, type Histogram, type Meter } from "@opentelemetry/api";

import { durationBuckets, semantic, tokenBuckets } from "./semconv.ts";

/** What is measured. Durations are given in ms and recorded in seconds. */
export interface Instruments {
  call(duration: number, attributes: Attributes): void;
  firstChunk(duration: number, attributes: Attributes): void;
  attempt(duration: number, attributes: Attributes): void;
  wait(duration: number, attributes: Attributes): void;
  closure(attributes: Attributes): void;
  tokens(usage: Usage, attributes: Attributes): void;
  cost(cost: number, attributes: Attributes): void;
}

/** Makes the instruments of a meter. */
export function instrumentsOf(meter: Meter): Instruments {
  const seconds = (name: string, description: string): Histogram =>
    meter.createHistogram(name, {
      description,
      unit: "s",
      advice: { explicitBucketBoundaries: durationBuckets },
    });
  const calls = seconds("gen_ai.client.operation.duration", "GenAI operation duration.");
  const firstChunks = seconds(
    "gen_ai.client.operation.time_to_first_chunk",
    "Time to the first chunk of a streamed answer, waits and failed attempts included.",
  );
  const attempts = seconds("holdfast.attempt.duration", "Duration of single attempts.");
  const waits = seconds("holdfast.wait.duration", "How long calls waited between attempts.");
  const closures = meter.createCounter("holdfast.scope.closures", {
    description: "Scopes that were closed to all calls.",
    unit: "{closure}",
  });
  const tokens = meter.createHistogram("gen_ai.client.token.usage", {
    description: "Number of input and output tokens used, by failed attempts too.",
    unit: "{token}",
    advice: { explicitBucketBoundaries: tokenBuckets },
  });
  const cost = meter.createCounter("holdfast.cost", {
    description: "Cost by the prices that are known, of failed attempts too.",
    unit: "{USD}",
  });
  return {
    call: (duration, attributes) => calls.record(duration / 1_000, attributes),
    firstChunk: (duration, attributes) => firstChunks.record(duration / 1_000, attributes),
    attempt: (duration, attributes) => attempts.record(duration / 1_000, attributes),
    wait: (duration, attributes) => waits.record(duration / 1_000, attributes),
    closure: (attributes) => closures.add(1, attributes),
    cost: (more, attributes) => cost.add(more, attributes),
    tokens({ inputTokens, outputTokens }, attributes) {
      if (inputTokens !== undefined)
        tokens.record(inputTokens, { ...attributes, [semantic.tokenType]: "input" });
      if (outputTokens !== undefined)
        tokens.record(outputTokens, { ...attributes, [semantic.tokenType]: "output" });
    },
  };
}
