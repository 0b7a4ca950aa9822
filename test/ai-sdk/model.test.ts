import { createOpenAI } from "@ai-sdk/openai";
import { type ProviderV4 } from "@ai-sdk/provider";
import { embedAll, holdfastMiddleware, holdfastModel, holdfastProvider } from "@holdfast/ai-sdk";
import { createPolicy, type Failure, type Policy, type PolicyOptions } from "@holdfast/core";
import { preflight } from "@holdfast/core/models";
import { createVirtualClock } from "@holdfast/gemini-simulator";
import {
  createProviderRegistry,
  customProvider,
  generateText,
  ToolLoopAgent,
  wrapLanguageModel,
  wrapProvider,
} from "ai";
import {
  MockEmbeddingModelV4,
  MockImageModelV4,
  MockProviderV4,
  MockRerankingModelV4,
  MockTranscriptionModelV4,
  MockVideoModelV4,
} from "ai/test";
import { afterEach, describe, expect, test, vi } from "vitest";

import {
  answer,
  apiError,
  fake,
  partsOf,
  streamOf,
  textOf,
  words,
  type Fake,
  type Spec,
} from "./models.ts";

const message = { role: "user" as const, content: [{ type: "text" as const, text: "Hi" }] };
const prompt = [message];
const quick = (options: PolicyOptions = {}): Policy =>
  createPolicy({ backoff: { base: 0, cap: 0 }, ...options });
const overloaded = (): never => {
  throw apiError(503);
};
const unusable = (finishReason: string, spec: Spec = "v4"): object => ({
  ...answer("", spec),
  content: [],
  finishReason: { unified: finishReason, raw: undefined },
});

describe("the price of a call", () => {
  test.each([
    ["v2", { inputTokens: 1_000, outputTokens: 10, cachedInputTokens: 900 }],
    [
      "v4",
      {
        inputTokens: { total: 1_000, noCache: 100, cacheRead: 900, cacheWrite: 0 },
        outputTokens: { total: 10, text: 10, reasoning: 0 },
      },
    ],
  ] as const)("counts what was read from a cache as such (%s)", async (spec, usage) => {
    const costs: (number | undefined)[] = [];
    const policy = quick({
      prices: { a: { input: 10, output: 100, cachedInput: 1 } },
      onEvent: (event) => event.type === "call-end" && costs.push(event.cost),
    });
    const model = fake({ id: "a", spec, generate: () => ({ ...answer("hi", spec), usage }) });
    await generateText({ model: holdfastModel(policy, [model]) as never, prompt: "Hi" });
    expect(costs).toEqual([0.0029]);
  });

  test("is told with the result and at the end of a stream, failed attempts included", async () => {
    const policy = quick({ prices: { a: { input: 1e6, output: 1e6 } } });
    const model = fake({
      id: "a",
      generate: (_, nth) => (nth === 1 ? unusable("stop") : answer("well")),
      stream: () => streamOf(words("well")),
    });
    const held = holdfastModel(policy, [model]);
    const { providerMetadata } = await generateText({ model: held, prompt: "Hi" });
    expect(providerMetadata?.["holdfast"]).toMatchObject({ attempts: 2, cost: 8 });
    const { stream } = await held.doStream({ prompt });
    expect((await partsOf(stream)).at(-1)).toMatchObject({
      type: "finish",
      providerMetadata: { holdfast: { attempts: 1, cost: 4 } },
    });
    const { providerMetadata: unknown } = await generateText({
      model: holdfastModel(quick(), [fake({ id: "a" })]),
      prompt: "Hi",
    });
    expect(unknown?.["holdfast"]).not.toHaveProperty("cost");
  });
});

const embedding = (limits: object, more: object = {}): MockEmbeddingModelV4 =>
  Object.assign(new MockEmbeddingModelV4({ modelId: "e", ...limits }), more);
const imageModel = (maxImagesPerCall: unknown): MockImageModelV4 =>
  Object.assign(new MockImageModelV4(), { maxImagesPerCall });

