// The AI SDK as people use it, and its two packages for retries and fallbacks, all as published.
import { createGoogle } from "@ai-sdk/google";
import { type LanguageModelV4 } from "@ai-sdk/provider";
import { generateText, streamText } from "ai";
import { createFallback } from "ai-fallback";
import { createRetryableModel, error as failing, httpStatus } from "ai-retry/language-model";

import { type Arrival } from "../arrivals.ts";
import { type Contender, PartialError, type Serve, type Setting } from "../contender.ts";
import { geminiFetch, keyOf, promptOf } from "./gemini-fetch.ts";

interface Models {
  primary: LanguageModelV4;
  fallback: LanguageModelV4 | undefined;
}

/** One lasting model per key, made by `wrap`; calls take the keys in turn. */
function modelsOf(
  setting: Setting,
  wrap: (models: Models) => LanguageModelV4,
): (call: Arrival) => LanguageModelV4 {
  const { scenario } = setting;
  const fetch = geminiFetch(setting);
  const ofKeys = scenario.keys.map(({ account }) => {
    const google = createGoogle({ apiKey: keyOf(account), fetch });
    const make = (name: string): LanguageModelV4 => {
      const fallback = scenario.fallback === undefined ? undefined : google(scenario.fallback);
      return wrap({ primary: google(name), fallback });
    };
    return { usual: make(scenario.model), make };
  });
  return (call) => {
    const ofKey = ofKeys[call.id % ofKeys.length];
    if (!ofKey) throw new Error("a scenario has at least one key");
    return call.model === undefined ? ofKey.usual : ofKey.make(call.model);
  };
}

/** How one model is called by the AI SDK. */
interface Way {
  modelOf: (call: Arrival) => LanguageModelV4;
  /** The SDK's own default where it is absent. */
  maxRetries?: number;
}

function generating({ modelOf, maxRetries }: Way): Serve {
  return async (call, abortSignal) => {
    const { text } = await generateText({
      model: modelOf(call),
      prompt: promptOf(call),
      abortSignal,
      ...(maxRetries === undefined ? {} : { maxRetries }),
    });
    return text;
  };
}

/** Reads a text stream to its end; `chunkMs` where the scenario gives a stall timeout and the SDK is to watch it. */
export function streaming({ modelOf, maxRetries }: Way, chunkMs?: number): Serve {
  return async (call, abortSignal) => {
    let text = "";
    const { fullStream } = streamText({
      model: modelOf(call),
      prompt: promptOf(call),
      abortSignal,
      onError() {},
      ...(maxRetries === undefined ? {} : { maxRetries }),
      ...(chunkMs === undefined ? {} : { timeout: { chunkMs } }),
    });
    for await (const part of fullStream) {
      if (part.type === "text-delta") text += part.text;
      if (part.type === "error") throw new PartialError(text, part.error);
      if (part.type === "abort") throw new PartialError(text, abortSignal.reason);
    }
    return text;
  };
}

/** Both ways of calling a kind of wrapped model. */
function ways(
  wrap: (models: Models) => LanguageModelV4,
  maxRetries?: number,
): Required<Pick<Contender, "start" | "stream">> {
  const way = (setting: Setting): Way => ({
    modelOf: modelsOf(setting, wrap),
    ...(maxRetries === undefined ? {} : { maxRetries }),
  });
  return {
    start: (setting) => generating(way(setting)),
    stream: (setting) => streaming(way(setting), setting.scenario.stallTimeout),
  };
}

/** `generateText` with its default `maxRetries`. */
export const aiSdk: Contender = {
  name: "ai-sdk",
  origin: "real",
  about: "ai 7 and @ai-sdk/google 4: generateText with its default maxRetries 2",
  timers: true,
  ...ways(({ primary }) => primary),
};

/** The configuration of its README: switch on overload, retry with backoff what is retryable. */
export const aiRetry: Contender = {
  name: "ai-retry",
  origin: "real",
  about: "ai-retry 2.4: retryable errors again after 1, 2 s, 503 and 429 switch to the fallback",
  timers: true,
  ...ways(
    ({ primary, fallback }) =>
      createRetryableModel({
        model: primary,
        retries: [
          failing.isRetryable(true).retry({ delay: 1_000, backoffFactor: 2, maxAttempts: 3 }),
          ...(fallback ? [httpStatus(429, 503).switch({ model: fallback })] : []),
        ],
      }),
    0,
  ),
};

/** Its README's example, one lasting model, under the AI SDK's own retries. */
export const aiFallback: Contender = {
  name: "ai-fallback",
  origin: "real",
  about: "ai-fallback 3: models in order, under the AI SDK's default maxRetries 2",
  timers: true,
  ...ways(({ primary, fallback }) =>
    createFallback({ models: fallback ? [primary, fallback] : [primary] }),
  ),
};
