// General retry packages, as published, as their users write them around `@google/genai`.
import {
  ConsecutiveBreaker,
  ExponentialBackoff,
  type IPolicy,
  circuitBreaker,
  handleAll,
  retry,
  wrap,
} from "cockatiel";
import pRetry from "p-retry";

import { type Contender } from "../contender.ts";
import { asker } from "./by-hand.ts";

/** p-retry with its defaults and jitter: ten retries, 1 s doubling. */
export const pRetryUsual: Contender = {
  name: "p-retry",
  origin: "real",
  about: "p-retry 9: 5 retries, 1 s doubling, randomized; then the fallback",
  timers: true,
  start(setting) {
    const ask = asker(setting);
    const { fallback } = setting.scenario;
    return async (call, signal) => {
      const options = { retries: 5, minTimeout: 1_000, factor: 2, randomize: true, signal };
      try {
        return await pRetry(() => ask(call, { signal }), options);
      } catch (error) {
        if (fallback === undefined || signal.aborted) throw error;
        return pRetry(() => ask(call, { signal, model: fallback }), options);
      }
    };
  },
};

function resilient(): IPolicy {
  return wrap(
    retry(handleAll, { maxAttempts: 5, backoff: new ExponentialBackoff() }),
    circuitBreaker(handleAll, { halfOpenAfter: 10_000, breaker: new ConsecutiveBreaker(5) }),
  );
}

/** cockatiel: retry with exponential backoff around a circuit breaker, one policy for all calls of a model. */
export const cockatielUsual: Contender = {
  name: "cockatiel",
  origin: "real",
  about:
    "cockatiel 4: 5 retries with its exponential backoff around a breaker (5 in a row, 10 s); then the fallback",
  timers: true,
  start(setting) {
    const ask = asker(setting);
    const { fallback } = setting.scenario;
    const primaries = resilient();
    const fallbacks = resilient();
    return async (call, signal) => {
      try {
        return await primaries.execute(() => ask(call, { signal }), signal);
      } catch (error) {
        if (fallback === undefined || signal.aborted) throw error;
        return fallbacks.execute(() => ask(call, { signal, model: fallback }), signal);
      }
    };
  },
};
