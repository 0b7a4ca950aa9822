import { type Simulator } from "@holdfast/gemini-simulator";
// Whatever a bare chat model does, with the first model always failing and the second one healthy.
import {
  type HoldfastChatModel,
  holdfastChatModel,
  type HoldfastModelFields,
} from "@holdfast/langchain";
import { InMemoryCache } from "@langchain/core/caches";
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { type AIMessageChunk } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { RunCollectorCallbackHandler } from "@langchain/core/tracers/run_collector";
import { concat } from "@langchain/core/utils/stream";
import { ChatGoogle } from "@langchain/google";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import {
  createAgent,
  MultipleToolsBoundError,
  providerStrategy,
  tool,
  toolStrategy,
} from "langchain";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";

import { chatModel, flash, gemini, hurriedPolicy, keys, packages, pro } from "./support/gemini.ts";

const pair = z.object({ a: z.number(), b: z.number() });
const add = tool(({ a, b }) => String(a + b), { name: "add", description: "adds", schema: pair });

/** The packages, and a list in which one package falls back to the other. */
const kinds = [...packages, "mixed"] as const;

/** The first account always answers 503, the second one serves. */
async function firstAccountDown(kind: (typeof kinds)[number]): Promise<HoldfastChatModel> {
  const simulator = await gemini({ rules: [{ account: "main", fault: "overload" }] });
  const policy = hurriedPolicy(simulator);
  if (kind !== "mixed") return chatModel(policy, kind);
  return holdfastChatModel(policy, [
    new ChatGoogle({ model: flash, apiKey: keys.main, endpoint: simulator.url }),
    new ChatGoogleGenerativeAI({ model: flash, apiKey: keys.spare, baseUrl: simulator.url }),
  ]);
}

async function failing(
  kind: (typeof kinds)[number],
  fields: HoldfastModelFields = {},
): Promise<{ model: HoldfastChatModel; simulator: Simulator }> {
  const simulator = await gemini({ rules: [{ model: pro, fault: "internal-error" }] });
  const { url: baseURL } = simulator;
  const accounts = [{ name: "main", apiKey: keys.main, baseURL }];
  const policy = hurriedPolicy(simulator, { accounts, fallbacks: { [pro]: [flash] } });
  if (kind !== "mixed")
    return { model: chatModel(policy, kind, { model: pro, ...fields }), simulator };
  const models = [
    new ChatGoogle({ model: pro, apiKey: keys.main, endpoint: baseURL }),
    new ChatGoogleGenerativeAI({ model: flash, apiKey: keys.main, baseUrl: baseURL }),
  ];
  return { model: holdfastChatModel(policy, models, fields), simulator };
}

/** Writes down what callbacks see. */
class Diary extends BaseCallbackHandler {
  override name = "diary";
  override awaitHandlers = true;
  lc_prefer_streaming: boolean;
  readonly lines: string[] = [];

  constructor({ streaming = false } = {}) {
    super();
    this.lc_prefer_streaming = streaming;
  }

