// Whatever stands around the model, the policy alone decides how often Gemini is asked.
import { GaveUpError } from "@holdfast/core";
import { type Simulator } from "@holdfast/gemini-simulator";
import { type HoldfastChatModel, holdfastChatModel, holdfastRunnable } from "@holdfast/langchain";
import { getRetryable } from "@langchain/core/errors";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { RunnableLambda } from "@langchain/core/runnables";
import { AsyncCaller } from "@langchain/core/utils/async_caller";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import {
  type AgentMiddleware,
  createAgent,
  modelFallbackMiddleware,
  modelRetryMiddleware,
} from "langchain";
import { describe, expect, test } from "vitest";

import { chatModel, gemini, hurriedPolicy, packages } from "./support/gemini.ts";

const question = { messages: [{ role: "user", content: "hello" }] };

describe.each(packages)("over %s", (name) => {
  async function down(): Promise<{ model: HoldfastChatModel; simulator: Simulator }> {
    const simulator = await gemini({ rules: [{ fault: "overload" }] });
    return { model: chatModel(hurriedPolicy(simulator, { attempts: 2 }), name), simulator };
  }

  test("the error says for all of them that the call is over", async () => {
    const simulator = await gemini({ rules: [{ fault: { type: "minute-quota", wait: 40_000 } }] });
    const model = chatModel(hurriedPolicy(simulator, { deadline: 300_000, attempts: 1 }), name);
    const error: unknown = await model.invoke("hello").catch((reason: unknown) => reason);
    expect(GaveUpError.isInstance(error)).toBe(true);
    expect(getRetryable(error)).toBe(false);
    expect(error).toMatchObject({ status: 429, statusCode: 429, retryAfterMs: 40_000 });
  });

  test("LangGraph's retryPolicy does not repeat it", async () => {
    const { model, simulator } = await down();
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("model", async ({ messages }) => ({ messages: [await model.invoke(messages)] }), {
        retryPolicy: { maxAttempts: 3, initialInterval: 1, jitter: false, logWarning: false },
      })
      .addEdge(START, "model")
      .addEdge("model", END)
      .compile();
    await expect(graph.invoke(question)).rejects.toThrow(GaveUpError);
    expect(simulator.log.count()).toBe(2);
  });

  test("modelRetryMiddleware does not repeat it", async () => {
    const { model, simulator } = await down();
    const retry = modelRetryMiddleware({ initialDelayMs: 1, onFailure: "error" });
    const agent = createAgent({
      model,
      tools: [],
      middleware: [retry as unknown as AgentMiddleware],
    });
    await expect(agent.invoke(question)).rejects.toThrow("gave up");
    expect(simulator.log.count()).toBe(2);
  });

  test("modelFallbackMiddleware goes on to its own model once", async () => {
    const { model, simulator } = await down();
    const last = new FakeListChatModel({ responses: ["from the fallback"] });
    Object.assign(last, { bindTools: () => last });
    const agent = createAgent({ model, tools: [], middleware: [modelFallbackMiddleware(last)] });
    const { messages } = await agent.invoke(question);
    expect(messages.at(-1)?.text).toBe("from the fallback");
    expect(simulator.log.count()).toBe(2);
  });

  test("withFallbacks goes on to the next runnable once", async () => {
    const { model, simulator } = await down();
    const safe = model.withFallbacks([new FakeListChatModel({ responses: ["safe"] }) as never]);
    expect((await safe.invoke("hello")).text).toBe("safe");
    expect(simulator.log.count()).toBe(2);
  });

  test("withRetry does not repeat it", async () => {
    const { model, simulator } = await down();
    await expect(model.withRetry().invoke("hello")).rejects.toThrow(GaveUpError);
    await expect(model.bindTools([]).withRetry().invoke("hello")).rejects.toThrow(GaveUpError);
    expect(simulator.log.count()).toBe(4);
  });

  test("a runnable carried around a chain with the model in it does not repeat it", async () => {
    const { model, simulator } = await down();
    const chain = ChatPromptTemplate.fromTemplate("{q}").pipe(model);
    const spare = RunnableLambda.from(() => "spare");
    const around = holdfastRunnable<{ q: string }, unknown>(hurriedPolicy(simulator), [
      chain as never,
      spare,
    ]);
    expect(await around.invoke({ q: "hello" })).toBe("spare");
    expect(simulator.log.count()).toBe(2);
    await expect(holdfastRunnable(model.policy, chain).invoke({ q: "hello" })).rejects.toThrow(
      GaveUpError,
    );
  });

  test("a held model in the list of another is not repeated", async () => {
    const { model, simulator } = await down();
    const outer = holdfastChatModel(hurriedPolicy(simulator), [
      model,
      new FakeListChatModel({ responses: ["last"] }),
    ]);
    expect((await outer.invoke("hello")).text).toBe("last");
    expect(simulator.log.count()).toBe(2);
  });

  test("LangChain's own AsyncCaller does not repeat it", async () => {
    const { model, simulator } = await down();
    const caller = new AsyncCaller({});
    await expect(caller.call(() => model.invoke("hello"))).rejects.toThrow(GaveUpError);
    expect(simulator.log.count()).toBe(2);
  });

  test("a batch of LangChain's asks for each item on its own", async () => {
    const { model, simulator } = await down();
    const results = await model.batch(["one", "two"], {}, { returnExceptions: true });
    expect(results.every((one) => GaveUpError.isInstance(one))).toBe(true);
    expect(simulator.log.count()).toBe(4);
  });
});
