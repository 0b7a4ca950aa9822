import { startSimulator } from "@holdfast/gemini-simulator";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";

import { exampleKey, type ExampleRun, runExample } from "../support/run-example.ts";

// A Node of its own takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe("the demo", () => {
  let run: ExampleRun;
  beforeAll(async () => {
    run = await runExample("demo.ts", undefined);
  });

  test("tells three stories to their end", () => {
    expect({ code: run.code, output: run.output }).toMatchObject({ code: 0 });
    expect(run.stdout.match(/^Story \d: .*$/gm)).toEqual([
      "Story 1: An AI SDK model",
      "Story 2: A LangChain chain",
      "Story 3: Both under the same policy",
    ]);
    expect(run.stdout).toMatch(/together +│ +11 │ +10 │/);
  });

  test("says what came back, what was decided and why", () => {
    const text = run.stdout.replace(/\s+/g, " ");
    expect(text).toMatch(/✗ capacity-exhausted\. .* → stays: may pass by itself/);
    expect(text).toContain("goes on to another target: it had its 4 attempts there");
    expect(text).toContain('Did you mean "gemini-3.8-flash"');
    expect(text).toContain("The request is not valid at generation_config.temperature");
    expect(text).toMatch(/the quota is used up for 1\.5 s [\d.]+ s waits [\d.]+ s/);
  });

  test("shows that LangChain does not ask again for what the AI SDK found out, and the other way round", () => {
    const text = run.stdout.replace(/\s+/g, " ");
    expect(text).toContain("main/gemini-4-argon not asked: its key is not valid (call 8, AI SDK)");
    expect(text).toContain(
      "team/gemini-3.8-flash not asked: its quota of the day is used up (call 10, LangChain)",
    );
  });

  test("prints neither a key nor, without a terminal, a colour", () => {
    expect(run.output).not.toContain("AIza");
    expect(run.output).not.toContain("\u001B[");
  });
});

test("the live demo needs a key and says which variables it looks in", async () => {
  const { code, output } = await runExample("demo.ts", undefined, ["--live"]);
  expect(code).toBe(2);
  expect(output).toContain("GEMINI_API_KEY or GOOGLE_GENERATIVE_AI_API_KEY or GOOGLE_API_KEY");
});

test("the live demo plays the same stories with the caller's key", async () => {
  const accounts = [{ name: "yours", key: exampleKey }];
  const simulator = await startSimulator({ scenario: { accounts } });
  onTestFinished(() => simulator.close());
  const { code, stdout, output } = await runExample("demo.ts", simulator, ["--live"]);
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(stdout).toContain("the real Gemini API");
  expect(stdout).toMatch(/together +│ +11 │ +10 │/);
  // The made-up key is asked once, by the first call, and by no later one.
  expect(simulator.log.all({ fault: "invalid-key" }).map(({ number }) => number)).toEqual([1]);
  expect(output).not.toContain(exampleKey);
});

test("an argument that does not exist is refused", async () => {
  const { code, output } = await runExample("demo.ts", undefined, ["--lively"]);
  expect(code).toBe(2);
  expect(output).toContain("'--lively'");
});
