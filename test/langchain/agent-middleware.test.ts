import { holdfastAgentMiddleware } from "@holdfast/langchain";
import { ChatGoogle } from "@langchain/google";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { Command, MemorySaver } from "@langchain/langgraph";
import {
  type AgentMiddleware,
  createAgent,
  createMiddleware,
  humanInTheLoopMiddleware,
  modelCallLimitMiddleware,
  todoListMiddleware,
  tool,
} from "langchain";
import { describe, expect, test } from "vitest";
import { z } from "zod";

import { flash, gemini, hurriedPolicy, keys, packages, pro } from "./support/gemini.ts";

const pair = z.object({ a: z.number(), b: z.number() });
const add = tool(({ a, b }) => String(a + b), { name: "add", description: "adds", schema: pair });
// Some types of LangChain's own do not agree with `exactOptionalPropertyTypes`.
const typed = (middleware: unknown): AgentMiddleware => middleware as AgentMiddleware;
const limitCalls = modelCallLimitMiddleware as unknown as (options: object) => unknown;
const askFirst = humanInTheLoopMiddleware as unknown as (options: object) => unknown;
const question = { messages: [{ role: "user", content: "add" }] };

describe.each(packages)("around a bare model of %s", (name) => {
  const bare = (url: string, model: string) =>
    name === "genai"
      ? new ChatGoogleGenerativeAI({ model, apiKey: keys.main, baseUrl: url })
      : new ChatGoogle({ model, apiKey: keys.main, endpoint: url });

  test("the agent's model is repeated by the policy and nobody else", async () => {
    const simulator = await gemini({ rules: [{ fault: "overload", nth: 1 }] });
    const middleware = [holdfastAgentMiddleware(hurriedPolicy(simulator))];
    const agent = createAgent({ model: bare(simulator.url, flash), tools: [add], middleware });
    const { messages } = await agent.invoke(question);
    expect(messages.map(({ type }) => type)).toEqual(["human", "ai", "tool", "ai"]);
    expect(simulator.log.count()).toBe(3);
  });

  test("its fallbacks serve with tools and response format", async () => {
    const simulator = await gemini({ rules: [{ model: pro, fault: "internal-error" }] });
    const policy = hurriedPolicy(simulator);
    const middleware = [
      holdfastAgentMiddleware(policy, { fallbacks: [bare(simulator.url, flash)] }),
    ];
    const model = bare(simulator.url, pro);
    const agent = createAgent({ model, tools: [], responseFormat: pair, middleware });
    expect((await agent.invoke(question)).structuredResponse).toEqual({ a: 1, b: 1 });
  });

  test("tokens stream through it once", async () => {
    const simulator = await gemini({ rules: [{ fault: "overload", nth: 1 }] });
    const middleware = [holdfastAgentMiddleware(hurriedPolicy(simulator))];
    const agent = createAgent({ model: bare(simulator.url, flash), tools: [], middleware });
    let text = "";
    for await (const [message] of await agent.stream(question, { streamMode: "messages" }))
      text += message.text;
    expect(text.match(/heard: add/g)).toHaveLength(1);
  });

  test("an abort of the agent ends the request", async () => {
    const simulator = await gemini({ rules: [{ fault: "hang" }] });
    const middleware = [holdfastAgentMiddleware(hurriedPolicy(simulator))];
    const agent = createAgent({ model: bare(simulator.url, flash), tools: [], middleware });
    const controller = new AbortController();
    const call = agent.invoke(question, { signal: controller.signal });
    const settled = call.catch((error: unknown) => error);
    await expect.poll(() => simulator.log.count()).toBe(1);
    controller.abort(new Error("enough"));
    expect(String(await settled)).toMatch(/enough|abort/i);
    expect(simulator.log.count()).toBe(1);
  });

  test("it stands with other middlewares, on either side of it", async () => {
    const simulator = await gemini({ rules: [{ model: pro, fault: "internal-error" }] });
    const held = holdfastAgentMiddleware(hurriedPolicy(simulator), {
      fallbacks: [bare(simulator.url, flash)],
    });
    const chosen = createMiddleware({
      name: "chosen",
      wrapModelCall: (request, handler) => handler({ ...request, model: bare(simulator.url, pro) }),
    });
    const limit = typed(limitCalls({ runLimit: 5 }));
    const middleware = [typed(todoListMiddleware()), chosen, held, limit];
    const agent = createAgent({ model: bare(simulator.url, flash), tools: [add], middleware });
    const { messages } = await agent.invoke(question);
    expect(messages.map(({ type }) => type)).toEqual(["human", "ai", "tool", "tool", "ai"]);
    expect(simulator.log.count({ model: pro, status: 500 })).toBeGreaterThan(0);
  });

  test("a person is asked before a tool runs, and the agent goes on from there", async () => {
    const simulator = await gemini({ rules: [{ fault: "overload", nth: 1 }] });
    const middleware = [
      holdfastAgentMiddleware(hurriedPolicy(simulator)),
      typed(askFirst({ interruptOn: { add: true } })),
    ];
    const model = bare(simulator.url, flash);
    const checkpointer = new MemorySaver();
    const agent = createAgent({ model, tools: [add], checkpointer, middleware });
    const thread = { configurable: { thread_id: "1" } };
    expect(await agent.invoke(question, thread)).toHaveProperty("__interrupt__");
    const resume = { decisions: [{ type: "approve" }] };
    const { messages } = await agent.invoke(new Command({ resume }), thread);
    expect(messages.map(({ type }) => type)).toEqual(["human", "ai", "tool", "ai"]);
    expect(simulator.log.count()).toBe(3);
  });

  test("events and updates of the agent stream as without it", async () => {
    const simulator = await gemini({ rules: [{ fault: "overload", nth: 1 }] });
    const middleware = [holdfastAgentMiddleware(hurriedPolicy(simulator))];
    const agent = createAgent({ model: bare(simulator.url, flash), tools: [add], middleware });
    const updates: string[] = [];
    for await (const update of await agent.stream(question, { streamMode: "updates" }))
      updates.push(...Object.keys(update));
    expect(updates).toEqual(["model_request", "tools", "model_request"]);
    const events = new Set<string>();
    for await (const { event } of agent.streamEvents(question, { version: "v2" }))
      events.add(event);
    expect([...events]).toEqual(
      expect.arrayContaining(["on_chat_model_stream", "on_chat_model_end", "on_tool_end"]),
    );
  });
});
