// Whatever stands around the model, the policy alone decides how often Gemini is asked.
import { GaveUpError } from "@holdfast/core";
import { type Simulator } from "@holdfast/gemini-simulator";
import {
  holdfastAgentMiddleware,
  type HoldfastChatModel,
  holdfastChatModel,
  holdfastRunnable,
} from "@holdfast/langchain";
import { getRetryable } from "@langchain/core/errors";
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { RunnableLambda } from "@langchain/core/runnables";
import { AsyncCaller } from "@langchain/core/utils/async_caller";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import {
  END,
  entrypoint,
  isGraphBubbleUp,
  MessagesAnnotation,
  START,
  StateGraph,
  task,
} from "@langchain/langgraph";
import {
  type AgentMiddleware,
  createAgent,
  createMiddleware,
  fakeModel,
  modelFallbackMiddleware,
  modelRetryMiddleware,
  tool,
  toolRetryMiddleware,
} from "langchain";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";

import { chatModel, gemini, hurriedPolicy, packages } from "./support/gemini.ts";

const question = { messages: [{ role: "user", content: "hello" }] };
const at = { attempts: 2 };
const prompt = ChatPromptTemplate.fromTemplate("{q}");
const hello = { q: "hello" };
const soon = { initialDelayMs: 1, onFailure: "error" } as const;
// Its type does not agree with `exactOptionalPropertyTypes`.
const retry = modelRetryMiddleware(soon) as unknown as AgentMiddleware;
const other = createMiddleware({
  name: "other",
  wrapModelCall: (request, handler) => handler(request),
});

const again = (middleware: AgentMiddleware): AgentMiddleware =>
  Object.assign({}, middleware, { name: "again" });

/** As people write it who let the pauses of a graph pass. */
async function wrap<Answer>(run: () => Promise<Answer>, instead: Answer): Promise<Answer> {
  try {
    return await run();
  } catch (error) {
    if (isGraphBubbleUp(error)) throw error;
    return instead;
  }
}

/** What stands around a model that is down, and is run. */
type Around = (model: HoldfastChatModel) => Promise<unknown>;

const agentOf =
  (...middleware: AgentMiddleware[]): Around =>
  (model) =>
    createAgent({ model, tools: [], middleware }).invoke(question);

async function drain(stream: Promise<AsyncIterable<unknown>>): Promise<void> {
  for await (const _ of await stream);
}

/** A tool that asks the model, in an agent whose own model wants it called. */
const toolAgentOf =
  (...middleware: AgentMiddleware[]): Around =>
  (model) => {
    const ask = tool(async () => (await model.invoke("hello")).text, {
      name: "ask",
      description: "asks",
      schema: z.object({}),
    });
    const calling = fakeModel().respondWithTools([{ name: "ask", args: {}, id: "1" }]);
    return createAgent({ model: calling, tools: [ask], middleware }).invoke(question);
  };

const nodeRetry = { maxAttempts: 3, initialInterval: 1, jitter: false, logWarning: false };
const graphOf = (run: Around, model: HoldfastChatModel) =>
  new StateGraph(MessagesAnnotation)
    .addNode("ask", async () => void (await run(model)), { retryPolicy: nodeRetry })
    .addEdge(START, "ask")
    .addEdge("ask", END)
    .compile();

