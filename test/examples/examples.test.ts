import { readdirSync } from "node:fs";

import { type ScenarioInput, startSimulator } from "@holdfast/gemini-simulator";
import { expect, onTestFinished, test } from "vitest";

import { exampleKey, type ExampleRun, runExample } from "../support/run-example.ts";

const reply = "So that the sea may pull as it likes.";

interface Expected {
  /** In calm weather. */
  calm: RegExp;
  /** When the model that is asked for has no quota. */
  storm: RegExp;
}

/** What every example prints; the demo has a test file of its own. */
const examples: Readonly<Record<string, Expected>> = {
  "quick-start-ai-sdk.ts": { calm: /main\/gemini-4-argon/, storm: /main\/gemini-3\.8-flash/ },
  "quick-start-langchain.ts": {
    calm: /answered main\/gemini-4-argon/,
    storm: /answered main\/gemini-3\.8-flash/,
  },
  "raw-client.ts": {
    calm: /main\/gemini-4-argon, 1 attempts/,
    storm: /main\/gemini-3\.8-flash, 2 attempts/,
  },
};

async function play(name: string, scenario: ScenarioInput): Promise<ExampleRun> {
  const accounts = [{ name: "main", key: exampleKey }];
  const simulator = await startSimulator({ scenario: { accounts, reply, ...scenario } });
  onTestFinished(() => simulator.close());
  const run = await runExample(name, simulator);
  expect(simulator.log.count({ account: "main" })).toBe(simulator.log.count());
  return run;
}

test("no example goes untested", () => {
  const files = readdirSync(new URL("../../examples", import.meta.url)).filter(
    (name) => name.endsWith(".ts") && name !== "demo.ts",
  );
  expect(files.toSorted()).toEqual(Object.keys(examples).toSorted());
});

test.each(Object.entries(examples))("%s answers in calm weather", async (name, { calm }) => {
  const { code, stdout, output } = await play(name, {});
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(stdout).toContain(reply);
  expect(stdout).toMatch(calm);
  expect(output).not.toContain(exampleKey);
});

test.each(Object.entries(examples))(
  "%s answers with its fallback when its model has no quota",
  async (name, { storm }) => {
    const { code, stdout, output } = await play(name, {
      rules: [{ model: "gemini-4-argon", fault: "zero-quota" }],
    });
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(stdout).toContain(reply);
    expect(stdout).toMatch(storm);
    expect(output).not.toContain(exampleKey);
  },
);
