// Whole programs, as a user runs them.
import { readFile } from "node:fs/promises";

import { describe, expect, test, vi } from "vitest";

import { gemini } from "./support/gemini.ts";
import { runProgram } from "./support/run-program.ts";

const brokenStream = new URL("programs/broken-stream.ts", import.meta.url);
const example = (name: string): URL => new URL(`../../examples/${name}`, import.meta.url);
// A Node of its own takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const best = "gemini-4-argon";

describe.each(["reset-mid-body", "malformed-stream", "stream-error", "truncated-stream"] as const)(
  "%s in a stream",
  (fault) => {
    test("does not end the process", async () => {
      const simulator = await gemini({
        rules: [{ fault }],
        speed: { tokensPerSecond: 10_000, tokensPerChunk: 1 },
      });
      const { code, stdout, stderr } = await runProgram(brokenStream, simulator);
      expect(stderr).toBe("");
      expect(stdout).toBe("some text, then GaveUpError\nlives\n");
      expect(code).toBe(0);
    });
  },
);

test("the README shows the quick start as it is", async () => {
  const readme = await readFile(
    new URL("../../packages/langchain/README.md", import.meta.url),
    "utf8",
  );
  const code = await readFile(example("quick-start-langchain.ts"), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${code}\`\`\``);
});

describe("the examples run while the best model has no quota", () => {
  test.each([
    ["quick-start-langchain.ts", "heard: Why does kelp need a holdfast?"],
    ["langchain-chain.ts", "{ name: 'example name', depth: 1 }"],
    ["langchain-agent.ts", "high tide in example city at 14:20"],
    ["langchain-rag.ts", "main/gemini-3.8-flash"],
    ["langchain-graph.ts", "Shorten that."],
  ])("%s", async (name, expected) => {
    const simulator = await gemini({ rules: [{ model: best, fault: "zero-quota" }] });
    const { code, stdout, stderr } = await runProgram(example(name), simulator);
    expect(stderr).toBe("");
    expect(stdout).toContain(expected);
    expect(code).toBe(0);
    expect(simulator.log.count({ model: best })).toBeGreaterThan(0);
  });
});
