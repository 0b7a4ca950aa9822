// The AI SDK as people use it, and its two packages for retries and fallbacks, all as published.
import { createGoogle } from "@ai-sdk/google";
import { type LanguageModelV4 } from "@ai-sdk/provider";
import { generateText } from "ai";
import { createFallback } from "ai-fallback";
import { createRetryableModel, error as failing, httpStatus } from "ai-retry/language-model";

import { type Contender, type Serve, type Setting } from "../contender.ts";
import { geminiFetch, keyOf, promptOf } from "./gemini-fetch.ts";

interface Models {
  primary: LanguageModelV4;
  fallback: LanguageModelV4 | undefined;
}

/** Calls take the scenario's keys in turn; `wrap` makes one lasting model out of those of a key. */
function perKey(
  setting: Setting,
  maxRetries: number,
  wrap: (models: Models) => LanguageModelV4,
): Serve {
  const { scenario } = setting;
  const fetch = geminiFetch(setting);
  const models = scenario.keys.map(({ account }) => {
    const google = createGoogle({ apiKey: keyOf(account), fetch });
    const make = (name: string): LanguageModelV4 => {
      const fallback = scenario.fallback === undefined ? undefined : google(scenario.fallback);
      return wrap({ primary: google(name), fallback });
    };
    return { usual: make(scenario.model), make };
  });
  return async (call, abortSignal) => {
    const ofKey = models[call.id % models.length];
    if (!ofKey) throw new Error("a scenario has at least one key");
    const model = call.model === undefined ? ofKey.usual : ofKey.make(call.model);
    const { text } = await generateText({ model, prompt: promptOf(call), maxRetries, abortSignal });
    return text;
  };
}

/** `generateText` with its default `maxRetries`. */
export const aiSdk: Contender = {
  name: "ai-sdk",
  origin: "real",
  about: "ai 7 and @ai-sdk/google 4: generateText with its default maxRetries 2",
  timers: true,
  start: (setting) => perKey(setting, 2, ({ primary }) => primary),
};

/** The configuration of its README: switch on overload, retry with backoff what is retryable. */
export const aiRetry: Contender = {
  name: "ai-retry",
  origin: "real",
  about: "ai-retry 2.4: retryable errors again after 1, 2 s, 503 and 429 switch to the fallback",
  timers: true,
  start: (setting) =>
    perKey(setting, 0, ({ primary, fallback }) =>
      createRetryableModel({
        model: primary,
        retries: [
          failing.isRetryable(true).retry({ delay: 1_000, backoffFactor: 2, maxAttempts: 3 }),
          ...(fallback ? [httpStatus(429, 503).switch({ model: fallback })] : []),
        ],
      }),
    ),
};

/** Its README's example, one lasting model, under the AI SDK's own retries. */
export const aiFallback: Contender = {
  name: "ai-fallback",
  origin: "real",
  about: "ai-fallback 3: models in order, under the AI SDK's default maxRetries 2",
  timers: true,
  start: (setting) =>
    perKey(setting, 2, ({ primary, fallback }) =>
      createFallback({ models: fallback ? [primary, fallback] : [primary] }),
    ),
};
