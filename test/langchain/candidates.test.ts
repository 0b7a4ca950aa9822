// Everything that may stand in a list of candidates, and conversations that move between them.
import { createPolicy } from "@holdfast/core";
import { type Simulator } from "@holdfast/gemini-simulator";
import { HoldfastChatModel, holdfastChatModel } from "@holdfast/langchain";
import { type BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { FakeListChatModel, FakeStreamingChatModel } from "@langchain/core/utils/testing";
import { ChatGoogle } from "@langchain/google";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { createAgent, fakeModel, initChatModel, tool } from "langchain";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";

import { chatModel, flash, gemini, hurriedPolicy, keys, packages, pro } from "./support/gemini.ts";
import { hurriedClock } from "./support/hurried-clock.ts";

const third = "gemini-3-flash-preview";
const weather = tool(() => "sunny", {
  name: "weather",
  description: "tells the weather",
  schema: z.object({ city: z.string() }),
});
const question = { messages: [{ role: "user", content: "weather" }] };

type Make = (simulator: Simulator, model: string, apiKey?: string) => BaseChatModel;
const make: Record<(typeof packages)[number], Make> = {
  genai: ({ url }, model, apiKey = keys.spare) =>
    new ChatGoogleGenerativeAI({ model, apiKey, baseUrl: url }),
  google: ({ url }, model, apiKey = keys.spare) => new ChatGoogle({ model, apiKey, endpoint: url }),
};

describe("instances of one's own", () => {
  test.each(packages)(
    "of %s keep their keys, lose their retries and stay as they are",
    async (name) => {
      const simulator = await gemini({ rules: [{ model: pro, fault: "internal-error" }] });
      const [first, second] = [make[name](simulator, pro, keys.main), make[name](simulator, flash)];
      const { caller } = first;
      const model = holdfastChatModel(hurriedPolicy(simulator), [first, second]);
      expect((await model.invoke("hello")).text).toContain("heard: hello");
      expect(simulator.log.all().map(({ account }) => account)).toEqual([
        "main",
        "main",
        "main",
        "spare",
      ]);
      expect(first.caller).toBe(caller);
      expect(Object.hasOwn(first, "_generate")).toBe(false);
    },
  );

  test("of one key share its fate", async () => {
    const simulator = await gemini({ rules: [{ account: "main", fault: "leaked-key" }] });
    const models = [
      make.genai(simulator, pro, keys.main),
      make.google(simulator, flash, keys.main),
      make.google(simulator, flash),
    ];
    const answer = await holdfastChatModel(hurriedPolicy(simulator), models).invoke("hello");
    expect(answer.text).toContain("heard");
    expect(simulator.log.all().map(({ account }) => account)).toEqual(["main", "spare"]);
  });

  test("a single one is a list of one", async () => {
    const simulator = await gemini({ rules: [{ fault: "overload", nth: 1 }] });
    const model = holdfastChatModel(hurriedPolicy(simulator), make.google(simulator, flash));
    expect((await model.invoke("hello")).text).toContain("heard: hello");
    expect(simulator.log.count()).toBe(2);
  });

  test("bound ones keep what was bound", async () => {
    const simulator = await gemini();
    const bound = make.google(simulator, flash).withConfig({ temperature: 0.25 } as object);
    const model = holdfastChatModel(hurriedPolicy(simulator), [bound]);
    await model.invoke("hello");
    expect(simulator.log.last()?.body).toContain('"temperature":0.25');
    const schema = z.object({ a: z.number() });
    expect(await model.withStructuredOutput(schema).invoke("hello")).toEqual({ a: 1 });
    expect(simulator.log.last()?.body).toContain('"temperature":0.25');
  });

  test.each(packages)("of %s with tools bound to them call the tools", async (name) => {
    const simulator = await gemini({ rules: [{ model: pro, fault: "internal-error" }] });
    const models = [pro, flash].map((asked) => make[name](simulator, asked).bindTools?.([weather]));
    const model = holdfastChatModel(hurriedPolicy(simulator), models as BaseChatModel[]);
    const { tool_calls } = await model.invoke("weather");
    expect(tool_calls).toMatchObject([{ name: "weather" }]);
  });

  test("configurable ones are resolved", async () => {
    const simulator = await gemini();
    const fields = { modelProvider: "google-genai", apiKey: keys.spare, baseUrl: simulator.url };
    const configurable = await initChatModel(flash, fields);
    const model = holdfastChatModel(hurriedPolicy(simulator), [configurable as never]);
    expect((await model.invoke("hello")).text).toContain("heard: hello");
    const agent = createAgent({ model, tools: [weather] });
    expect((await agent.invoke(question)).messages).toHaveLength(4);
  });
});

test("names are served by the policy's accounts", async () => {
  const simulator = await gemini({ rules: [{ account: "main", fault: "invalid-key" }] });
  const model = holdfastChatModel(hurriedPolicy(simulator), [`google-genai:${flash}`]);
  expect((await model.invoke("hello")).text).toContain("heard: hello");
  expect(simulator.log.all().map(({ account }) => account)).toEqual(["main", "spare"]);
  const bare = holdfastChatModel(hurriedPolicy(simulator), [flash]);
  expect((await bare.invoke("hello")).text).toContain("heard: hello");
});

test("models of other providers find their keys themselves and are not shown ours", async () => {
  vi.stubEnv("OPENAI_API_KEY", undefined);
  const simulator = await gemini({ rules: [{ fault: "overload" }] });
  const model = holdfastChatModel(hurriedPolicy(simulator), ["openai:gpt-5-mini", flash]);
  const error = await model.invoke("hello").catch((reason: unknown) => reason);
  expect(String(error)).not.toContain("AIza");
});

describe("fakes of LangChain's own", () => {
  const policy = createPolicy({ stallTimeout: Infinity }, { clock: hurriedClock() });

  test("answer, stream and call tools", async () => {
    const list = holdfastChatModel(policy, new FakeListChatModel({ responses: ["one", "two"] }));
    expect((await list.invoke("x")).text).toBe("one");
    const streaming = new FakeStreamingChatModel({ responses: [new AIMessage("abc")] });
    let text = "";
    for await (const chunk of await holdfastChatModel(policy, streaming).stream("x"))
      text += chunk.text;
    expect(text).toBe("abc");
    const calling = fakeModel()
      .respondWithTools([{ name: "weather", args: { city: "Turin" }, id: "1" }])
      .respond(new AIMessage("done"));
    const agent = createAgent({ model: holdfastChatModel(policy, calling), tools: [weather] });
    expect((await agent.invoke(question)).messages.at(-1)?.text).toBe("done");
  });

  test("tell how much of the input came from a cache, which is cheaper", async () => {
    const spent: unknown[] = [];
    const telling = policy.with({
      onEvent: ({ type, ...event }) => void (type === "call-end" && spent.push(event)),
    });
    const usage_metadata = {
      input_tokens: 1_000,
      output_tokens: 10,
      total_tokens: 1_010,
      input_token_details: { cache_read: 900 },
    };
    const answer = Object.assign(new AIMessage("abc"), { usage_metadata });
    await holdfastChatModel(telling, fakeModel().respond(answer)).invoke("x");
    const usage = { inputTokens: 1_000, outputTokens: 10, cachedInputTokens: 900 };
    expect(spent).toMatchObject([{ usage }]);
  });

  test("that say nothing are asked again", async () => {
    const silent = new FakeListChatModel({ responses: ["", "at last"] });
    expect((await holdfastChatModel(policy, silent).invoke("x")).text).toBe("at last");
  });
});

test("a subclass can be made the way LangChain's own suite makes its models", async () => {
  const simulator = await gemini({ rules: [{ model: pro, fault: "internal-error" }] });
  const policy = hurriedPolicy(simulator);
  class Suited extends HoldfastChatModel {
    constructor(fields: object = {}) {
      super({
        ...fields,
        policy,
        models: [make.genai(simulator, pro), make.genai(simulator, flash)],
      });
    }
  }
  const model = new Suited({ streaming: true });
  expect((await model.invoke("hello")).text).toContain("heard: hello");
  expect(model.bindTools([weather])).toBeDefined();
  expect(model.withStructuredOutput(z.object({ a: z.number() }))).toBeDefined();
});

describe("a tool loop that moves from one package to the other", () => {
  const moves = [
    ["genai", "google"],
    ["google", "genai"],
    ["genai", "genai"],
    ["google", "google"],
  ] as const;
  const told = { invoke: "answers", streamEvents: "tells events" } as const;
  const ways = moves.flatMap(([from, to]) =>
    (["invoke", "streamEvents"] as const).map((way) => ({ from, to, way, does: told[way] })),
  );

  test.each(ways)(
    "keeps the call, once, and its signature from $from to $to where the agent $does",
    async ({ from, to, way }) => {
      const simulator = await gemini({
        rules: [{ model: third, fault: "internal-error", nth: { first: 2 } }],
      });
      const other = "gemini-3.8-flash";
      const models = [make[from](simulator, third), make[to](simulator, other)];
      const agent = createAgent({
        model: holdfastChatModel(hurriedPolicy(simulator), models),
        tools: [weather],
      });
      const { messages } =
        way === "invoke"
          ? await agent.invoke(question)
          : await (
              await agent.streamEvents(question, { version: "v3" })
            ).output;
      expect(messages.at(-1)?.type).toBe("ai");
      const sent = JSON.parse(simulator.log.last({ model: other })?.body ?? "{}") as {
        contents: {
          parts: {
            functionCall?: { name: string };
            functionResponse?: object;
            thoughtSignature?: string;
          }[];
        }[];
      };
      const parts = sent.contents.flatMap((content) => content.parts);
      const calls = parts.filter(({ functionCall }) => functionCall);
      expect(calls).toMatchObject([{ functionCall: { name: "weather" } }]);
      expect(calls[0]?.thoughtSignature?.length).toBeGreaterThan(0);
      expect(calls[0]?.thoughtSignature).not.toMatch(/skip/);
      expect(parts.filter(({ functionResponse }) => functionResponse)).toHaveLength(1);
    },
  );

  test.each(packages)("that was thought about in standard blocks reaches %s", async (name) => {
    const simulator = await gemini();
    const model = chatModel(hurriedPolicy(simulator), name, { model: third });
    const content = [
      { type: "reasoning" as const, reasoning: "sunny, I think" },
      { type: "text" as const, text: "It is sunny." },
    ];
    const metadata = { response_metadata: { output_version: "v1" } };
    await model.invoke([
      new HumanMessage("weather"),
      new AIMessage({ content, ...metadata }),
      new HumanMessage("sure?"),
    ]);
    const { body } = simulator.log.last() ?? {};
    expect(body).toContain("It is sunny.");
    expect(
      body?.match(/sunny, I think.{0,9}"thought":true|"thought":true.{0,9}"sunny, I think/),
    ).toBeTruthy();
  });

  test.each(packages)("from another provider reaches %s whole", async (name) => {
    const simulator = await gemini();
    const model = chatModel(hurriedPolicy(simulator), name, { model: third });
    await model.bindTools([weather]).invoke([
      new HumanMessage("weather"),
      new AIMessage({
        content: "",
        tool_calls: [{ name: "weather", args: { city: "Turin" }, id: "call-1" }],
      }),
      new ToolMessage({ content: "sunny", tool_call_id: "call-1", name: "weather" }),
    ]);
    const body = simulator.log.last()?.body ?? "";
    expect(body).toContain('"functionCall":{"name":"weather"');
    expect(body).toContain('"thoughtSignature"');
  });

  test("can be prepared by the caller", async () => {
    const simulator = await gemini();
    const seen: string[] = [];
    const model = chatModel(hurriedPolicy(simulator), "google", {
      prepareMessages: (messages, { lc_namespace: [, , last = ""] }) => {
        seen.push(last);
        return [...messages, new HumanMessage("and prepared")];
      },
    });
    expect((await model.invoke("hello")).text).toContain("and prepared");
    expect(seen).toHaveLength(1);
  });
});

test("pictures and files reach the model", async () => {
  const simulator = await gemini();
  const data = Buffer.from("picture").toString("base64");
  for (const name of packages) {
    const model = chatModel(hurriedPolicy(simulator), name);
    const content = [
      { type: "text", text: "what is this" },
      { type: "image_url", image_url: { url: `data:image/png;base64,${data}` } },
    ];
    await model.invoke([new HumanMessage({ content })]);
    expect(simulator.log.last()?.body).toContain(data);
  }
});

test("no endpoint but the account's own is shown its key", async () => {
  const policy = createPolicy({ accounts: [{ name: "main", apiKey: keys.main }] });
  expect(() =>
    holdfastChatModel(policy, ChatGoogle, { model: flash, endpoint: "https://relay.example" }),
  ).toThrow(/relay\.example.*"main".*baseURL/s);
});

test("nothing to make models from is refused", () => {
  const policy = createPolicy();
  expect(() => holdfastChatModel(policy, [])).toThrow("empty");
  expect(() => holdfastChatModel(policy, undefined as never)).toThrow(TypeError);
  expect(() => holdfastChatModel(policy, ChatGoogle, {} as never)).toThrow(
    "ChatGoogle of which model?",
  );
});
