import { createGoogle } from "@ai-sdk/google";
import { createGoogleGenerativeAI as createGoogleV5 } from "@ai-sdk/google-v5";
import { createGoogleGenerativeAI as createGoogleV6 } from "@ai-sdk/google-v6";
import { GoogleGenAI } from "@google/genai";
import { catalogue, classify, type Failure, type FailureKind } from "@holdfast/core";
import { type FaultName, type Simulator, startSimulator } from "@holdfast/gemini-simulator";
import { ChatGoogle } from "@langchain/google";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { generateText, streamText } from "ai";
import { generateText as generateTextV5, streamText as streamTextV5 } from "ai-v5";
import { generateText as generateTextV6, streamText as streamTextV6 } from "ai-v6";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(async () => {
  await simulator.close();
});

const name = "gemini-2.5-flash";
const apiKey = "K1";
const prompt = "hello";

type Call = (url: string) => Promise<unknown>;

async function drain(chunks: AsyncIterable<unknown>): Promise<void> {
  const iterator = chunks[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}

/** Takes what streamText reports instead of throwing it. */
function reported(
  start: (onError: (event: { error: unknown }) => void) => { consumeStream(): PromiseLike<void> },
): Promise<unknown> {
  let seen: { error: unknown } | undefined;
  const result = start((event) => {
    seen ??= event;
  });
  return Promise.resolve(result.consumeStream()).then(() => {
    if (seen !== undefined) throw seen.error;
    return undefined;
  });
}

const chatGenai = (url: string) =>
  new ChatGoogleGenerativeAI({ apiKey, baseUrl: url, model: name, maxRetries: 0 });
const chatGoogle = (url: string) =>
  new ChatGoogle({ apiKey, endpoint: url, model: name, maxRetries: 0 });
const genai = (url: string) => new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } });
const openai = (url: string) =>
  new OpenAI({ apiKey, baseURL: `${url}/v1beta/openai`, maxRetries: 0 });
const question = { model: name, messages: [{ role: "user" as const, content: prompt }] };

const calls: Record<string, Call> = {
  "AI SDK 7": (url) =>
    generateText({
      model: createGoogle({ apiKey, baseURL: `${url}/v1beta` })(name),
      prompt,
      maxRetries: 0,
    }),
  "AI SDK 6": (url) =>
    generateTextV6({
      model: createGoogleV6({ apiKey, baseURL: `${url}/v1beta` })(name),
      prompt,
      maxRetries: 0,
    }),
  "AI SDK 5": (url) =>
    generateTextV5({
      model: createGoogleV5({ apiKey, baseURL: `${url}/v1beta` })(name),
      prompt,
      maxRetries: 0,
    }),
  "AI SDK 7, streaming": (url) =>
    reported((onError) =>
      streamText({
        model: createGoogle({ apiKey, baseURL: `${url}/v1beta` })(name),
        prompt,
        maxRetries: 0,
        onError,
      }),
    ),
  "AI SDK 6, streaming": (url) =>
    reported((onError) =>
      streamTextV6({
        model: createGoogleV6({ apiKey, baseURL: `${url}/v1beta` })(name),
        prompt,
        maxRetries: 0,
        onError,
      }),
    ),
  "AI SDK 5, streaming": (url) =>
    reported((onError) =>
      streamTextV5({
        model: createGoogleV5({ apiKey, baseURL: `${url}/v1beta` })(name),
        prompt,
        maxRetries: 0,
        onError,
      }),
    ),
  "@langchain/google-genai": (url) => chatGenai(url).invoke(prompt),
  "@langchain/google-genai, streaming": async (url) => drain(await chatGenai(url).stream(prompt)),
  "@langchain/google": (url) => chatGoogle(url).invoke(prompt),
  "@langchain/google, streaming": async (url) => drain(await chatGoogle(url).stream(prompt)),
  "@google/genai": (url) => genai(url).models.generateContent({ model: name, contents: prompt }),
  "@google/genai, streaming": async (url) =>
    drain(await genai(url).models.generateContentStream({ model: name, contents: prompt })),
  openai: (url) => openai(url).chat.completions.create(question),
  "openai, streaming": async (url) =>
    drain(await openai(url).chat.completions.create({ ...question, stream: true })),
  fetch: async (url) => {
    const response = await fetch(`${url}/v1beta/models/${name}:generateContent`, {
      method: "POST",
      headers: { "x-goog-api-key": apiKey },
      body: JSON.stringify({ contents: [{ parts: [{ text: prompt }] }] }),
    });
    if (response.status !== 200) {
      throw Object.assign(new Error("refused"), {
        status: response.status,
        headers: response.headers,
        body: await response.text(),
      });
    }
  },
};

async function failing(call: Call, fault: FaultName): Promise<Failure> {
  simulator.reset({ rules: [{ fault }] });
  try {
    await call(simulator.url);
  } catch (error) {
    return classify(error);
  }
  throw new Error(`nothing was thrown for ${fault}`);
}

