import { inspect } from "node:util";

import { GaveUpError } from "@holdfast/core";
import { AIMessageChunk } from "@langchain/core/messages";
import { createAgent, tool } from "langchain";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";

import {
  chatModel,
  flash,
  gemini,
  hurriedPolicy,
  keys,
  mainFails,
  packages,
  pro,
} from "./support/gemini.ts";
import { turns } from "./support/turns.ts";

/** Fails the test when a rejection goes unhandled while it runs. */
function watchRejections(): unknown[] {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  onTestFinished(() => {
    process.off("unhandledRejection", note);
  });
  return unhandled;
}

const slowly = { tokensPerSecond: 10_000, tokensPerChunk: 1 };

describe.each(packages)("over %s", (name) => {
  test("after the first content nothing is repeated, and the error says that the stream was interrupted", async () => {
    const unhandled = watchRejections();
    const simulator = await gemini({ rules: [{ fault: "reset-mid-body" }], speed: slowly });
    const model = chatModel(hurriedPolicy(simulator), name);
    let text = "";
    const reading = (async () => {
      for await (const chunk of await model.stream("hello")) text += chunk.text;
    })();
    const error = await reading.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "GaveUpError", reason: "interrupted" });
    expect(text).not.toBe("");
    expect(simulator.log.count()).toBe(1);
    await turns();
    expect(unhandled).toEqual([]);
  });

  test("an agent that streams inside invoke does not begin its answer twice", async () => {
    const simulator = await gemini({ rules: [{ fault: "reset-mid-body", nth: 1 }], speed: slowly });
    const agent = createAgent({ model: chatModel(hurriedPolicy(simulator), name), tools: [] });
    const ids = new Set<string | undefined>();
    const reading = (async () => {
      const stream = await agent.stream(
        { messages: [{ role: "user", content: "hello" }] },
        { streamMode: "messages" },
      );
      for await (const [message] of stream) if (message.text) ids.add(message.id);
    })();
    await expect(reading).rejects.toThrow("stream broke");
    expect(ids.size).toBe(1);
    expect(simulator.log.count()).toBe(1);
  });

  test.each(["attempts", "flat"] as const)(
    "a model that streams inside invoke (%s) does not tell its tokens twice",
    async (trace) => {
      const simulator = await gemini({
        rules: [{ fault: "reset-mid-body", nth: 1 }],
        speed: slowly,
      });
      const model = chatModel(hurriedPolicy(simulator), name, { streaming: true, trace });
      const tokens: string[] = [];
      const call = model.invoke("hello", {
        callbacks: [{ handleLLMNewToken: (token) => void tokens.push(token) }],
      });
      await expect(call).rejects.toMatchObject({ reason: "interrupted" });
      expect(tokens.join("")).not.toBe("");
      expect(simulator.log.count()).toBe(1);
    },
  );

  test("an agent falls back while no token has left", async () => {
    const simulator = await gemini({ rules: [{ fault: "overload", nth: { first: 1, last: 2 } }] });
    const agent = createAgent({ model: chatModel(hurriedPolicy(simulator), name), tools: [] });
    let text = "";
    const stream = await agent.stream(
      { messages: [{ role: "user", content: "hello" }] },
      { streamMode: "messages" },
    );
    for await (const [message] of stream) text += message.text;
    expect(text.match(/heard: hello/g)).toHaveLength(1);
    expect(simulator.log.count()).toBe(3);
  });

  test("an abort in flight settles at once with the caller's reason and ends the request", async () => {
    const simulator = await gemini({ rules: [{ fault: "hang" }] });
    const model = chatModel(hurriedPolicy(simulator), name);
    for (const way of ["invoke", "stream"] as const) {
      const controller = new AbortController();
      const reason = new Error("enough");
      const asked = simulator.log.count();
      const call = model[way]("hello", { signal: controller.signal });
      const settled = Promise.resolve(call).catch((error: unknown) => error);
      await expect.poll(() => simulator.log.count()).toBe(asked + 1);
      controller.abort(reason);
      expect(await settled).toBe(reason);
      await turns();
      expect(simulator.log.count()).toBe(asked + 1);
    }
  });

  test("an abort of streamEvents in flight settles at once and ends the request", async () => {
    const simulator = await gemini({ rules: [{ fault: "hang" }] });
    const controller = new AbortController();
    const reason = new Error("enough");
    const { signal } = controller;
    const events = chatModel(hurriedPolicy(simulator), name).streamEvents("hello", { signal });
    const settled = (async () => {
      for await (const _ of events);
    })().catch((error: unknown) => error);
    await expect.poll(() => simulator.log.count()).toBe(1);
    controller.abort(reason);
    expect(await settled).toBe(reason);
    await turns();
    expect(simulator.log.count()).toBe(1);
  });

  test.each(["invoke", "stream"] as const)(
    "the timeout that LangChain takes with %s ends the request, and nothing follows it",
    async (way) => {
      const simulator = await gemini({ rules: [{ fault: "hang" }] });
      const model = chatModel(hurriedPolicy(simulator), name);
      await expect(model[way]("hello", { timeout: 50 })).rejects.toMatchObject({
        name: "TimeoutError",
      });
      await turns();
      expect(simulator.log.count()).toBeLessThanOrEqual(1);
    },
  );

  test.each(["invoke", "stream"] as const)(
    "an abort during a backoff of %s settles at once and sends nothing more",
    async (way) => {
      const unhandled = watchRejections();
      const simulator = await gemini({ rules: [{ fault: "overload" }] });
      const controller = new AbortController();
      const reason = new Error("enough");
      const policy = hurriedPolicy(simulator, {
        onEvent: ({ type }) => type === "wait-start" && controller.abort(reason),
      });
      const call = chatModel(policy, name)[way]("hello", { signal: controller.signal });
      await expect(call).rejects.toBe(reason);
      await turns();
      expect(simulator.log.count()).toBe(1);
      expect(unhandled).toEqual([]);
    },
  );

  test("an abort of streamEvents settles at once and sends nothing more", async () => {
    const unhandled = watchRejections();
    const simulator = await gemini({ rules: [{ fault: "overload" }] });
    const controller = new AbortController();
    const reason = new Error("enough");
    const policy = hurriedPolicy(simulator, {
      onEvent: ({ type }) => type === "wait-start" && controller.abort(reason),
    });
    const events = chatModel(policy, name).streamEvents("hello", { signal: controller.signal });
    const reading = (async () => {
      for await (const _ of events);
    })();
    await expect(reading).rejects.toBe(reason);
    await turns();
    expect(simulator.log.count()).toBe(1);
    expect(unhandled).toEqual([]);
  });

  test("an abort in the middle of a stream ends it with the caller's reason", async () => {
    const simulator = await gemini({ rules: [{ fault: "stall-mid-body" }], speed: slowly });
    const model = chatModel(hurriedPolicy(simulator), name);
    const controller = new AbortController();
    const reason = new Error("enough");
    const reading = (async () => {
      for await (const chunk of await model.stream("hello", { signal: controller.signal }))
        if (chunk.text) controller.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
  });

  test("a reader who leaves early frees the target", async () => {
    const simulator = await gemini({ rules: [{ fault: "stall-mid-body", nth: 1 }], speed: slowly });
    const model = chatModel(hurriedPolicy(simulator, { concurrency: 1 }), name);
    for await (const chunk of await model.stream("hello")) if (chunk.text) break;
    expect((await model.invoke("hello")).text).toContain("heard: hello");
  });

  test("of a hundred calls at once none is lost while the first model is down", async () => {
    const simulator = await gemini({ rules: [{ model: pro, fault: "overload" }] });
    const policy = hurriedPolicy(simulator, { fallbacks: { [pro]: [flash] } });
    const model = chatModel(policy, name, { model: pro });
    const answers = await Promise.all(
      Array.from(
        { length: 100 },
        async (_, nth) => [nth, await model.invoke(`question ${nth}`)] as const,
      ),
    );
    for (const [nth, { text }] of answers) expect(text).toContain(`heard: question ${nth}`);
  });

  test("while the only key is dead further calls fail at once, without a request", async () => {
    const simulator = await gemini(mainFails("leaked-key"));
    const accounts = [{ name: "main", apiKey: keys.main, baseURL: simulator.url }];
    const model = chatModel(hurriedPolicy(simulator, { accounts }), name);
    await expect(model.invoke("one")).rejects.toMatchObject({
      failure: { kind: "api-key-leaked" },
    });
    await expect(model.invoke("two")).rejects.toMatchObject({ reason: "all-closed" });
    expect(simulator.log.count()).toBe(1);
  });

  test("no key shows in an error, its causes, events or the status", async () => {
    const simulator = await gemini({
      accounts: [],
      rules: [{ account: "key-1", fault: "unregistered-caller" }, { fault: "invalid-key" }],
    });
    const seen: unknown[] = [];
    const policy = hurriedPolicy(simulator, { onEvent: (event) => void seen.push(event) });
    const error: unknown = await chatModel(policy, name)
      .invoke("hello")
      .catch((reason: unknown) => reason);
    expect(GaveUpError.isInstance(error)).toBe(true);
    const shown = inspect([error, seen, policy.status(), (error as GaveUpError).trace], {
      depth: 12,
      showHidden: true,
    });
    for (const key of Object.values(keys)) expect(shown).not.toContain(key);
  });

  test.each(["attempts", "flat"] as const)(
    "a thread prefers the account that served it before (%s)",
    async (trace) => {
      const simulator = await gemini({
        rules: [{ account: "main", fault: "minute-quota", nth: 1 }],
      });
      const policy = hurriedPolicy(simulator, { patience: 0, quotaWindow: 100 });
      const model = chatModel(policy, name, { trace });
      const thread = { configurable: { thread_id: "thread" } };
      await model.invoke("one", thread);
      await model.invoke("two", thread);
      for await (const _ of model.streamEvents("three", thread));
      const { log } = simulator;
      expect(log.all().map(({ account }) => account)).toEqual(["main", "spare", "spare", "spare"]);
    },
  );

  test("in a tool loop the thought signature of a call comes back to the model that made it", async () => {
    const simulator = await gemini(mainFails("invalid-key"));
    const weather = tool(() => "sunny", {
      name: "weather",
      description: "tells",
      schema: z.object({ city: z.string() }),
    });
    const agent = createAgent({
      model: chatModel(hurriedPolicy(simulator), name, { model: "gemini-3-flash-preview" }),
      tools: [weather],
    });
    const { messages } = await agent.invoke({ messages: [{ role: "user", content: "weather" }] });
    expect(messages.map(({ type }) => type)).toEqual(["human", "ai", "tool", "ai"]);
    expect(simulator.log.last()?.body).toContain("thoughtSignature");
  });
});

test("an answer degraded by the policy is a message", async () => {
  const simulator = await gemini({ rules: [{ fault: "invalid-argument" }] });
  const policy = hurriedPolicy(simulator, { degrade: () => "come back later" });
  const model = chatModel(policy, "genai");
  const answer = await model.invoke("hello");
  expect(answer).toBeInstanceOf(AIMessageChunk);
  expect(answer.text).toBe("come back later");
  expect(answer.response_metadata["holdfast"]).toMatchObject({ degraded: true });
  let text = "";
  for await (const chunk of await model.stream("hello")) text += chunk.text;
  expect(text).toBe("come back later");
});
