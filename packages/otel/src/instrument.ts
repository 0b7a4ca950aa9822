import { type Call, type Executed, type Policy } from "@holdfast/core";
import {
  type Attributes,
  context,
  metrics,
  type ObservableGauge,
  type ObservableResult,
} from "@opentelemetry/api";

import { type OtelOptions } from "./options.ts";
import { recorderOf, scopeName } from "./otel-listener.ts";
import { type Recorder } from "./recorder.ts";
import { scopeType, semantic } from "./semconv.ts";

/** What an instrumented policy has besides. */
export interface Instrumented {
  /** Ends the telemetry; the policy stays usable. */
  uninstrument(): void;
}

/**
 * Watches a policy with OpenTelemetry: a span per call in the semantic conventions for generative AI, a span per
 * attempt below it, and metrics. Answers the policy to be used from then on: what its attempts do, such as an HTTP
 * request, stands below the span of the attempt. Policies that derive from it are watched as well.
 */
export function instrument<Watched extends Policy>(
  policy: Watched,
  options: OtelOptions = {},
): Watched & Instrumented {
  const recorder = recorderOf(options);
  const end = policy.on((event) => recorder.record(event));
  const stopGauges = observe(policy, options);
  const uninstrument = (): void => {
    end();
    stopGauges();
  };
  return Object.assign(wrapped(policy, recorder), { uninstrument });
}

/** The same policy, whose attempts run in the context of their spans. */
function wrapped<Watched extends Policy>(policy: Watched, recorder: Recorder): Watched {
  const inContext =
    <T>(call: Call<T>): Call<T> =>
    (target, attempt) =>
      context.with(recorder.contextOf(target.name, attempt.attempt), () => call(target, attempt));
  const resumable = <T>(executed: Executed<T>): Executed<T> => ({
    ...executed,
    resume: async (call, error) => resumable(await executed.resume(inContext(call), error)),
  });
  const changed: Pick<Policy, "execute" | "with"> = {
    execute: async (call, callOptions) =>
      resumable(await policy.execute(inContext(call), callOptions)),
    with: (more) => wrapped(policy.with(more), recorder),
  };
  // Inherits, since a policy that follows its file answers other settings over time.
  return Object.assign(Object.create(policy) as Watched, changed);
}

/** Reports what is closed and who waits, whenever metrics are collected. */
function observe(policy: Policy, { meter = metrics.getMeter(scopeName) }: OtelOptions): () => void {
  const closed = meter.createObservableGauge("holdfast.scopes.closed", {
    description: "Scopes that are closed now.",
    unit: "{scope}",
  });
  const waiting = meter.createObservableGauge("holdfast.calls.waiting", {
    description: "Calls that wait for a target to open.",
    unit: "{call}",
  });
  const gauges: [ObservableGauge, (result: ObservableResult) => void][] = [
    [closed, closedCounter(policy)],
    [waiting, (result) => result.observe(policy.status().waiting)],
  ];
  for (const [gauge, callback] of gauges) gauge.addCallback(callback);
  return () => {
    for (const [gauge, callback] of gauges) gauge.removeCallback(callback);
  };
}

/** Makes a function that reports the closed scopes by type and kind. */
function closedCounter(policy: Policy): (result: ObservableResult) => void {
  // Kept, since an SDK repeats the last value of a series that is not observed any more; types and kinds are few.
  const series = new Map<string, { count: number; attributes: Attributes }>();
  return (result) => {
    for (const one of series.values()) one.count = 0;
    for (const { scope, kind } of policy.status().closed) {
      const attributes = { "holdfast.scope.type": scopeType(scope), [semantic.errorType]: kind };
      const key = Object.values(attributes).join(" ");
      const one = series.get(key) ?? { count: 0, attributes };
      one.count += 1;
      series.set(key, one);
    }
    for (const { count, attributes } of series.values()) result.observe(count, attributes);
  };
}