const refusals: [FaultName, FailureKind][] = [
  ["api-disabled", "api-not-enabled"],
  ["bad-gateway", "gateway-error"],
  ["bare-exhaustion", "rate-limit-unknown"],
  ["billing-required", "billing-required"],
  ["cancelled", "server-error"],
  ["context-overflow", "context-length-exceeded"],
  ["day-quota", "rate-limit-day"],
  ["deadline-exceeded", "timeout"],
  ["expired-key", "api-key-expired"],
  ["internal-error", "server-error"],
  ["invalid-argument", "invalid-request"],
  ["invalid-key", "invalid-api-key"],
  ["leaked-key", "api-key-leaked"],
  ["minute-quota", "rate-limit-minute"],
  ["minute-token-quota", "rate-limit-tokens-minute"],
  ["model-not-found", "model-not-found"],
  ["no-capacity", "capacity-exhausted"],
  ["overload", "capacity-exhausted"],
  ["payload-too-large", "payload-too-large"],
  ["permission-denied", "permission-denied"],
  ["project-suspended", "project-suspended"],
  ["refused", "network"],
  ["region-blocked", "region-unsupported"],
  ["reset", "network"],
  ["restricted-key", "api-key-restricted"],
  ["shared-capacity", "capacity-exhausted"],
  ["spend-cap", "spend-cap"],
  ["spend-rate", "rate-limit-spend"],
  ["unregistered-caller", "unauthenticated"],
  ["unsupported-token", "unauthenticated"],
  ["zero-quota", "quota-zero"],
];

describe.each(Object.entries(calls))("%s", (_client, call) => {
  test.each(refusals)("%s is %s", async (fault, kind) => {
    const failure = await failing(call, fault);
    expect(failure).toMatchObject({ kind, retryable: catalogue[kind].retryable });
  });
});

describe("answers with status 200 that the client could not use", () => {
  const sdk = ["AI SDK 7", "AI SDK 6", "AI SDK 5"];
  const streamingSdk = sdk.map((client) => `${client}, streaming`);
  const others = ["@langchain/google-genai", "@langchain/google", "@google/genai"];
  const rows: [FaultName, FailureKind, string[]][] = [
    ["empty-body", "stream-interrupted", [...sdk, ...others]],
    ["html-page", "stream-interrupted", [...sdk, ...others, "@google/genai, streaming"]],
    [
      "malformed-stream",
      "stream-interrupted",
      [...sdk, ...streamingSdk, ...others, "openai", "openai, streaming"],
    ],
    ["truncated-stream", "stream-interrupted", [...sdk, ...others, "openai"]],
    [
      "reset-mid-body",
      "stream-interrupted",
      [...sdk, ...others, "openai", "@langchain/google, streaming"],
    ],
    [
      "stream-error",
      "capacity-exhausted",
      [...streamingSdk, "@google/genai, streaming", "openai, streaming"],
    ],
    ["stream-error", "empty-response", ["@langchain/google-genai", "@langchain/google"]],
    ["blocked-prompt", "content-blocked-prompt", ["@langchain/google-genai", "@langchain/google"]],
    ["recitation", "recitation", ["@langchain/google-genai"]],
  ];
  const each = rows.flatMap(([fault, kind, clients]) =>
    clients.map((client) => [client, fault, kind] as const),
  );

  test.each(each)("%s, %s is %s", async (client, fault, kind) => {
    const failure = await failing(calls[client]!, fault);
    expect(failure).toMatchObject({ kind, retryable: catalogue[kind].retryable });
  });
});

describe("what the client's own switch ends", () => {
  test.each<[string, Call]>([
    ["fetch", (url) => fetch(url, { signal: AbortSignal.abort() })],
    [
      "AI SDK 7",
      (url) =>
        generateText({
          model: createGoogle({ apiKey, baseURL: `${url}/v1beta` })(name),
          prompt,
          abortSignal: AbortSignal.abort(),
        }),
    ],
    ["@langchain/google", (url) => chatGoogle(url).invoke(prompt, { signal: AbortSignal.abort() })],
    [
      "@google/genai",
      (url) =>
        genai(url).models.generateContent({
          model: name,
          contents: prompt,
          config: { abortSignal: AbortSignal.abort() },
        }),
    ],
    [
      "openai",
      (url) => openai(url).chat.completions.create(question, { signal: AbortSignal.abort() }),
    ],
  ])("%s: an abort is cancelled", async (_client, call) => {
    simulator.reset({});
    const error = await call(simulator.url).catch((thrown: unknown) => thrown);
    expect(classify(error).kind).toBe("cancelled");
  });

  test("a deadline is a timeout, though it aborts as well", async () => {
    const signal = AbortSignal.abort(new DOMException("too late", "TimeoutError"));
    const error = await fetch(simulator.url, { signal }).catch((thrown: unknown) => thrown);
    expect(classify(error).kind).toBe("timeout");
  });
});