describe("a list of models", () => {
  test("is answered by the first that can, whoever provides it", async () => {
    const first = fake({ id: "a", provider: "one.chat", generate: overloaded });
    const second = fake({ id: "b", provider: "two.chat" });
    const { text, providerMetadata, response } = await generateText({
      model: holdfastModel(quick(), [first, second]),
      prompt: "Hi",
    });
    expect(text).toBe("b");
    expect(response.modelId).toBe("b");
    expect(providerMetadata?.["holdfast"]).toMatchObject({
      provider: "two",
      model: "b",
      attempts: 5,
    });
  });

  test("may hold models of the policy's own accounts beside others", async () => {
    const own = fake({ id: "gemini-2.5-pro", generate: overloaded });
    const keys: unknown[] = [];
    const policy = quick({
      accounts: [
        { name: "main", apiKey: "key-of-main" },
        { name: "spare", apiKey: "key-of-spare" },
      ],
    });
    const google = holdfastProvider(policy, ({ apiKey }: { apiKey?: string }) => {
      keys.push(apiKey);
      return (_id: string) => own;
    });
    const other = fake({ id: "b", provider: "other" });
    const { text } = await generateText({
      model: holdfastModel(policy, [google("gemini-2.5-pro"), other]),
      prompt: "Hi",
    });
    expect(text).toBe("b");
    expect(new Set(keys)).toEqual(new Set(["key-of-main", "key-of-spare"]));
  });

  test("may be named, where somebody knows the names", async () => {
    const models = { best: fake({ id: "a", generate: overloaded }), next: fake({ id: "b" }) };
    const registry = createProviderRegistry({ mine: customProvider({ languageModels: models }) });
    const model = holdfastModel(quick(), ["mine:best", "mine:next"], { provider: registry });
    expect((await generateText({ model, prompt: "Hi" })).text).toBe("b");
  });

  test("of names is looked up at the SDK's default provider, and refused when nobody knows them", async () => {
    expect(() => holdfastModel(quick(), ["mine:best"])).toThrow(/nobody knows a model "mine:best"/);
    vi.stubGlobal(
      "AI_SDK_DEFAULT_PROVIDER",
      customProvider({ languageModels: { best: fake({ id: "a" }) } }),
    );
    const model = holdfastModel(quick(), ["best"]) as Fake;
    expect((await generateText({ model, prompt: "Hi" })).text).toBe("a");
    vi.unstubAllGlobals();
  });

  test("of two specifications is refused with the way out, which works", async () => {
    const older = fake({ id: "old", spec: "v3" });
    const newer = fake({ id: "new", generate: overloaded });
    expect(() => holdfastModel(quick(), [newer, older])).toThrow(
      /old is a v3 model and new a v4 one.*wrapLanguageModel/,
    );
    const lifted = wrapLanguageModel({ model: older, middleware: [] });
    const { text } = await generateText({
      model: holdfastModel(quick(), [newer, lifted]),
      prompt: "Hi",
    });
    expect(text).toBe("old");
  });

  test("may stand in registries and custom providers, also as a whole held provider", async () => {
    const google = holdfastProvider(quick(), () =>
      Object.assign((_id: string) => fake({}), { languageModel: () => fake({ id: "a" }) }),
    );
    const best = holdfastModel(quick(), [
      fake({ id: "b", generate: overloaded }),
      fake({ id: "c" }),
    ]);
    const registry = createProviderRegistry({
      google: google as unknown as ProviderV4,
      mine: customProvider({ languageModels: { best } }),
    });
    const ask = async (id: "google:a" | "mine:best"): Promise<unknown> => {
      const { text, providerMetadata } = await generateText({
        model: registry.languageModel(id),
        prompt: "Hi",
      });
      return [text, providerMetadata?.["holdfast"]?.["servedBy"]];
    };
    expect(await ask("google:a")).toEqual(["a", "default/a"]);
    expect(await ask("mine:best")).toEqual(["c", expect.stringMatching(/\/c$/)]);
  });

  test("keeps each model's limits and shows what only symbols name", async () => {
    const bytes = Symbol.for("vercel.ai.embeddingModel.maxInputBytesPerCall");
    const mark = Symbol.for("a mark of a provider");
    const first = embedding(
      { maxEmbeddingsPerCall: 100, supportsParallelCalls: true },
      { [bytes]: 1_000, [mark]: "kept" },
    );
    const unlimited = embedding(
      { supportsParallelCalls: true },
      { maxEmbeddingsPerCall: undefined },
    );
    const slow = embedding(
      { maxEmbeddingsPerCall: Promise.resolve(10), supportsParallelCalls: Promise.resolve(false) },
      { [bytes]: 500 },
    );
    const two = holdfastModel(quick(), [first, unlimited]);
    expect(two).toMatchObject({ maxEmbeddingsPerCall: 100, supportsParallelCalls: true });
    expect(two).toMatchObject({ [bytes]: 1_000, [mark]: "kept" });
    const three = holdfastModel(quick(), [first, unlimited, slow]);
    expect(await three.maxEmbeddingsPerCall).toBe(10);
    expect(await three.supportsParallelCalls).toBe(false);
    expect(three).toMatchObject({ [bytes]: 500 });
    const images = holdfastModel(quick(), [imageModel(4), imageModel(() => Promise.resolve(2))]);
    await expect(images.maxImagesPerCall).resolves.toBe(2);
    expect(
      holdfastModel(quick(), [imageModel(4), imageModel(undefined)]).maxImagesPerCall,
    ).toBeUndefined();
  });

  test("promises only the URLs that all of its models fetch", async () => {
    const images = [/^https:\/\/images\./];
    const first = fake({
      supportedUrls: {
        "image/*": [...images, /^https:\/\/only-here\./],
        "application/pdf": [/.*/],
      },
    });
    const second = fake({ id: "b", supportedUrls: { "*": images } });
    expect(await holdfastModel(quick(), [first, second]).supportedUrls).toEqual({
      "image/*": images,
    });
    expect(await holdfastModel(quick(), [first]).supportedUrls).toEqual(first.supportedUrls);
  });

  test("is refused when it holds something else", () => {
    expect(() => holdfastModel(quick(), [{ name: "no model" } as never])).toThrow(/is no model/);
    expect(() => holdfastModel(quick(), [] as never)).toThrow(/at least one/);
  });
});

