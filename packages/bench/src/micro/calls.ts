// What a call costs that meets no trouble, and one that falls back.
import { ApiError } from "@google/genai";
import { classify, createPolicy } from "@holdfast/core";
import {
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  fallback,
  handleAll,
  retry,
  timeout,
  TimeoutStrategy,
  wrap,
} from "cockatiel";
import { Effect, Schedule } from "effect";
import pRetry from "p-retry";

import { quotaRefusal, refusal } from "../world/refusals.ts";
import { askGeminiCli } from "./gemini-cli-port.ts";
import { type Comparison } from "./interleave.ts";

const answer = { text: "ok" };
const answering = (): Promise<typeof answer> => Promise.resolve(answer);

const handled = retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() });
const guarded = wrap(
  handled,
  circuitBreaker(handleAll, { halfOpenAfter: 10_000, breaker: new ConsecutiveBreaker(5) }),
  timeout(300_000, TimeoutStrategy.Aggressive),
  bulkhead(1_000),
);
const usual = createPolicy();
const call = { model: "gemini-2.5-pro" };

const effect = Effect.tryPromise(answering).pipe(
  Effect.timeout("5 minutes"),
  Effect.retry({ times: 3, schedule: Schedule.exponential("1 second") }),
);

/** A call that is answered at once. */
export const happyPath: Comparison = {
  name: "a call that is answered at once",
  peer: "cockatiel: retry, breaker, timeout, bulkhead",
  times: 3_000,
  cases: [
    { name: "bare async function", run: answering },
    { name: "holdfast: policy.execute", run: () => usual.execute(answering, call) },
    { name: "cockatiel: retry", run: () => handled.execute(answering) },
    {
      name: "cockatiel: retry, breaker, timeout, bulkhead",
      run: () => guarded.execute(answering),
    },
    { name: "effect: timeout and retry", run: () => Effect.runPromise(effect) },
    { name: "p-retry", run: () => pRetry(answering, { retries: 3 }) },
  ],
};

const { status, body } = refusal("overload", "gemini-2.5-pro");
const overloaded = new ApiError({ status, message: body });
const failing = (): Promise<never> => Promise.reject(overloaded);

const falling = createPolicy({
  fallbacks: { "gemini-2.5-pro": ["gemini-2.5-flash"] },
  rules: { "capacity-exhausted": { attempts: 1 } },
  breaker: false,
});
const fallen = fallback(handleAll, answering);

/** The first model fails at once, the second answers at once. */
export const fallbackPath: Comparison = {
  name: "a call whose first model fails and whose fallback answers",
  peer: "cockatiel: fallback",
  times: 1_000,
  cases: [
    {
      name: "holdfast: policy.execute",
      run: () => falling.execute(({ rank }) => (rank ? answering() : failing()), call),
    },
    { name: "cockatiel: fallback", run: () => fallen.execute(failing) },
  ],
};

const full = quotaRefusal("rpm", { limit: 10, wait: 34_074.824, model: "gemini-2.5-pro" });
const refused = new ApiError({ status: full.status, message: full.body });

const unreachable = new TypeError("fetch failed", {
  cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", syscall: "read" }),
});

/** What an error is: a refusal by a quota, an overload, a connection that failed. */
export const classification: Comparison = {
  name: "classification of a failure",
  peer: "gemini-cli (port): a quota's refusal",
  times: 1_000,
  cases: [
    { name: "holdfast: a quota's refusal", run: () => classify(refused) },
    { name: "gemini-cli (port): a quota's refusal", run: () => askGeminiCli(refused) },
    { name: "holdfast: an overload", run: () => classify(overloaded) },
    { name: "gemini-cli (port): an overload", run: () => askGeminiCli(overloaded) },
    { name: "holdfast: a network error", run: () => classify(unreachable) },
    { name: "gemini-cli (port): a network error", run: () => askGeminiCli(unreachable) },
    { name: "JSON.parse of the refusal's body", run: (): unknown => JSON.parse(full.body) },
  ],
};
