import { readdirSync } from "node:fs";

import { type ScenarioInput, startSimulator } from "@holdfast/gemini-simulator";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import { exampleKey, runExample } from "../support/run-example.ts";

// A Node of its own takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** What every example prints, whatever the weather; the demo has a test file of its own. */
const examples: Readonly<Record<string, string>> = {
  "langchain-agent.ts": "high tide in example city at 14:20",
  "langchain-chain.ts": "{ name: 'example name', depth: 1 }",
  "langchain-graph.ts": "Shorten that.",
  "langchain-rag.ts": "This answer is simulated.",
  "quick-start-ai-sdk.ts": "This answer is simulated.",
  "quick-start-langchain.ts": "This answer is simulated.",
  "raw-client.ts": "This answer is simulated.",
};
const best = "gemini-4-argon";
const fallback = "gemini-3.8-flash";

/** Runs an example in some weather and answers which models answered a question. */
async function answeringModels(
  name: string,
  { expected, ...scenario }: ScenarioInput & { expected: string },
): Promise<Set<string>> {
  const accounts = [{ name: "main", key: exampleKey }];
  const simulator = await startSimulator({ scenario: { accounts, ...scenario } });
  onTestFinished(() => simulator.close());
  const { code, stdout, output } = await runExample(name, simulator);
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(stdout).toContain(expected);
  expect(output).not.toContain(exampleKey);
  const served = simulator.log.all({ status: 200 });
  return new Set(served.map(({ model }) => model).filter((model) => !model.includes("embedding")));
}

test("no example goes untested", () => {
  const files = readdirSync(new URL("../../examples", import.meta.url)).filter(
    (name) => name.endsWith(".ts") && name !== "demo.ts",
  );
  expect(files.toSorted()).toEqual(Object.keys(examples).toSorted());
});

describe.each(Object.entries(examples))("%s", (name, expected) => {
  test("is answered by the model it asks for in calm weather", async () => {
    expect(await answeringModels(name, { expected })).toEqual(new Set([best]));
  });

  test("is answered by the fallback when that model has no quota", async () => {
    const rules = [{ model: best, fault: "zero-quota" as const }];
    expect(await answeringModels(name, { expected, rules })).toEqual(new Set([fallback]));
  });
});