describe("answers that are none", () => {
  const cases: [string, object][] = [
    ["an empty STOP", unusable("stop")],
    ["an interrupted one", unusable("interrupted")],
    ["an unknown end", unusable("other")],
    [
      "thoughts without a word",
      { ...unusable("stop"), content: [{ type: "reasoning", text: "hm" }] },
    ],
    [
      "an error in the body",
      {
        ...unusable("other"),
        response: {
          body: {
            error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" },
          },
        },
      },
    ],
  ];
  test.each(cases)("%s is a failure", async (_, given) => {
    const model = fake({ generate: (_options, nth) => (nth === 1 ? given : answer("well")) });
    expect(
      (await generateText({ model: holdfastModel(quick(), [model]), prompt: "Hi" })).text,
    ).toBe("well");
    expect(model.calls).toHaveLength(2);
  });

  test("an answer of nothing but a file is one", async () => {
    const image = { type: "file", mediaType: "image/png", data: { type: "data", data: "AA==" } };
    const model = fake({ generate: () => ({ ...unusable("stop"), content: [image] }) });
    const { files } = await generateText({ model: holdfastModel(quick(), [model]), prompt: "Hi" });
    expect(files).toHaveLength(1);
    expect(model.calls).toHaveLength(1);
  });

  test("tokens of unusable answers are told apart from the usage", async () => {
    const model = fake({ generate: (_, nth) => (nth === 1 ? unusable("stop") : answer("well")) });
    const { usage, providerMetadata } = await generateText({
      model: holdfastModel(quick(), [model]),
      prompt: "Hi",
    });
    expect(usage.inputTokens).toBe(3);
    expect(providerMetadata?.["holdfast"]).toMatchObject({
      failedUsage: { inputTokens: 3, outputTokens: 1 },
    });
    expect(JSON.parse(JSON.stringify(providerMetadata))).toEqual(providerMetadata);
  });
});

/** A model that answers each text with its length, and the texts it was asked for at once. */
const measuring = (limits: object): { model: MockEmbeddingModelV4; asked: string[][] } => {
  const asked: string[][] = [];
  const doEmbed: MockEmbeddingModelV4["doEmbed"] = async ({ values }) => {
    asked.push(values);
    return { embeddings: values.map((value) => [value.length]), warnings: [] };
  };
  const own = { supportsParallelCalls: false, doEmbed, ...limits };
  return { model: embedding(own, limits), asked };
};

describe("embedAll", () => {
  const bytes = Symbol.for("vercel.ai.embeddingModel.maxInputBytesPerCall");

  test.each<[string, { limits?: object; options?: object; sizes: number[] }]>([
    ["as many texts as the model takes", { limits: { maxEmbeddingsPerCall: 2 }, sizes: [2, 2, 1] }],
    ["as many bytes as it is told", { options: { maxBytes: 25 }, sizes: [2, 1, 1, 1] }],
    ["as many bytes as the model says", { limits: { [bytes]: 25 }, sizes: [2, 1, 1, 1] }],
    [
      "what it is told rather",
      { limits: { [bytes]: 25 }, options: { maxBytes: 1_000 }, sizes: [5] },
    ],
    [
      "whichever limit comes first",
      { limits: { maxEmbeddingsPerCall: 1 }, options: { maxBytes: 25 }, sizes: [1, 1, 1, 1, 1] },
    ],
  ])("puts into one request %s", async (_, { limits, options, sizes }) => {
    const { model, asked } = measuring({ maxEmbeddingsPerCall: 100, ...limits });
    // 10, 10, 12 in UTF-8 (6 letters of two bytes), 40 and 20 bytes.
    const values = ["a".repeat(10), "b".repeat(10), "é".repeat(6), "c".repeat(40), "d".repeat(20)];
    const { embeddings, failures } = await embedAll({
      model: holdfastModel(quick(), [model]),
      values,
      ...options,
    });
    expect(asked.map(({ length }) => length)).toEqual(sizes);
    expect(asked.flat()).toEqual(values);
    expect(embeddings).toEqual(values.map(({ length }) => [length]));
    expect(failures).toEqual([]);
  });

  test("keeps long texts below what a request may hold without being told, and sends none for no text", async () => {
    const { model, asked } = measuring({ maxEmbeddingsPerCall: 100 });
    const values = Array.from({ length: 100 }, () => "word ".repeat(1_600));
    await embedAll({ model, values });
    expect(asked).toHaveLength(15);
    for (const texts of asked) expect(texts.join("").length).toBeLessThanOrEqual(60_000);
    asked.length = 0;
    expect(await embedAll({ model, values: [] })).toMatchObject({ embeddings: [], failures: [] });
    expect(asked).toEqual([]);
  });

  test("refuses an option that there is not", async () => {
    const { model } = measuring({});
    const options = { model, values: ["a"], paralel: 2 };
    await expect(embedAll(options)).rejects.toThrow(/paralel: .*did you mean "parallel"\?/);
  });
});

const validate = (value: unknown): string | undefined =>
  "name" in (value as object) ? undefined : "name is missing";
const misfits = (_: unknown, nth: number): object =>
  answer(["{broken", '{"title":"x"}', '{"name":"x"}'][nth - 1] ?? "");

