import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { type Simulator } from "@holdfast/gemini-simulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { keys, reply, simulator, storm } from "./setting.ts";

const run = promisify(execFile);
let server: Simulator;
beforeEach(async () => {
  server = await simulator();
});
afterEach(() => server.close());

/** Runs an example as a user would, but against the simulator. */
async function runExample(name: string): Promise<string> {
  const preload = new URL("to-simulator.ts", import.meta.url).href;
  const example = new URL(`../../examples/${name}`, import.meta.url).pathname;
  const env = { ...process.env, SIMULATOR_URL: server.url, GEMINI_API_KEY: keys.main };
  const { stdout } = await run(process.execPath, ["--import", preload, example], { env });
  return stdout;
}

describe("the quick start", () => {
  test("answers in calm weather", async () => {
    const output = await runExample("quick-start-ai-sdk.ts");
    expect(output).toContain(reply);
    expect(output).toContain("main/gemini-4-argon");
    expect(server.log.count()).toBe(1);
  });

  test("answers with its fallback when the model has no quota", async () => {
    storm(server, [{ fault: "zero-quota", model: "gemini-4-argon" }]);
    const output = await runExample("quick-start-ai-sdk.ts");
    expect(output).toContain(reply);
    expect(output).toContain("main/gemini-3.8-flash");
  });
});

test("every story that ai-retry tells is answered", async () => {
  storm(server, [{ fault: "overload", nth: 1 }]);
  const output = await runExample("migrate-from-ai-retry.ts");
  const answered = [
    "usage",
    "fallbacks",
    "conditions",
    "teapot",
    "delays",
    "timeouts",
    "options",
    "logging",
  ];
  for (const story of answered)
    expect(output).toMatch(new RegExp(`^${story}: gemini-.*: ${reply}$`, "m"));
  expect(output).toContain("2 vectors, 1 image");
  expect(output).toContain("gemini-4-argon");
  expect(output).toContain("retry error: true, API error: true");
});

test("the batch story is told by calls, and by a batch when the day is over", async () => {
  expect(await runExample("ai-sdk-batch.ts")).toContain("3 answered by calls, 0 in a batch");
  storm(server, [{ fault: "day-quota", operation: "generateContent" }], {
    batches: { pending: 0, running: 0 },
  });
  const output = await runExample("ai-sdk-batch.ts");
  expect(output).toContain("0 answered by calls, 3 in a batch");
  expect(output.match(new RegExp(reply, "g"))).toHaveLength(3);
});

test("the stream story comes through a storm", async () => {
  storm(server, [
    { fault: "overload", nth: 1 },
    { fault: "empty-stop", nth: 1 },
  ]);
  const output = await runExample("ai-sdk-stream.ts");
  expect(output).toContain(reply);
  expect(output).toContain("attempts: 3");
});
