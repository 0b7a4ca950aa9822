// An answer that broke off and was gone on with, as everyone hears it who listens: each word of it, once, in one message.
import { type Simulator } from "@holdfast/gemini-simulator";
import {
  holdfastAgentMiddleware,
  type HoldfastChatModel,
  type HoldfastModelFields,
} from "@holdfast/langchain";
import { type AIMessageChunk } from "@langchain/core/messages";
import { RunCollectorCallbackHandler } from "@langchain/core/tracers/run_collector";
import { ChatGoogle } from "@langchain/google";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { createAgent } from "langchain";
import { describe, expect, test } from "vitest";

import { chatModel, flash, gemini, hurriedPolicy, keys, packages } from "./support/gemini.ts";

const story =
  "Kelp holds fast to the rock with a holdfast, which is no root, and lets the storm go by above it. " +
  "It grows in cold seas, and where it grows the water is calm, and there the young fish hide.";
const question = { messages: [{ role: "user", content: "a story" }] };
const speed = { tokensPerSecond: 10_000, tokensPerChunk: 1 };
const goingOn = { afterContent: "continue" } as const;

/** How a stream may break after its first content. */
const faults = ["reset-mid-body", "truncated-stream", "stream-error"] as const;

/** Tells one story, and breaks the first and the second time. */
async function telling(fault: (typeof faults)[number]): Promise<Simulator> {
  return gemini({ reply: story, speed, rules: [{ fault, nth: { first: 1, last: 2 } }] });
}

/** Writes down the tokens that callbacks are told. */
class Ear {
  text = "";
  readonly handler = { handleLLMNewToken: (token: string) => void (this.text += token) };
}