describe("rules of one's own", () => {
  test("let another model answer what the first one filtered", async () => {
    const filtered = {
      ...unusable("content-filter"),
      finishReason: { unified: "content-filter", raw: "SAFETY" },
    };
    const first = fake({ id: "a", generate: () => filtered });
    const policy = quick({ rules: { "content-blocked-response": { models: ["b"] } } });
    const model = holdfastModel(policy, [
      { model: first, account: "mine" },
      { model: fake({ id: "b" }), account: "mine" },
    ]);
    const { text } = await generateText({ model, prompt: "Hi" });
    expect(text).toBe("b");
    expect(first.calls).toHaveLength(1);
  });

  test("know an error that nobody else knows", async () => {
    const first = fake({ id: "a", generate: () => Promise.reject(apiError(418, "I am a teapot")) });
    const policy = quick({
      rules: ({ failure }) => (failure.status === 418 ? { models: ["b"] } : undefined),
    });
    const { text } = await generateText({
      model: holdfastModel(policy, [first, fake({ id: "b" })]),
      prompt: "Hi",
    });
    expect(text).toBe("b");
    expect(first.calls).toHaveLength(1);
  });
});

describe("structured output", () => {
  const responseFormat = { type: "json" as const, schema: { type: "object" as const } };
  test("that does not fit is asked for again, with what was wrong", async () => {
    const model = fake({ generate: misfits });
    const held = holdfastModel(quick(), [model], { structured: { validate } });
    const { content } = await held.doGenerate({ prompt, responseFormat });
    expect(content).toMatchObject([{ text: '{"name":"x"}' }]);
    expect(model.calls[0]?.prompt).toHaveLength(1);
    expect(JSON.stringify(model.calls[1]?.prompt)).toContain("The JSON does not fit");
    expect(JSON.stringify(model.calls[2]?.prompt.at(-1))).toContain("name is missing");
    expect(model.calls[2]?.prompt).toHaveLength(2);
  });

  test("is still told what was wrong after another failure came in between", async () => {
    const model = fake({
      generate: (_, nth) =>
        nth === 2 ? overloaded() : answer(`{"${nth === 1 ? "title" : "name"}":"x"}`),
    });
    const held = holdfastModel(quick(), [model], { structured: { validate } });
    const { content } = await held.doGenerate({ prompt, responseFormat });
    expect(content).toMatchObject([{ text: '{"name":"x"}' }]);
    expect(model.calls.map((call) => call.prompt.length)).toEqual([1, 2, 2]);
    for (const call of model.calls.slice(1))
      expect(JSON.stringify(call.prompt.at(-1))).toContain("name is missing");
  });

  test("is told of the last misfit only", async () => {
    const model = fake({ generate: misfits });
    const held = holdfastModel(quick(), [model], { structured: { validate } });
    await held.doGenerate({ prompt, responseFormat });
    expect(JSON.stringify(model.calls[2]?.prompt)).not.toContain("{broken");
    expect(model.calls[2]?.prompt).toHaveLength(2);
  });

  test("is asked for again without a word where hints are off", async () => {
    const model = fake({ generate: misfits });
    await holdfastModel(quick(), [model], { structured: { validate, hint: false } }).doGenerate({
      prompt,
      responseFormat,
    });
    expect(model.calls.map((call) => call.prompt.length)).toEqual([1, 1, 1]);
  });

  test("is not looked at unless asked for", async () => {
    const model = fake({ generate: () => answer("{broken") });
    await holdfastModel(quick(), [model]).doGenerate({ prompt, responseFormat });
    expect(model.calls).toHaveLength(1);
  });
});

/** A repair that sends what was refused once more. */
const sameAgain = (input: unknown, { status }: Failure): unknown =>
  status === 400 ? input : undefined;

describe("what travels with an attempt", () => {
  const history = [
    message,
    {
      role: "assistant" as const,
      content: [
        {
          type: "text" as const,
          text: "Well",
          providerOptions: {
            openai: { itemId: "msg_1", keep: 1 },
            google: { thoughtSignature: "s" },
          },
        },
      ],
    },
    message,
  ];

  test("marks of one model on a conversation stay behind when another goes on", async () => {
    const first = fake({ id: "a", generate: overloaded });
    const second = fake({ id: "b" });
    await holdfastModel(quick(), [first, second]).doGenerate({ prompt: history });
    expect(first.calls[0]?.prompt).toEqual(history);
    expect(second.calls[0]?.prompt[1]?.content).toEqual([
      { type: "text", text: "Well", providerOptions: { openai: { keep: 1 }, google: {} } },
    ]);
  });

  test("signatures that a model refused stay behind for the rest of the call", async () => {
    const refusals = [apiError(400, "Invalid thought signature."), apiError(503)];
    const generate = (_: unknown, nth: number): object | Promise<never> => {
      const refusal = refusals[nth - 1];
      return refusal ? Promise.reject(refusal) : answer("well");
    };
    const model = fake({ id: "a", generate });
    await holdfastModel(quick({ repair: sameAgain }), [model]).doGenerate({ prompt: history });
    expect(model.calls).toHaveLength(3);
    expect(JSON.stringify(model.calls[0]?.prompt)).toContain("thoughtSignature");
    for (const call of model.calls.slice(1))
      expect(JSON.stringify(call.prompt)).not.toContain("thoughtSignature");
  });

  test("options can be made to fit the target", async () => {
    const first = fake({ id: "a", generate: overloaded });
    const second = fake({ id: "b" });
    const model = holdfastModel(quick(), [first, second], {
      adapt: (options: object, { model: name }) =>
        name === "b" ? { ...options, temperature: 0.5 } : options,
    });
    await model.doGenerate({ prompt });
    expect(first.calls[0]).not.toHaveProperty("temperature");
    expect(second.calls[0]).toHaveProperty("temperature", 0.5);
  });

  test("what a call says to the policy does not reach the model", async () => {
    const model = fake({ generate: overloaded });
    const providerOptions = { holdfast: { deadline: 0 }, google: { a: 1 } };
    await expect(
      holdfastModel(quick(), [model]).doGenerate({ prompt, providerOptions }),
    ).rejects.toMatchObject({ reason: "deadline" });
    const good = fake({});
    await holdfastModel(quick(), [good]).doGenerate({
      prompt,
      providerOptions: { holdfast: { priority: 1 }, google: { a: 1 } },
    });
    expect(good.calls[0]?.providerOptions).toEqual({ google: { a: 1 } });
  });

  test("credentials in headers stay with the account they were meant for, other headers go along", async () => {
    const first = fake({ id: "a", generate: overloaded });
    const second = fake({ id: "b" });
    const headers = { "X-Goog-Api-Key": "k", Authorization: "Bearer t", "x-trace": "1" };
    await holdfastModel(quick(), [first, second]).doGenerate({ prompt, headers });
    expect(first.calls[0]?.headers).toEqual(headers);
    expect(second.calls[0]?.headers).toEqual({ "x-trace": "1" });
  });
});

