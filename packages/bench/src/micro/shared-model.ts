// What becomes of calls that share one model object, as an application's modules do, while its first target is down.
import {
  APICallError,
  type LanguageModelV4,
  type LanguageModelV4StreamPart,
} from "@ai-sdk/provider";
import { holdfastModel } from "@holdfast/ai-sdk";
import { createPolicy } from "@holdfast/core";
import { generateText, streamText } from "ai";
import { createFallback } from "ai-fallback";
import { createRetryableModel } from "ai-retry/language-model";

import { chance } from "../random.ts";

/** The calls of one wrapper that were made at the same time. */
export interface SharedModelLoss {
  name: string;
  host: "generateText" | "streamText";
  concurrent: number;
  /** Share of the calls that ended without the healthy target's answer, of 0 to 1. */
  lost: number;
}

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 1, text: 1, reasoning: undefined },
};
const finishReason = { unified: "stop" as const, raw: "STOP" };
const parts: readonly LanguageModelV4StreamPart[] = [
  { type: "stream-start", warnings: [] },
  { type: "text-start", id: "0" },
  { type: "text-delta", id: "0", delta: "ok" },
  { type: "text-end", id: "0" },
  { type: "finish", finishReason, usage },
];

function target(
  modelId: string,
  answers: Pick<LanguageModelV4, "doGenerate" | "doStream">,
): LanguageModelV4 {
  return { specificationVersion: "v4", provider: "mock", modelId, supportedUrls: {}, ...answers };
}

function streamOf(
  all: readonly LanguageModelV4StreamPart[],
): ReadableStream<LanguageModelV4StreamPart> {
  return new ReadableStream({
    start(controller) {
      for (const part of all) controller.enqueue(part);
      controller.close();
    },
  });
}

let asked = 0;

/** A request takes one to eight turns of the event loop, so that calls overlap as they do over a wire. */
async function turn<Value>(answer: () => Value): Promise<Value> {
  asked += 1;
  const turns = 1 + Math.floor(chance(asked) * 8);
  for (let nth = 0; nth < turns; nth += 1) await new Promise(setImmediate);
  return answer();
}

function refuse(): never {
  throw new APICallError({
    message: "The model is overloaded. Please try again later.",
    url: "https://generativelanguage.googleapis.com/",
    requestBodyValues: {},
    statusCode: 503,
  });
}

const down = target("down", { doGenerate: () => turn(refuse), doStream: () => turn(refuse) });
const well = target("well", {
  doGenerate: () =>
    turn(() => ({ content: [{ type: "text", text: "ok" }], finishReason, usage, warnings: [] })),
  doStream: () => turn(() => ({ stream: streamOf(parts) })),
});

/** Each is made anew for every round, so that no round learns from the one before. */
const wrappers: Readonly<Record<string, () => LanguageModelV4>> = {
  holdfast: () => holdfastModel(createPolicy({ patience: 0 }), [down, well]),
  "ai-retry": () => createRetryableModel({ model: down, retries: [well] }),
  "ai-fallback": () => createFallback({ models: [down, well] }),
};

/** What a call says in the end; whatever it throws is a call lost. */
const hosts: Readonly<
  Record<SharedModelLoss["host"], (model: LanguageModelV4) => Promise<string>>
> = {
  generateText: async (model) => (await generateText({ model, prompt: "hi", maxRetries: 0 })).text,
  streamText: async (model) =>
    await streamText({ model, prompt: "hi", maxRetries: 0, onError: () => {} }).text,
};

async function lostIn(
  make: () => LanguageModelV4,
  ask: (model: LanguageModelV4) => Promise<string>,
  concurrent: number,
): Promise<number> {
  let lost = 0;
  for (let round = 0; round < rounds; round += 1) {
    const model = make();
    const ends = await Promise.allSettled(Array.from({ length: concurrent }, () => ask(model)));
    lost += ends.filter((end) => end.status === "rejected" || end.value !== "ok").length;
  }
  return lost / (rounds * concurrent);
}

const rounds = 10;

/** Makes so many calls at once through one model object of each wrapper, in ten rounds. Turns the SDK's warnings off. */
export async function sharedModelLosses(counts: readonly number[]): Promise<SharedModelLoss[]> {
  // Which model stood in would be a line for every call.
  Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });
  const cases = (["generateText", "streamText"] as const).flatMap((host) =>
    counts.flatMap((concurrent) =>
      Object.entries(wrappers).map(([name, make]) => ({ host, concurrent, name, make })),
    ),
  );
  const losses: SharedModelLoss[] = [];
  for (const { host, concurrent, name, make } of cases)
    losses.push({ name, host, concurrent, lost: await lostIn(make, hosts[host], concurrent) });
  return losses;
}

/** A line for each host and wrapper, a column for each number of calls. */
export function lossTable(losses: readonly SharedModelLoss[]): string[][] {
  const counts = [...new Set(losses.map(({ concurrent }) => concurrent))];
  const lines = Map.groupBy(losses, ({ host, name }) => `${host}: ${name}`);
  return [
    ["calls at once", ...counts.map(String)],
    ...[...lines].map(([line, group]) => [
      line,
      ...group.map(({ lost }) => `${Math.round(lost * 100)} %`),
    ]),
  ];
}