describe.each(packages)("over %s", (name) => {
  describe.each(faults)("after a %s", (fault) => {
    async function model(
      fields: HoldfastModelFields & { streaming?: boolean } = {},
    ): Promise<HoldfastChatModel> {
      return chatModel(hurriedPolicy(await telling(fault), goingOn), name, fields);
    }

    test.each(["attempts", "flat"] as const)(
      "a stream and its tokens (%s) are the story",
      async (trace) => {
        const ear = new Ear();
        const ids = new Set<string | undefined>();
        let text = "";
        const stream = await (await model({ trace })).stream("x", { callbacks: [ear.handler] });
        for await (const chunk of stream) {
          text += chunk.text;
          ids.add(chunk.id);
        }
        expect([text, ear.text]).toEqual([story, story]);
        expect(ids.size).toBe(1);
      },
    );

    test("streamEvents tells the story as one message", async () => {
      const events = (await model()).streamEvents("x");
      let text = "";
      const finished: unknown[] = [];
      const kinds: string[] = [];
      for await (const event of events) {
        kinds.push(event.event);
        if (event.event === "content-block-delta" && event.delta.type === "text-delta")
          text += event.delta.text;
        if (event.event === "content-block-finish") finished.push(event.content);
      }
      const whole = (await events.output).text;
      expect(whole).toBe(story);
      expect(kinds.filter((kind) => kind.startsWith("message"))).toEqual([
        "message-start",
        "message-finish",
      ]);
      expect(finished.map((block) => (block as { text: string }).text).join("")).toBe(story);
      // What begins with a block has its first text in the block, not in a delta.
      expect(story.endsWith(text)).toBe(true);
    });

    test("streamEvents in version 2 tells no word twice", async () => {
      let text = "";
      for await (const { event, data } of (await model()).streamEvents("x", { version: "v2" }))
        if (event === "on_chat_model_stream") text += (data.chunk as AIMessageChunk).text;
      expect(text).toBe(story);
    });

    test.each(["attempts", "flat"] as const)(
      "a model that streams inside invoke (%s) answers and tells the story",
      async (trace) => {
        const ear = new Ear();
        const held = await model({ streaming: true, trace });
        const answer = await held.invoke("x", { callbacks: [ear.handler] });
        expect([answer.text, ear.text]).toEqual([story, story]);
        expect(answer.response_metadata["holdfast"]).toMatchObject({ attempts: 3 });
      },
    );

    test.each(["attempts", "flat"] as const)(
      "an agent's messages (%s) are one message with the story",
      async (trace) => {
        const agent = createAgent({ model: await model({ trace }), tools: [] });
        let text = "";
        const ids = new Set<string | undefined>();
        let last: unknown;
        const stream = await agent.stream(question, { streamMode: ["messages", "values"] });
        for await (const [mode, data] of stream)
          if (mode === "messages") {
            const [message] = data;
            text += message.text;
            ids.add(message.id);
          } else if (mode === "values") last = data.messages.at(-1);
        expect(text).toBe(story);
        expect(ids.size).toBe(1);
        expect(last).toMatchObject({ text: story, id: [...ids][0] });
      },
    );

    test.each(["attempts", "flat"] as const)(
      "an agent's events in version 3 (%s) are one message with the story",
      async (trace) => {
        const agent = createAgent({ model: await model({ trace }), tools: [] });
        const run = await agent.streamEvents(question, { version: "v3" });
        const texts: string[] = [];
        for await (const message of run.messages) texts.push((await message.output).text);
        expect(texts).toEqual([story]);
        expect((await run.output).messages.at(-1)?.text).toBe(story);
      },
    );

    test("an agent's events in version 2 tell no word twice", async () => {
      const agent = createAgent({ model: await model(), tools: [] });
      let text = "";
      for await (const { event, data } of agent.streamEvents(question, { version: "v2" }))
        if (event === "on_chat_model_stream") text += (data.chunk as AIMessageChunk).text;
      expect(text).toBe(story);
    });
  });

  test("an agent around whose own model the policy stands goes on as well", async () => {
    const simulator = await telling("reset-mid-body");
    const own =
      name === "genai"
        ? new ChatGoogleGenerativeAI({ model: flash, apiKey: keys.main, baseUrl: simulator.url })
        : new ChatGoogle({ model: flash, apiKey: keys.main, endpoint: simulator.url });
    const middleware = [holdfastAgentMiddleware(hurriedPolicy(simulator, goingOn))];
    const agent = createAgent({ model: own, tools: [], middleware });
    let text = "";
    for await (const [message] of await agent.stream(question, { streamMode: "messages" }))
      text += message.text;
    expect(text).toBe(story);
  });

  test("a run tree has the whole answer where it was heard, and who went on", async () => {
    const simulator = await telling("reset-mid-body");
    const collector = new RunCollectorCallbackHandler();
    const model = chatModel(hurriedPolicy(simulator, goingOn), name, { streaming: true });
    await model.invoke("x", { callbacks: [collector] });
    const runs = collector.tracedRuns[0]?.child_runs ?? [];
    expect(runs.map(({ run_type, error }) => [run_type, error !== undefined])).toEqual([
      ["llm", false],
      ["llm", true],
      ["llm", false],
    ]);
    const said = runs.map(({ outputs }) => JSON.stringify(outputs ?? {}).includes(story));
    expect(said).toEqual([true, false, false]);
  });

  test("what goes on with another text is not heard, and ends as interrupted", async () => {
    const asked = "Which plant holds fast to its rock in every storm of the winter? ".repeat(20);
    const simulator = await gemini({ speed, rules: [{ fault: "reset-mid-body", nth: 1 }] });
    const ear = new Ear();
    const policy = hurriedPolicy(simulator, { ...goingOn, attempts: 3 });
    const model = chatModel(policy, name, { streaming: true });
    // The simulator answers a request to go on with an echo of it.
    const call = model.invoke(asked, { callbacks: [ear.handler] });
    await expect(call).rejects.toMatchObject({ name: "GaveUpError" });
    expect(ear.text.length).toBeGreaterThan(100);
    expect(`${flash} heard: ${asked}`.startsWith(ear.text)).toBe(true);
    expect(simulator.log.count()).toBe(3);
  });
});