describe("an option with a slip in it", () => {
  test.each<[string, object, RegExp]>([
    ["name", { dedline: 5 }, /providerOptions\.holdfast\.dedline: .*did you mean "deadline"\?/],
    ["value", { patience: "1s" }, /providerOptions\.holdfast\.patience is "1s": give a number/],
    ["what a call may not say", { model: "b" }, /holdfast\.model: there is no such option/],
  ])("of one call is refused before anything is sent: %s", async (_, holdfast, says) => {
    const model = fake({});
    const held = holdfastModel(quick(), [model]);
    const call = { prompt, providerOptions: { holdfast } } as never;
    await expect(held.doGenerate(call)).rejects.toThrow(says);
    await expect(held.doGenerate(call)).rejects.toThrow(TypeError);
    await expect(held.doStream(call)).rejects.toThrow(says);
    expect(model.calls).toEqual([]);
  });

  test("that is no object is refused too", async () => {
    const held = holdfastModel(quick(), [fake({})]);
    const call = { prompt, providerOptions: { holdfast: "fast" } } as never;
    await expect(held.doGenerate(call)).rejects.toThrow(
      /providerOptions\.holdfast is "fast": give an object of account, affinity/,
    );
  });

  test.each<[string, object, RegExp]>([
    ["adapt", { adpat: () => ({}) }, /options\.adpat: .*did you mean "adapt"\?/],
    ["preflight", { preflight: true }, /options\.preflight is true: give a function/],
    ["structured", { structured: true }, /options\.structured is true: give an object/],
    ["hint", { structured: { hints: false } }, /options\.structured\.hints: .*"hint"/],
    ["call", { call: { deadlines: 1 } }, /options\.call\.deadlines: .*"deadline"/],
  ])("is refused when a model, a provider or a middleware is made: %s", (_, options, says) => {
    const make = [
      () => holdfastModel(quick(), [fake({})], options),
      () => holdfastProvider(quick(), createOpenAI, options),
      () => holdfastMiddleware(quick(), undefined, options),
    ];
    for (const one of make) {
      expect(one).toThrow(TypeError);
      expect(one).toThrow(says);
    }
  });
});

describe("a middleware", () => {
  test("without a factory carries the model it wraps, in generate and in stream", async () => {
    const model = fake({
      generate: (_, nth) => (nth === 1 ? overloaded() : answer("well")),
      stream: () => streamOf(words("well")),
    });
    const wrapped = wrapLanguageModel({ model, middleware: holdfastMiddleware(quick()) });
    expect((await generateText({ model: wrapped, prompt: "Hi" })).text).toBe("well");
    const { stream } = await wrapped.doStream({ prompt });
    expect(textOf(await partsOf(stream))).toBe("well");
  });

  test("works for all models of a wrapped provider", async () => {
    const model = fake({ generate: (_, nth) => (nth === 1 ? overloaded() : answer("well")) });
    const provider = wrapProvider({
      provider: new MockProviderV4({ languageModels: { a: model } }) as ProviderV4,
      languageModelMiddleware: holdfastMiddleware(quick()),
    });
    expect((await generateText({ model: provider.languageModel("a"), prompt: "Hi" })).text).toBe(
      "well",
    );
  });
});