/** Each layer that repeats by itself; the policy asks twice, and so does all of it. */
const layers: Record<string, Around> = {
  nothing: (model) => model.invoke("hello"),
  "withRetry on the model": (model) => model.withRetry().invoke("hello"),
  "withRetry on the model with tools": (model) => model.bindTools([]).withRetry().invoke("hello"),
  "withRetry on the model with options": (model) =>
    model
      .withConfig({ tags: ["mine"] })
      .withRetry()
      .invoke("hello"),
  "withRetry on structured output": (model) =>
    model
      .withStructuredOutput(z.object({ a: z.number() }))
      .withRetry()
      .invoke("hello"),
  "withRetry on a chain": (model) =>
    prompt.pipe(model).pipe(new StringOutputParser()).withRetry().invoke(hello),
  "withRetry on a chain, streamed": (model) => drain(prompt.pipe(model).withRetry().stream(hello)),
  "withRetry on a chain, in a batch": (model) => prompt.pipe(model).withRetry().batch([hello]),
  "withRetry on a function": (model) =>
    RunnableLambda.from(() => model.invoke("hello"))
      .withRetry()
      .invoke("x"),
  "withRetry on an agent": (model) =>
    RunnableLambda.from(() => agentOf()(model))
      .withRetry()
      .invoke("x"),
  "withRetry on an agent with middlewares": (model) =>
    RunnableLambda.from(() => agentOf(other, again(other))(model))
      .withRetry()
      .invoke("x"),
  "withRetry on an agent with middlewares, streamed": (model) =>
    RunnableLambda.from(async () => {
      const agent = createAgent({ model, tools: [], middleware: [other] });
      await drain(agent.stream(question, { streamMode: "messages" }) as never);
    })
      .withRetry()
      .invoke("x"),
  "withRetry on an agent with holdfastAgentMiddleware": (model) =>
    RunnableLambda.from(() => agentOf(other, holdfastAgentMiddleware(model.policy))(model))
      .withRetry()
      .invoke("x"),
  AsyncCaller: (model) => new AsyncCaller({}).call(() => model.invoke("hello")),
  "AsyncCaller that repeats all": (model) =>
    new AsyncCaller({ onFailedAttempt: () => {} }).call(() => model.invoke("hello")),
  "LangGraph's retryPolicy": (model) =>
    graphOf((held) => held.invoke("hello"), model).invoke(question),
  "LangGraph's retryPolicy around an agent": (model) => graphOf(agentOf(), model).invoke(question),
  "LangGraph's retryPolicy around an agent with middlewares": (model) =>
    graphOf(agentOf(other, again(other)), model).invoke(question),
  "LangGraph's retryPolicy around an agent with modelRetryMiddleware": (model) =>
    graphOf(agentOf(retry, other), model).invoke(question),
  "LangGraph's task": (model) =>
    entrypoint("ask", (text: string) =>
      task({ name: "model", retry: nodeRetry }, () => model.invoke(text))(),
    ).invoke("hello"),
  modelRetryMiddleware: agentOf(retry),
  "modelRetryMiddleware around another": agentOf(retry, other),
  "modelRetryMiddleware around another, streamed": (model) =>
    createAgent({ model, tools: [], middleware: [retry, other] })
      .stream(question, { streamMode: "messages" })
      .then((stream) => drain(Promise.resolve(stream as AsyncIterable<unknown>))),
  "modelRetryMiddleware twice": agentOf(retry, again(retry)),
  "modelRetryMiddleware around holdfastAgentMiddleware": (model) =>
    createAgent({
      model: new FakeListChatModel({ responses: [""] }),
      tools: [],
      middleware: [
        retry,
        createMiddleware({
          name: "chosen",
          wrapModelCall: (request, handler) => handler({ ...request, model }),
        }),
        holdfastAgentMiddleware(model.policy),
      ],
    }).invoke(question),
  toolRetryMiddleware: toolAgentOf(toolRetryMiddleware(soon)),
  "toolRetryMiddleware twice": toolAgentOf(
    toolRetryMiddleware(soon),
    again(toolRetryMiddleware(soon)),
  ),
};

