import { preflight } from "@holdfast/core/models";
import { holdfastAgentMiddleware, holdfastChatModel } from "@holdfast/langchain";
import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { ChatGoogle } from "@langchain/google";
import { createAgent } from "langchain";
import { describe, expect, test } from "vitest";

import { chatModel, gemini, hurriedPolicy, keys, packages } from "./support/gemini.ts";

const current = "gemini-3.8-flash";

describe.each(packages)("a look before the call, with the %s package", (name) => {
  test("sends nothing that is certain to be refused, and says what to do", async () => {
    const simulator = await gemini();
    const model = chatModel(hurriedPolicy(simulator), name, { model: current, preflight });
    await expect(model.invoke([new HumanMessage("")])).rejects.toMatchObject({
      reason: "preflight",
      message: expect.stringContaining("contents is empty") as string,
    });
    await expect(model.invoke("half a pair \uD83D")).rejects.toMatchObject({ reason: "preflight" });
    await expect(model.stream([new HumanMessage("")])).rejects.toMatchObject({
      reason: "preflight",
    });
    expect(simulator.log.count()).toBe(0);
  });

  test("sends what is merely doubtful, and warns", async () => {
    const simulator = await gemini();
    const warnings: string[] = [];
    const policy = hurriedPolicy(simulator, {
      onEvent: (event) => {
        if (event.type === "warning") warnings.push(event.message);
      },
    });
    const model = chatModel(policy, name, { model: current, preflight });
    await model.invoke("Hi \u0000 there");
    expect(warnings.join()).toContain("control");
    expect(simulator.log.count({ status: 200 })).toBe(1);
  });

  test("finds no fault with a conversation that used tools", async () => {
    const simulator = await gemini();
    const warnings: unknown[] = [];
    const policy = hurriedPolicy(simulator, {
      onEvent: (event) => {
        if (event.type === "warning") warnings.push(event);
      },
    });
    const model = chatModel(policy, name, { model: current, temperature: 0.3, preflight });
    await model.invoke([
      new SystemMessage("Be brief."),
      new HumanMessage("How warm is it?"),
      new AIMessage({ content: "", tool_calls: [{ id: "1", name: "warmth", args: {} }] }),
      new ToolMessage({ tool_call_id: "1", name: "warmth", content: "12 degrees" }),
    ]);
    expect(warnings).toEqual([]);
    expect(simulator.log.count({ status: 200 })).toBe(1);
  });

  test("without the option, nothing is looked at", async () => {
    const simulator = await gemini();
    const model = chatModel(hurriedPolicy(simulator), name, { model: current });
    await model.invoke([new HumanMessage("")]).catch(() => undefined);
    expect(simulator.log.count()).toBeGreaterThan(0);
  });
});

test("settings of the call are looked at too", async () => {
  const simulator = await gemini();
  const model = chatModel(hurriedPolicy(simulator), "google", { model: current, preflight });
  const hot = model.withConfig({ temperature: 9 } as object);
  await expect(hot.invoke("Hi")).rejects.toMatchObject({
    reason: "preflight",
    message: expect.stringContaining("temperature") as string,
  });
  expect(simulator.log.count()).toBe(0);
});

test("the model of an agent is looked at through the middleware", async () => {
  const simulator = await gemini();
  const model = new ChatGoogle({ model: current, apiKey: keys.main, endpoint: simulator.url });
  const middleware = [holdfastAgentMiddleware(hurriedPolicy(simulator), { preflight })];
  const agent = createAgent({ model, tools: [], middleware });
  const ask = (content: string) => agent.invoke({ messages: [{ role: "user", content }] });
  await expect(ask("half a pair \uD83D")).rejects.toThrow(/unpaired|surrogate/);
  expect(simulator.log.count()).toBe(0);
  await ask("hello");
  expect(simulator.log.count({ status: 200 })).toBe(1);
});

test("a model of another provider is not judged by Gemini's rules", async () => {
  const simulator = await gemini();
  const other = new FakeListChatModel({ responses: ["fine"] });
  const model = holdfastChatModel(hurriedPolicy(simulator), [other], { preflight });
  await expect(model.invoke([new HumanMessage("")])).resolves.toMatchObject({ content: "fine" });
});