describe("a provider", () => {
  test("of several factories goes on with a model of another", async () => {
    const gemini = fake({ id: "gemini-2.5-pro", generate: overloaded });
    const gpt = fake({ id: "gpt-5-mini", provider: "openai.responses" });
    const seen: object[] = [];
    const policy = quick({
      accounts: [
        { name: "main", apiKey: "google-key" },
        {
          name: "other",
          apiKey: "openai-key",
          provider: "openai",
          baseURL: "https://relay.example",
        },
      ],
      fallbacks: { "gemini-2.5-pro": ["openai:gpt-5-mini"] },
    });
    const provider = holdfastProvider(policy, {
      google: (settings: object) => (seen.push(settings), (_id: string) => gemini),
      openai: (settings: object) => (seen.push(settings), (_id: string) => gpt),
    });
    const { text } = await generateText({ model: provider("gemini-2.5-pro"), prompt: "Hi" });
    expect(text).toBe("gpt-5-mini");
    expect(seen).toMatchObject([
      { apiKey: "google-key" },
      { apiKey: "openai-key", baseURL: "https://relay.example/v1" },
    ]);
  });

  test("of two specifications is refused when a model is asked for, not when the first one fails", async () => {
    const accounts = [
      { name: "main", apiKey: "google-key" },
      { name: "other", apiKey: "openai-key", provider: "openai" },
    ];
    const factories = {
      google: () => (id: string) => fake({ id }),
      openai: () => (id: string) => fake({ id, spec: "v2" }),
    };
    const mixed = holdfastProvider(
      quick({ accounts, fallbacks: { a: ["openai:gpt-5-mini"] } }),
      factories,
    );
    expect(() => mixed("a")).toThrow(/gpt-5-mini is a v2 model and a a v4 one.*wrapLanguageModel/);
    expect((await generateText({ model: mixed("b"), prompt: "Hi" })).text).toBe("b");
    const policy = quick({ accounts: accounts.slice(0, 1) });
    const middleware = holdfastMiddleware(policy, () => (id: string) => fake({ id, spec: "v3" }));
    expect(() => wrapLanguageModel({ model: fake({ id: "a" }), middleware }).supportedUrls).toThrow(
      /a is a v3 model and a a v4 one/,
    );
  });

  test("promises no URLs that a fallback of another provider does not fetch", async () => {
    const policy = quick({
      accounts: [
        { name: "main", apiKey: "k" },
        { name: "other", apiKey: "k2", provider: "openai" },
      ],
      fallbacks: { "gemini-2.5-pro": ["openai:gpt-5-mini"] },
    });
    const images = [/^https:\/\/images\./];
    const provider = holdfastProvider(policy, {
      google: () => (id: string) => fake({ id, supportedUrls: { "image/*": [...images, /^gs:/] } }),
      openai: () => (id: string) => fake({ id, supportedUrls: { "image/*": images } }),
    });
    expect(await provider("gemini-2.5-pro").supportedUrls).toEqual({ "image/*": images });
  });

  test("of another than Google goes on with its own fallbacks", async () => {
    const policy = quick({
      accounts: [{ name: "mine", apiKey: "sk-1", provider: "openai" }],
      fallbacks: { "gpt-5": ["gpt-5-mini"] },
    });
    const provider = holdfastProvider(
      policy,
      () => (id: string) =>
        fake({
          id,
          provider: "openai.responses",
          ...(id === "gpt-5" ? { generate: overloaded } : {}),
        }),
    );
    const { text } = await generateText({ model: provider("gpt-5"), prompt: "Hi" });
    expect(text).toBe("gpt-5-mini");
  });

  test("of another than Google serves its own accounts", async () => {
    const policy = quick({ accounts: [{ name: "mine", apiKey: "sk-1", provider: "openai" }] });
    const openai = holdfastProvider(policy, createOpenAI);
    const model = openai("gpt-5-mini");
    expect(model.modelId).toBe("gpt-5-mini");
    expect(typeof openai.tools.webSearch).toBe("function");
  });

  test("says for which account it has no factory", async () => {
    const policy = quick({
      accounts: [
        { name: "main", apiKey: "k" },
        { name: "mine", apiKey: "k2", provider: "mistral" },
      ],
      attempts: 1,
    });
    const model = holdfastProvider(policy, { google: () => (id: string) => fake({ id }) });
    const call = generateText({ model: model("mistral:x"), prompt: "Hi" });
    await expect(call).rejects.toMatchObject({
      lastError: {
        message: expect.stringContaining(
          '"mine" is one of "mistral", for which there is no factory',
        ) as string,
      },
    });
  });
});

describe("what belongs to a project", () => {
  const uri = "https://generativelanguage.googleapis.com/v1beta/files/abc";
  const cases: [string, object, object][] = [
    ["an uploaded file, by address", { data: { type: "url", url: new URL(uri) } }, {}],
    [
      "an uploaded file, by reference",
      { data: { type: "reference", reference: { google: "files/abc" } } },
      {},
    ],
    ["an uploaded file, as v2 and v3 say it", { data: uri }, {}],
    [
      "a cached content",
      { data: { type: "url", url: new URL("https://images.example/a.png") } },
      { google: { cachedContent: "cachedContents/1" } },
    ],
  ];
  test.each(cases)(
    "%s keeps a call at the account that has it",
    async (_, file, providerOptions) => {
      const models: Record<string, Fake> = { k1: fake({ generate: overloaded }), k2: fake({}) };
      const policy = quick({
        accounts: [
          { name: "one", apiKey: "k1" },
          { name: "two", apiKey: "k2" },
        ],
        attempts: 3,
      });
      const google = holdfastProvider(
        policy,
        ({ apiKey = "" }: { apiKey?: string }) =>
          (_id: string) =>
            models[apiKey]!,
      );
      const content = [{ type: "file", mediaType: "image/png", ...file }];
      const call = google("m").doGenerate({
        prompt: [{ role: "user", content }],
        providerOptions,
      } as never);
      await expect(call).rejects.toThrow("gave up");
      expect(models["k2"]!.calls).toHaveLength(0);
      await google("m").doGenerate({
        prompt: [{ role: "user", content }],
        providerOptions: { ...providerOptions, holdfast: { account: "two" } },
      } as never);
      expect(models["k2"]!.calls).toHaveLength(1);
    },
  );
});

