import { createPolicy, GaveUpError, type PolicyOptions, type Policy } from "@holdfast/core";
import { holdfastRunnable } from "@holdfast/langchain";
import { Document } from "@langchain/core/documents";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { BaseRetriever } from "@langchain/core/retrievers";
import { RunnableLambda } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import { RunCollectorCallbackHandler } from "@langchain/core/tracers/run_collector";
import { ChatGoogle } from "@langchain/google";
import {
  Annotation,
  Command,
  END,
  interrupt,
  MemorySaver,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { expect, test } from "vitest";
import { z } from "zod";

import { flash, gemini, hurriedPolicy } from "./support/gemini.ts";
import { hurriedClock } from "./support/hurried-clock.ts";

const policyOf = (options: PolicyOptions = {}): Policy =>
  createPolicy({ stallTimeout: Infinity, ...options }, { clock: hurriedClock() });

/** Fails the first `times` times. */
function flaky(
  times: number,
  error: () => unknown = () => Object.assign(new Error("busy"), { status: 503 }),
) {
  let calls = 0;
  const runnable = RunnableLambda.from((input: string) => {
    calls += 1;
    if (calls <= times) throw error();
    return `${input} after ${calls}`;
  });
  return { runnable, calls: () => calls };
}

test("repeats what fails for a moment", async () => {
  const { runnable } = flaky(2);
  expect(await holdfastRunnable(policyOf(), runnable).invoke("answered")).toBe("answered after 3");
});

test("does not repeat what was wrong from the beginning", async () => {
  const { runnable, calls } = flaky(9, () =>
    Object.assign(new Error("bad argument"), { status: 400 }),
  );
  await expect(holdfastRunnable(policyOf(), runnable).invoke("x")).rejects.toThrow(GaveUpError);
  expect(calls()).toBe(1);
});

test("goes on to the next of a list", async () => {
  const { runnable } = flaky(99);
  const spare = RunnableLambda.from((input: string) => `${input} from the spare`);
  expect(await holdfastRunnable(policyOf(), [runnable, spare]).invoke("answer")).toBe(
    "answer from the spare",
  );
});

test("carries a tool", async () => {
  let calls = 0;
  const weather = tool(
    () => {
      calls += 1;
      if (calls < 3)
        throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } });
      return "sunny";
    },
    { name: "weather", description: "tells", schema: z.object({ city: z.string() }) },
  );
  expect(await holdfastRunnable(policyOf(), weather).invoke({ city: "Turin" })).toBe("sunny");
});

test("carries a call of a tool to its message", async () => {
  const { runnable } = flaky(2);
  const told = tool(({ city }) => runnable.invoke(city), {
    name: "weather",
    description: "tells",
    schema: z.object({ city: z.string() }),
  });
  const carried = holdfastRunnable<unknown, unknown>(policyOf(), told as never);
  const call = { name: "weather", args: { city: "Turin" }, id: "call-1", type: "tool_call" };
  expect(await carried.invoke(call)).toMatchObject({
    content: "Turin after 3",
    tool_call_id: "call-1",
  });
});

test("carries a retriever, whole and as a stream", async () => {
  class Notes extends BaseRetriever {
    override lc_namespace = ["test"];
    readonly #found = flaky(2).runnable;

    override async _getRelevantDocuments(query: string): Promise<Document[]> {
      return [new Document({ pageContent: await this.#found.invoke(query) })];
    }
  }
  const found = [new Document({ pageContent: "kelp after 3" })];
  expect(await holdfastRunnable(policyOf(), new Notes()).invoke("kelp")).toEqual(found);
  const parts: unknown[] = [];
  for await (const part of await holdfastRunnable(policyOf(), new Notes()).stream("kelp"))
    parts.push(part);
  expect(parts).toEqual([found]);
});

test("a stream may begin anew until its first content, and not after it", async () => {
  let calls = 0;
  const early = RunnableLambda.from(async function* (input: string) {
    calls += 1;
    yield "";
    if (calls === 1) throw Object.assign(new Error("busy"), { status: 503 });
    yield input;
  });
  const parts: unknown[] = [];
  for await (const part of await holdfastRunnable(policyOf(), early).stream("one"))
    parts.push(part);
  expect(parts.join("")).toBe("one");
  expect(calls).toBe(2);
  const late = RunnableLambda.from(async function* (input: string) {
    calls += 1;
    yield input;
    throw Object.assign(new Error("busy"), { status: 503 });
  });
  const reading = (async () => {
    for await (const _ of await holdfastRunnable(policyOf(), late).stream("two"));
  })();
  await expect(reading).rejects.toMatchObject({ reason: "interrupted" });
  expect(calls).toBe(3);
});

test("a factory makes a whole chain for each account", async () => {
  const simulator = await gemini({ rules: [{ account: "main", fault: "invalid-key" }] });
  const chain = holdfastRunnable(
    hurriedPolicy(simulator),
    (target) =>
      ChatPromptTemplate.fromTemplate("{q}")
        .pipe(new ChatGoogle({ ...target }))
        .pipe(new StringOutputParser()),
    { model: flash },
  );
  expect(await chain.invoke({ q: "why" })).toContain("heard: why");
  expect(simulator.log.all().map(({ account }) => account)).toEqual(["main", "spare"]);
});

test("every attempt is a child run", async () => {
  const { runnable } = flaky(1);
  const collector = new RunCollectorCallbackHandler();
  await holdfastRunnable(policyOf(), runnable, { name: "Safe" }).invoke("x", {
    callbacks: [collector],
  });
  const [run] = collector.tracedRuns;
  expect(run?.name).toBe("Safe");
  expect(
    run?.child_runs?.map(({ name, error, tags }) => [name, error !== undefined, tags]),
  ).toEqual([
    ["RunnableLambda", true, []],
    ["RunnableLambda", false, ["attempt:2"]],
  ]);
});

test("works as a step of a chain, in batches and under a signal", async () => {
  const { runnable } = flaky(1);
  const safe = holdfastRunnable(policyOf(), runnable).pipe((text: string) => text.toUpperCase());
  expect(await safe.batch(["a", "b"])).toHaveLength(2);
  const controller = new AbortController();
  controller.abort(new Error("enough"));
  await expect(safe.invoke("a", { signal: controller.signal })).rejects.toThrow("enough");
});

test("a graph's interrupt passes through untouched, and the graph goes on from it", async () => {
  let calls = 0;
  const ask = RunnableLambda.from((question: string) => {
    calls += 1;
    return `${question} ${interrupt("sure?")}`;
  });
  const carried = holdfastRunnable(policyOf(), ask);
  const graph = new StateGraph(Annotation.Root({ text: Annotation<string> }))
    .addNode("ask", async ({ text }, config) => ({ text: await carried.invoke(text, config) }))
    .addNode("tell", async ({ text }, config) => {
      let told = "";
      for await (const part of await carried.stream(text, config)) told += part;
      return { text: told };
    })
    .addEdge(START, "ask")
    .addEdge("ask", "tell")
    .addEdge("tell", END)
    .compile({ checkpointer: new MemorySaver() });
  const thread = { configurable: { thread_id: "1" } };
  await graph.invoke({ text: "delete it:" }, thread);
  expect(calls).toBe(1);
  await graph.invoke(new Command({ resume: "yes" }), thread);
  expect(await graph.invoke(new Command({ resume: "really" }), thread)).toEqual({
    text: "delete it: yes really",
  });
});
