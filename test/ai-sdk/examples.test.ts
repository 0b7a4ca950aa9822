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