describe("a conversation", () => {
  test("prefers the account that served it before, once it has a history", async () => {
    const served: string[] = [];
    let down = "k1";
    const policy = quick({
      accounts: [
        { name: "one", apiKey: "k1" },
        { name: "two", apiKey: "k2" },
      ],
    });
    const google = holdfastProvider(
      policy,
      ({ apiKey = "" }: { apiKey?: string }) =>
        (_id: string) =>
          fake({
            generate: () => {
              if (apiKey === down)
                throw apiError(403, "API key not valid. Please pass a valid API key.");
              served.push(apiKey);
              return answer("well");
            },
          }),
    );
    const history = [
      message,
      { role: "assistant" as const, content: [{ type: "text" as const, text: "Well" }] },
      message,
    ];
    await google("m").doGenerate({ prompt: history });
    down = "";
    policy.open("account:one");
    await google("m").doGenerate({
      prompt: [{ role: "user", content: [{ type: "text", text: "Another" }] }],
    });
    await google("m").doGenerate({ prompt: history });
    expect(served).toEqual(["k2", "k1", "k2"]);
  });
});

describe("a look before the call", () => {
  const policy = quick({ accounts: [{ name: "main", apiKey: "k" }] });
  const model = fake({ id: "gemini-3.8-flash" });
  const google = holdfastProvider(policy, () => (_id: string) => model, { preflight });

  test("sends nothing that is certain to be refused", async () => {
    const call = generateText({ model: google("gemini-3.8-flash"), prompt: "Hi", temperature: 9 });
    await expect(call).rejects.toMatchObject({
      reason: "preflight",
      message: expect.stringContaining("temperature") as string,
    });
    expect(model.calls).toHaveLength(0);
  });

  test("lets good requests pass, and warns of doubtful ones", async () => {
    const good = await generateText({
      model: google("gemini-3.8-flash"),
      instructions: "Be brief.",
      prompt: "Hi",
    });
    expect(good.warnings).toEqual([]);
    const doubtful = await generateText({
      model: google("gemini-3.8-flash"),
      prompt: "Hi \u0000 there",
    });
    expect(doubtful.warnings?.map((warning) => JSON.stringify(warning)).join()).toContain(
      "control",
    );
  });
});

const file = (data: object): object => ({ type: "file", mediaType: "image/png", data });
const user = (...content: object[]): object => ({ role: "user", content });

describe("a look before the call that finds nothing", () => {
  const call = { type: "tool-call", toolCallId: "1", toolName: "look", input: {} };
  const result = {
    type: "tool-result",
    toolCallId: "1",
    toolName: "look",
    output: { type: "text", value: "" },
  };
  const valid: Record<string, object> = {
    "a file alone": { prompt: [user(file({ type: "data", data: "AA==" }))] },
    "a file by its address": {
      prompt: [user(file({ type: "url", url: new URL("https://a.example/b.png") }))],
    },
    "an uploaded file": {
      prompt: [user(file({ type: "reference", reference: { google: "files/abc" } }))],
    },
    "turns of nothing but tools": {
      prompt: [
        user({ type: "text", text: "Look." }),
        { role: "assistant", content: [call] },
        { role: "tool", content: [result] },
      ],
    },
    "a thought and an empty text before a call": {
      prompt: [
        user({ type: "text", text: "Look." }),
        {
          role: "assistant",
          content: [{ type: "reasoning", text: "hm" }, { type: "text", text: "" }, call],
        },
        { role: "tool", content: [result] },
      ],
    },
    "cached contents": {
      prompt: [user({ type: "text", text: "Go on." })],
      providerOptions: { google: { cachedContent: "cachedContents/abc" } },
    },
    "settings at the ends of their ranges": {
      prompt,
      temperature: 2,
      topP: 1,
      topK: 1,
      maxOutputTokens: 1,
      seed: -1,
      presencePenalty: -2,
      frequencyPenalty: 1.9,
      stopSequences: [],
    },
    "a model that nobody knows yet": { prompt, model: "gemini-9-unheard-of" },
    "other alphabets and emoji": { prompt: [user({ type: "text", text: "海藻 🌊\r\n\tكلب" })] },
  };
  test.each(Object.keys(valid))("lets %s pass", async (name) => {
    const { model: id = "gemini-3.8-flash", ...options } = valid[name] as { model?: string };
    const model = fake({ id });
    const policy = quick({ accounts: [{ name: "main", apiKey: "k" }] });
    const google = holdfastProvider(policy, () => (_id: string) => model, { preflight });
    await google(id).doGenerate(options as never);
    expect(model.calls).toHaveLength(1);
  });
});

describe("workflows", () => {
  const serialize = Symbol.for("workflow-serialize");
  const deserialize = Symbol.for("workflow-deserialize");
  type Storable = Record<symbol, (value: unknown) => unknown>;
  const typeOf = (model: object): Storable => model.constructor as unknown as Storable;

  test("find a model again by the id of its provider, its policy included", async () => {
    const own = fake({ generate: (_, nth) => (nth === 1 ? overloaded() : answer("well")) });
    const google = holdfastProvider(
      quick(),
      () => Object.assign((_id: string) => own, { chat: () => own }),
      {
        id: "main",
      },
    );
    const stored: unknown = JSON.parse(
      JSON.stringify(typeOf(google.chat())[serialize]!(google.chat())),
    );
    expect(stored).toEqual({ id: "main", method: "chat", args: [] });
    const found = typeOf(google.chat())[deserialize]!(stored) as Fake;
    expect((await generateText({ model: found, prompt: "Hi" })).text).toBe("well");
  });

  test("are told what is missing", () => {
    const model = holdfastModel(quick(), [fake({})]);
    expect(() => typeOf(model)[serialize]!(model)).toThrow(/has an id/);
    expect(() => typeOf(model)[deserialize]!({ id: "nobody", args: [] })).toThrow(
      /"nobody" was made in this process/,
    );
  });
});