describe.each(packages)("over %s", (name) => {
  async function down(
    trace: "attempts" | "flat" = "attempts",
  ): Promise<{ model: HoldfastChatModel; simulator: Simulator }> {
    const simulator = await gemini({ rules: [{ fault: "overload" }] });
    return { model: chatModel(hurriedPolicy(simulator, at), name, { trace }), simulator };
  }

  test.each(Object.keys(layers))("%s repeats nothing", async (layer) => {
    for (const trace of ["attempts", "flat"] as const) {
      const { model, simulator } = await down(trace);
      await expect(layers[layer]?.(model)).rejects.toThrow("gave up");
      expect(simulator.log.count()).toBe(2);
    }
  });

  test("the error says for all of them that the call is over", async () => {
    const simulator = await gemini({ rules: [{ fault: { type: "minute-quota", wait: 40_000 } }] });
    const model = chatModel(hurriedPolicy(simulator, { deadline: 300_000, attempts: 1 }), name);
    const error: unknown = await model.invoke("hello").catch((reason: unknown) => reason);
    expect(GaveUpError.isInstance(error)).toBe(true);
    expect(getRetryable(error)).toBe(false);
    expect(error).toMatchObject({ status: 429, statusCode: 429, retryAfterMs: 40_000 });
  });

  test("what an agent with middlewares ends with is the error of the model, with all that it says", async () => {
    const { model } = await down();
    const error: unknown = await agentOf(
      other,
      again(other),
    )(model).catch((reason: unknown) => reason);
    expect(GaveUpError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ name: "GaveUpError", reason: "attempts-exhausted", status: 503 });
    expect(getRetryable(error)).toBe(false);
  });

  test("a middleware that lets pauses of a graph pass hears of a failure as a failure", async () => {
    const { model } = await down();
    const careful = createMiddleware({
      name: "careful",
      wrapModelCall: (request, handler) =>
        wrap(async () => handler(request), new AIMessage("instead")),
    });
    const agent = createAgent({ model, tools: [], middleware: [careful, other] });
    expect((await agent.invoke(question)).messages.at(-1)?.text).toBe("instead");
  });

  test("where stacks tell nothing, the agent itself repeats nothing all the same", async () => {
    const { stackTraceLimit } = Error;
    onTestFinished(() => {
      Error.stackTraceLimit = stackTraceLimit;
    });
    Error.stackTraceLimit = 0;
    const { model, simulator } = await down();
    await expect(agentOf(retry, other)(model)).rejects.toThrow("gave up");
    expect(simulator.log.count()).toBe(2);
  });

  test("modelRetryMiddleware as it comes repeats nothing, and says in its own way what went wrong", async () => {
    const { model, simulator } = await down();
    const plain = modelRetryMiddleware() as unknown as AgentMiddleware;
    const agent = createAgent({ model, tools: [], middleware: [plain, other] });
    const { messages } = await agent.invoke(question);
    expect(messages.at(-1)?.text).toMatch(/after 1 attempt.*gave up after 2 attempts/s);
    expect(simulator.log.count()).toBe(2);
  });

  test("modelFallbackMiddleware goes on to its own model once", async () => {
    const { model, simulator } = await down();
    const last = new FakeListChatModel({ responses: ["from the fallback"] });
    Object.assign(last, { bindTools: () => last });
    const middleware = [modelFallbackMiddleware(last), retry];
    const agent = createAgent({ model, tools: [], middleware });
    const { messages } = await agent.invoke(question);
    expect(messages.at(-1)?.text).toBe("from the fallback");
    expect(simulator.log.count()).toBe(2);
  });

  test("withFallbacks goes on to the next runnable once", async () => {
    const { model, simulator } = await down();
    const safe = new FakeListChatModel({ responses: ["safe", "safe"] }) as never;
    expect((await model.withFallbacks([safe]).invoke("hello")).text).toBe("safe");
    const chain = prompt.pipe(model).withFallbacks([prompt.pipe(safe)]);
    expect((await chain.invoke(hello)).text).toBe("safe");
    expect(simulator.log.count()).toBe(4);
  });

  test("an agent's next step may ask what an earlier one gave up", async () => {
    const simulator = await gemini({ rules: [{ fault: "overload", nth: { first: 1, last: 2 } }] });
    const model = chatModel(hurriedPolicy(simulator, at), name);
    const agent = createAgent({ model, tools: [], middleware: [retry, other] });
    const asked = { messages: [new HumanMessage("hello")] };
    await expect(agent.invoke(asked)).rejects.toThrow("gave up");
    expect((await agent.invoke(asked)).messages.at(-1)?.text).toContain("heard: hello");
    expect(simulator.log.count()).toBe(3);
  });

  test("a middleware may ask another question in the same step", async () => {
    const simulator = await gemini({ rules: [{ fault: "context-overflow", nth: 1 }] });
    const model = chatModel(hurriedPolicy(simulator, at), name);
    const shorten = createMiddleware({
      name: "shorten",
      wrapModelCall: async (request, handler) => {
        try {
          return await handler(request);
        } catch {
          return handler({ ...request, messages: request.messages.slice(-1) });
        }
      },
    });
    const agent = createAgent({ model, tools: [], middleware: [shorten, other] });
    const long = { messages: [new HumanMessage("one"), new HumanMessage("two")] };
    expect((await agent.invoke(long)).messages.at(-1)?.text).toContain("heard: two");
    expect(simulator.log.count()).toBe(2);
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

  test("a batch of LangChain's asks for each item on its own", async () => {
    const { model, simulator } = await down();
    const results = await model.batch(["one", "two"], {}, { returnExceptions: true });
    expect(results.every((one) => GaveUpError.isInstance(one))).toBe(true);
    expect(simulator.log.count()).toBe(4);
  });
});
