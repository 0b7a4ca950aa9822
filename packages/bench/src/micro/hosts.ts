// What the adapter adds to the AI SDK, beside other wrappers.
import { type LanguageModelV4, type LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { holdfastModel } from "@holdfast/ai-sdk";
import { createPolicy } from "@holdfast/core";
import { generateText } from "ai";
import { createFallback } from "ai-fallback";
import { createRetryableModel } from "ai-retry/language-model";

import { type Comparison } from "./interleave.ts";

const usage = {
  inputTokens: { total: 3, noCache: 3, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 1, text: 1, reasoning: undefined },
};
const finishReason = { unified: "stop" as const, raw: "STOP" };

const deltas = 64;
const parts: LanguageModelV4StreamPart[] = [
  { type: "stream-start", warnings: [] },
  { type: "text-start", id: "0" },
  ...Array.from({ length: deltas }, () => ({
    type: "text-delta" as const,
    id: "0",
    delta: "tok ",
  })),
  { type: "text-end", id: "0" },
  { type: "finish", finishReason, usage },
];

function mock(modelId: string): LanguageModelV4 {
  return {
    specificationVersion: "v4",
    provider: "mock",
    modelId,
    supportedUrls: {},
    doGenerate: () =>
      Promise.resolve({
        content: [{ type: "text", text: "ok" }],
        finishReason,
        usage,
        warnings: [],
      }),
    doStream() {
      let next = 0;
      const stream = new ReadableStream<LanguageModelV4StreamPart>(
        {
          pull(controller) {
            const part = parts[next];
            next += 1;
            if (part) controller.enqueue(part);
            else controller.close();
          },
        },
        { highWaterMark: 0 },
      );
      return Promise.resolve({ stream });
    },
  };
}

const [first, second] = [mock("first"), mock("second")];
const held = holdfastModel(createPolicy(), [first, second]);
const retryable = createRetryableModel({ model: first, retries: [second] });
const fallback = createFallback({ models: [first, second] });
const options = {
  prompt: [{ role: "user" as const, content: [{ type: "text" as const, text: "hi" }] }],
};

const models: readonly { name: string; model: LanguageModelV4 }[] = [
  { name: "bare model", model: first },
  { name: "holdfast", model: held },
  { name: "ai-retry", model: retryable },
  { name: "ai-fallback", model: fallback },
];

/** One generation through the provider interface of the AI SDK. */
export const generation: Comparison = {
  name: "AI SDK: model.doGenerate",
  peer: "ai-retry",
  times: 2_000,
  cases: models.map(({ name, model }) => ({ name, run: () => model.doGenerate(options) })),
};

/** One generation through the whole SDK. */
export const wholeGeneration: Comparison = {
  name: "AI SDK: generateText",
  peer: "ai-retry",
  times: 200,
  cases: models.map(({ name, model }) => ({
    name,
    run: () => generateText({ model, prompt: "hi", maxRetries: 0 }),
  })),
};

async function drain(model: LanguageModelV4): Promise<void> {
  const { stream } = await model.doStream(options);
  const reader = stream.getReader();
  while (!(await reader.read()).done);
}

/** A streamed part. */
export const streamedPart: Comparison = {
  name: "AI SDK: one streamed part",
  peer: "ai-retry",
  times: 200,
  units: parts.length,
  cases: models.map(({ name, model }) => ({ name, run: () => drain(model) })),
};