describe("an agent", () => {
  test("hears of a final timeout, which is no abort of its caller's", async () => {
    const onError = vi.fn<(event: object) => void>();
    const model = fake({
      generate: () => Promise.reject(new DOMException("took too long", "TimeoutError")),
      stream: () => Promise.reject(new DOMException("took too long", "TimeoutError")),
    });
    const agent = new ToolLoopAgent({
      model: holdfastModel(quick({ attempts: 2 }), [model]),
      onError,
    });
    const result = await agent.stream({ prompt: "Hi" });
    await result.consumeStream();
    expect(onError).toHaveBeenCalledTimes(1);
    await expect(agent.generate({ prompt: "Hi" })).rejects.toMatchObject({
      failure: { kind: "timeout" },
    });
  });
});

test("a last resort of another family is handed on as it is", async () => {
  const policy = quick({ attempts: 1, degrade: () => ({ embeddings: [[0, 0]], warnings: [] }) });
  const model = holdfastModel(policy, [
    new MockEmbeddingModelV4({ doEmbed: () => Promise.reject(apiError(503)) }),
  ]);
  expect((await model.doEmbed({ values: ["kelp"] })).embeddings).toEqual([[0, 0]]);
});

describe("families that Google's provider lacks", () => {
  afterEach(() => vi.restoreAllMocks());
  const response = { timestamp: new Date(0), modelId: "m", headers: {} };

  test("a ranking comes after an overload", async () => {
    const doRerank = vi
      .fn<() => Promise<never>>()
      .mockRejectedValueOnce(apiError(503))
      .mockResolvedValue({ ranking: [{ index: 0, relevanceScore: 1 }] } as never);
    const model = holdfastModel(quick(), [new MockRerankingModelV4({ doRerank })]);
    const { ranking } = await model.doRerank({
      documents: { type: "text", values: ["a"] },
      query: "a",
    });
    expect(ranking).toEqual([{ index: 0, relevanceScore: 1 }]);
  });

  test("a transcription of silence is an answer", async () => {
    const transcript = {
      text: "",
      segments: [],
      language: undefined,
      durationInSeconds: 1,
      warnings: [],
      response,
    };
    const doGenerate = vi
      .fn<() => Promise<never>>()
      .mockRejectedValueOnce(apiError(503))
      .mockResolvedValue(transcript as never);
    const model = holdfastModel(quick(), [new MockTranscriptionModelV4({ doGenerate })]);
    expect((await model.doGenerate({ audio: "AA==", mediaType: "audio/wav" })).text).toBe("");
    expect(doGenerate).toHaveBeenCalledTimes(2);
  });

  test("a video that may have been begun is not begun twice", async () => {
    const doGenerate = vi
      .fn<() => Promise<never>>()
      .mockRejectedValue(apiError(500, "An internal error has occurred."));
    const clock = createVirtualClock();
    const model = holdfastModel(createPolicy({}, { clock }), [
      new MockVideoModelV4({ doGenerate }),
    ]);
    await expect(model.doGenerate!({ prompt: "kelp" } as never)).rejects.toMatchObject({
      statusCode: 500,
    });
    expect(doGenerate).toHaveBeenCalledTimes(1);
    doGenerate
      .mockReset()
      .mockRejectedValueOnce(apiError(429, "Quota exceeded, retry in 0s"))
      .mockResolvedValue({
        videos: [{ type: "url", url: "u", mediaType: "video/mp4" }],
        warnings: [],
        response,
      } as never);
    const { videos } = await clock.run(model.doGenerate!({ prompt: "kelp" } as never));
    expect(videos).toHaveLength(1);
  });

  test("an operation that was begun is asked after where it was begun", async () => {
    const seen: unknown[] = [];
    const made = (name: string, fails: boolean): object => ({
      specificationVersion: "v4",
      provider: "clips",
      modelId: "clip-1",
      maxVideosPerCall: 1,
      doStart: () =>
        fails
          ? Promise.reject(apiError(403, "denied"))
          : Promise.resolve({ operation: { id: name }, warnings: [], response }),
      doStatus: (options: { operation: unknown }) => {
        seen.push([name, options.operation]);
        return Promise.resolve({ status: "pending", response });
      },
    });
    const policy = quick({
      accounts: [
        { name: "one", apiKey: "k1" },
        { name: "two", apiKey: "k2" },
      ],
    });
    const factory = ({ apiKey }: { apiKey: string }): object =>
      Object.assign(() => null, { video: () => made(apiKey, apiKey === "k1") });
    const model = (
      holdfastProvider(policy, factory as never) as unknown as {
        video(id: string): MockVideoModelV4;
      }
    ).video("clip-1");
    const { operation } = await model.doStart!({ prompt: "kelp" } as never);
    expect(JSON.parse(JSON.stringify(operation))).toEqual(operation);
    await model.doStatus!({ operation });
    expect(seen).toEqual([["k2", { id: "k2" }]]);
  });
});
