import { readdirSync } from "node:fs";

import { type ScenarioInput, startSimulator } from "@holdfast/gemini-simulator";
import { expect, onTestFinished, test } from "vitest";

import { exampleKey, runExample } from "../support/run-example.ts";

const best = "gemini-4-argon";
const fallback = "gemini-3.8-flash";

/** Every story; the demo has a test file of its own. */
const files = readdirSync(new URL("../../examples", import.meta.url)).filter(
  (name) => name.endsWith(".ts") && name !== "demo.ts",
);

/** What those print that ask the best model and fall back to another, whatever the weather. */
const fallingBack: Readonly<Record<string, string>> = {
  "langchain-agent.ts": "high tide in example city at 14:20",
  "langchain-chain.ts": "{ name: 'example name', depth: 1 }",
  "langchain-graph.ts": "Shorten that.",
  "langchain-rag.ts": "This answer is simulated.",
  "quick-start-ai-sdk.ts": "This answer is simulated.",
  "quick-start-langchain.ts": "This answer is simulated.",
  "raw-client.ts": "This answer is simulated.",
};

/** Runs an example in some weather, and answers what it printed and which models answered it. */
async function play(
  name: string,
  scenario: ScenarioInput = {},
): Promise<{ stdout: string; models: Set<string> }> {
  const accounts = [{ name: "main", key: exampleKey }];
  const simulator = await startSimulator({ scenario: { accounts, ...scenario } });
  onTestFinished(() => simulator.close());
  const { code, stdout, output } = await runExample(name, simulator);
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(stdout).not.toBe("");
  expect(output).not.toContain(exampleKey);
  const served = simulator.log.all({ status: 200 });
  expect(served.length).toBeGreaterThan(0);
  const models = served.map(({ model }) => model).filter((model) => !model.includes("embedding"));
  return { stdout, models: new Set(models) };
}

test.each(files)("%s runs to its end in calm weather and prints no key", async (name) => {
  const { stdout, models } = await play(name);
  const expected = fallingBack[name];
  if (expected === undefined) return;
  expect(stdout).toContain(expected);
  expect(models).toEqual(new Set([best]));
});

test.each(Object.entries(fallingBack))(
  "%s is answered by the fallback when its model has no quota",
  async (name, expected) => {
    const { stdout, models } = await play(name, { rules: [{ model: best, fault: "zero-quota" }] });
    expect(stdout).toContain(expected);
    expect(models).toEqual(new Set([fallback]));
  },
);

test("what is said of examples is said of files that exist", () => {
  expect(files).toEqual(expect.arrayContaining(Object.keys(fallingBack)));
});

test("raw-batch.ts is answered by a batch when the day is over", async () => {
  const calm = await play("raw-batch.ts");
  expect(calm.stdout).toContain("3 answered by calls, 0 in a batch");
  const { stdout } = await play("raw-batch.ts", {
    rules: [{ fault: "day-quota", operation: "generateContent" }],
    batches: { pending: 0, running: 0 },
  });
  expect(stdout).toContain("0 answered by calls, 3 in a batch");
  expect(stdout.match(/This answer is simulated/g)).toHaveLength(3);
});