  override handleChatModelStart(...[, , , , , tags, metadata]: unknown[]): void {
    const { ls_model_name: model } = (metadata ?? {}) as { ls_model_name?: string };
    const tag = Array.isArray(tags) ? tags.filter((one) => one !== "seq:step:1").join() : "";
    this.lines.push(`model ${model}${tag && ` #${tag}`}`);
  }

  override handleLLMNewToken(token: string): void {
    if (token) this.lines.push("token");
  }

  override handleLLMEnd(): void {
    this.lines.push("answer");
  }

  override handleLLMError(): void {
    this.lines.push("failed");
  }

  override handleChainStart(): void {
    this.lines.push("chain");
  }

  override handleChainEnd(): void {
    this.lines.push("end");
  }

  override handleChainError(): void {
    this.lines.push("chain failed");
  }
}

/** What comes of structured output in a mode that neither package has. */
async function inJsonMode(model: BaseChatModel): Promise<unknown> {
  try {
    return await model.withStructuredOutput(pair, { method: "jsonMode" }).invoke("x");
  } catch (error) {
    return (error as Error).message;
  }
}

const tries = [
  `model ${pro}`,
  "failed",
  `model ${pro} #attempt:2`,
  "failed",
  `model ${pro} #attempt:3`,
  "failed",
  `model ${flash} #attempt:4`,
];

describe.each(kinds)("over %s", (name) => {
  test("it is a chat model, with the profile of the model asked for", async () => {
    const { model } = await failing(name);
    expect(model).toBeInstanceOf(BaseChatModel);
    expect(model.profile.maxInputTokens).toBeGreaterThan(100_000);
    expect(model.getLsParams({}).ls_model_name).toBe(pro);
  });

  test("while the first account always answers 503, all of it works", async () => {
    const model = await firstAccountDown(name);
    expect((await model.invoke("hi")).text).toContain("heard: hi");
    let streamed: AIMessageChunk | undefined;
    for await (const chunk of await model.stream("hi"))
      streamed = streamed ? concat(streamed, chunk) : chunk;
    expect(streamed?.text).toContain("heard: hi");
    expect(await model.batch(["one", "two"], { maxConcurrency: 1 })).toHaveLength(2);
    expect((await model.streamEvents("hi").output).text).toContain("heard: hi");
    let told = "";
    for await (const { event, data } of model.streamEvents("hi", { version: "v2" }))
      if (event === "on_chat_model_stream") told += (data.chunk as AIMessageChunk).text;
    expect(told).toBe(streamed?.text);
    const chain = ChatPromptTemplate.fromTemplate("{q}").pipe(model).pipe(new StringOutputParser());
    expect(await chain.invoke({ q: "hi" })).toBe(told);
    let parsed = "";
    for await (const part of await chain.stream({ q: "hi" })) parsed += part;
    expect(parsed).toBe(told);
    const [made] = (await model.bindTools([add]).invoke("add")).tool_calls ?? [];
    expect(made).toMatchObject({ name: "add", args: { a: 1, b: 1 } });
    expect(await model.withStructuredOutput(pair).invoke("x")).toEqual({ a: 1, b: 1 });
    const both = await model.withStructuredOutput(pair, { includeRaw: true }).invoke("x");
    expect([both.raw.type, both.parsed]).toEqual(["ai", { a: 1, b: 1 }]);
    const question = { messages: [{ role: "user", content: "add" }] };
    for (const responseFormat of [providerStrategy(pair), toolStrategy(pair)]) {
      const format = responseFormat as unknown as typeof pair;
      const agent = createAgent({ model, tools: [], responseFormat: format });
      expect((await agent.invoke(question)).structuredResponse).toEqual({ a: 1, b: 1 });
    }
    const agent = createAgent({ model, tools: [add] });
    const types = (await agent.invoke(question)).messages.map(({ type }) => type);
    expect(types).toEqual(["human", "ai", "tool", "ai"]);
    let text = "";
    for await (const [message] of await agent.stream(question, { streamMode: "messages" }))
      if (message.type === "ai") text += message.text;
    expect(text.match(/heard: add/g)).toHaveLength(1);
    const run = await agent.streamEvents(question, { version: "v3" });
    expect((await run.output).messages.map(({ type }) => type)).toEqual(types);
  });

  test("a batch answers each item on its own", async () => {
    const { model } = await failing(name);
    const answers = await model.batch(["one", "two", "three"]);
    expect(answers.map(({ text }) => text.split("\n")[0])).toEqual(
      ["one", "two", "three"].map((word) => expect.stringContaining(`heard: ${word}`) as string),
    );
  });

  test("a chain of prompt, model and parser is invoked and streamed", async () => {
    const { model } = await failing(name);
    const chain = ChatPromptTemplate.fromMessages([["human", "{q}"]])
      .pipe(model)
      .pipe(new StringOutputParser());
    expect(await chain.invoke({ q: "why" })).toContain("heard: why");
    let streamed = "";
    for await (const text of await chain.stream({ q: "why" })) streamed += text;
    expect(streamed).toContain("heard: why");
  });

  test("callbacks see one chain with every attempt in it and the right model", async () => {
    const { model } = await failing(name);
    const diary = new Diary();
    await model.invoke("hi", { callbacks: [diary] });
    const withoutTokens = diary.lines.filter((line) => line !== "token");
    expect(withoutTokens).toEqual(["chain", ...tries, "answer", "end"]);
  });

  test("callbacks of a stream see the tokens of the model that served and of no other", async () => {
    const { model } = await failing(name);
    const diary = new Diary();
    for await (const _ of await model.stream("hi", { callbacks: [diary] }));
    const lines = diary.lines.filter(
      (line, at, all) => line !== "token" || all[at - 1] !== "token",
    );
    // The google package tells its tokens of a stream, as the genai package does.
    expect(lines).toEqual(["chain", ...tries, "token", "answer", "end"]);
  });

  test("callbacks given to the constructor are heard once", async () => {
    const diary = new Diary();
    const { model } = await failing(name, { callbacks: [diary] });
    await model.invoke("hi");
    expect(diary.lines.filter((line) => line === "answer")).toHaveLength(1);
    expect(diary.lines[0]).toBe("chain");
  });

  test("callbacks and tags of a candidate's own are kept", async () => {
    const { model, simulator } = await failing(name);
    const diary = new Diary();
    const own = { apiKey: keys.main, model: flash, callbacks: [diary], tags: ["own"] };
    const candidate =
      name === "google"
        ? new ChatGoogle({ ...own, endpoint: simulator.url })
        : new ChatGoogleGenerativeAI({ ...own, baseUrl: simulator.url });
    const held = holdfastChatModel(model.policy, [candidate]);
    await held.invoke("hi");
    for await (const _ of await held.stream("hi"));
    const lines = diary.lines.filter((line) => line !== "token");
    expect(lines).toEqual([`model ${flash} #own`, "answer", `model ${flash} #own`, "answer"]);
  });

  test("a run tree has each attempt with its error and its model", async () => {
    const { model } = await failing(name);
    const collector = new RunCollectorCallbackHandler();
    await model.invoke("hi", { callbacks: [collector], metadata: { user: "u1" } });
    const [run] = collector.tracedRuns;
    expect(run).toMatchObject({ run_type: "chain", name: "HoldfastChatModel" });
    const children = run?.child_runs ?? [];
    expect(children.map(({ run_type, error }) => [run_type, error !== undefined])).toEqual([
      ["llm", true],
      ["llm", true],
      ["llm", true],
      ["llm", false],
    ]);
    const told = children.map(({ extra }): unknown => extra?.["metadata"]);
    const about = [pro, pro, pro, flash].map((ls_model_name) => ({ ls_model_name, user: "u1" }));
    expect(told).toMatchObject(about);
    expect(JSON.stringify(run)).not.toContain(keys.main);
  });

  test("flat, a call is one run and no chain", async () => {
    const diary = new Diary();
    const { model } = await failing(name, { trace: "flat", callbacks: [diary] });
    expect((await model.invoke("hi")).text).toContain("heard: hi");
    expect(diary.lines.filter((line) => line !== "token")).toEqual([`model ${pro}`, "answer"]);
    let streamed: AIMessageChunk | undefined;
    for await (const chunk of await model.stream("hi"))
      streamed = streamed ? concat(streamed, chunk) : chunk;
    expect(streamed?.text).toContain("heard: hi");
  });

  test("streamEvents tells its events in version 2 and in version 3", async () => {
    const { model } = await failing(name);
    const second: string[] = [];
    for await (const { event } of model.streamEvents("hi", { version: "v2" })) second.push(event);
    expect(second[0]).toBe("on_chain_start");
    expect(second.at(-1)).toBe("on_chain_end");
    expect(second).toContain("on_chat_model_stream");
    const third = model.streamEvents("hi");
    const events: string[] = [];
    for await (const { event } of third) events.push(event);
    expect(events[0]).toBe("message-start");
    expect(events.at(-1)).toBe("message-finish");
    expect((await third.output).text).toContain("heard: hi");
  });

  test("bound tools are called, in an answer and in a stream", async () => {
    const { model, simulator } = await failing(name);
    const answer = await model.bindTools([add], { tool_choice: "any" }).invoke("add");
    expect(answer.tool_calls).toMatchObject([{ name: "add", args: { a: 1, b: 1 } }]);
    expect(simulator.log.last()?.body).toContain('"ANY"');
    let streamed: AIMessageChunk | undefined;
    for await (const chunk of await model.bindTools([add]).stream("add"))
      streamed = streamed ? concat(streamed, chunk) : chunk;
    expect(streamed?.tool_calls).toMatchObject([{ name: "add", args: { a: 1, b: 1 } }]);
  });

  test.each(["jsonSchema", "functionCalling"] as const)(
    "structured output by %s is parsed",
    async (method) => {
      const { model } = await failing(name);
      expect(await model.withStructuredOutput(pair, { method }).invoke("x")).toEqual({
        a: 1,
        b: 1,
      });
      const both = await model
        .withStructuredOutput(pair, { method, includeRaw: true, name: "pair" })
        .invoke("x");
      expect(both.parsed).toEqual({ a: 1, b: 1 });
      expect(both.raw.type).toBe("ai");
      const parts: unknown[] = [];
      for await (const part of await model.withStructuredOutput(pair, { method }).stream("x"))
        parts.push(part);
      expect(parts.at(-1)).toEqual({ a: 1, b: 1 });
    },
  );

  test("a method of structured output that a package lacks is answered as the bare model answers it", async () => {
    // A list is asked in order, and each package answers for itself.
    const { model, simulator } = await failing(name === "mixed" ? "google" : name);
    const bare =
      name === "genai"
        ? new ChatGoogleGenerativeAI({ model: flash, apiKey: keys.main, baseUrl: simulator.url })
        : new ChatGoogle({ model: flash, apiKey: keys.main, endpoint: simulator.url });
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    onTestFinished(() => void vi.restoreAllMocks());
    expect(await inJsonMode(model)).toEqual(await inJsonMode(bare));
  });

  test("a node of a graph is invoked, streamed, and its tokens are heard once", async () => {
    const { model } = await failing(name);
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("invoked", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
      .addNode("streamed", async () => {
        let whole: AIMessageChunk | undefined;
        for await (const chunk of await model.stream("two"))
          whole = whole ? concat(whole, chunk) : chunk;
        return { messages: whole ? [whole] : [] };
      })
      .addEdge(START, "invoked")
      .addEdge("invoked", "streamed")
      .addEdge("streamed", END)
      .compile();
    const input = { messages: [{ role: "user", content: "one" }] };
    const texts = (await graph.invoke(input)).messages.map(({ text }) => text);
    expect(texts).toEqual([
      "one",
      expect.stringContaining("heard: one"),
      expect.stringContaining("heard: two"),
    ]);
    let heard = "";
    for await (const [message] of await graph.stream(input, { streamMode: "messages" }))
      heard += message.text;
    expect(heard.match(/heard: (one|two)/g)).toEqual(["heard: one", "heard: two"]);
  });

  test("options bound by withConfig reach the run", async () => {
    const { model } = await failing(name);
    const diary = new Diary();
    await model.withConfig({ tags: ["mine"], callbacks: [diary] }).invoke("hi");
    expect(diary.lines[1]).toBe(`model ${pro} #mine`);
  });

  test("a cached answer is not asked for again", async () => {
    const { model, simulator } = await failing(name, { cache: new InMemoryCache() });
    const first = await model.invoke("once");
    const asked = simulator.log.count();
    const second = await model.invoke("once", { holdfast: { priority: 1 } });
    expect(second.text).toBe(first.text);
    expect(simulator.log.count()).toBe(asked);
  });

  test("a cache that candidates share keeps them apart", async () => {
    const cache = new InMemoryCache();
    const { model, simulator } = await failing("mixed");
    const common = { apiKey: keys.main, cache };
    const of = (asked: string) =>
      holdfastChatModel(model.policy, [
        name === "google"
          ? new ChatGoogle({ ...common, model: asked, endpoint: simulator.url })
          : new ChatGoogleGenerativeAI({ ...common, model: asked, baseUrl: simulator.url }),
      ]);
    const texts = [];
    for (const asked of [flash, "gemini-2.5-flash-lite", flash])
      texts.push((await of(asked).invoke("once")).text.split(" ")[0]);
    expect(texts).toEqual([flash, "gemini-2.5-flash-lite", flash]);
    expect(simulator.log.count()).toBe(2);
  });

  test("a shared cache keeps the models apart", async () => {
    const cache = new InMemoryCache();
    const { model, simulator } = await failing(name, { cache });
    const other = chatModel(model.policy, "google", { model: "gemini-2.5-flash-lite", cache });
    await model.invoke("once");
    const asked = simulator.log.count();
    await other.invoke("once");
    expect(simulator.log.count()).toBe(asked + 1);
  });

  test("serialised, it shows no key", async () => {
    const { model } = await failing(name);
    await model.invoke("hi");
    expect(JSON.stringify(model)).not.toContain("AIza");
    expect(JSON.stringify(model)).toContain("not_implemented");
  });
});

describe.each(kinds)("an agent over %s", (name) => {
  const question = { messages: [{ role: "user", content: "add" }] };

  test("calls its tools", async () => {
    const { model } = await failing(name);
    const { messages } = await createAgent({ model, tools: [add] }).invoke(question);
    expect(messages.map(({ type }) => type)).toEqual(["human", "ai", "tool", "ai"]);
    expect(messages.at(2)?.text).toBe("2");
  });

  test("streams messages of the model that served", async () => {
    const { model } = await failing(name);
    const agent = createAgent({ model, tools: [] });
    let text = "";
    const models = new Set<unknown>();
    for await (const [message, metadata] of await agent.stream(question, {
      streamMode: "messages",
    })) {
      text += message.text;
      models.add(metadata["ls_model_name"]);
    }
    expect(text).toContain("heard: add");
    expect([...models]).toEqual([flash]);
  });

  test("streams events in version 3", async () => {
    const { model } = await failing(name);
    const run = await createAgent({ model, tools: [] }).streamEvents(question, { version: "v3" });
    const methods = new Set<string>();
    for await (const event of run) methods.add((event as { method: string }).method);
    expect(methods).toContain("messages");
  });

  test.each([
    ["its own choice", pair],
    ["the provider's strategy", providerStrategy(pair)],
    ["the tool strategy", toolStrategy(pair)],
  ])("answers structured by %s", async (_, responseFormat) => {
    const { model } = await failing(name);
    const agent = createAgent({ model, tools: [], responseFormat: responseFormat as typeof pair });
    const { structuredResponse } = await agent.invoke(question);
    expect(structuredResponse).toEqual({ a: 1, b: 1 });
  });

  test("refuses a model that has tools bound already", async () => {
    const { model } = await failing(name);
    const bound = model.bindTools([add]);
    await expect(
      (async () => createAgent({ model: bound as never, tools: [add] }).invoke(question))(),
    ).rejects.toThrow(MultipleToolsBoundError);
  });
});
