import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { type Simulator } from "@holdfast/gemini-simulator";

const run = promisify(execFile);

/** The key that examples find in their environment. */
export const exampleKey = "AIzaExampleExampleExampleExampleExample";

/** What an example left behind. */
export interface ExampleRun {
  code: number;
  stdout: string;
  /** Both outputs, to look for what must be in neither. */
  output: string;
}

const pathOf = (url: string): string => fileURLToPath(new URL(url, import.meta.url));

/** Runs an example as a user would, in a process of its own, but against the simulator. */
export async function runExample(
  name: string,
  simulator: Simulator | undefined,
  args: readonly string[] = [],
): Promise<ExampleRun> {
  const preload = new URL("to-simulator.ts", import.meta.url).href;
  const { GOOGLE_API_KEY: _, GOOGLE_GENERATIVE_AI_API_KEY: __, ...inherited } = process.env;
  const env = simulator
    ? { ...inherited, SIMULATOR_URL: simulator.url, GEMINI_API_KEY: exampleKey }
    : { ...inherited, GEMINI_API_KEY: "" };
  const example = pathOf(`../../examples/${name}`);
  try {
    const argv = ["--import", preload, example, ...args];
    const { stdout, stderr } = await run(process.execPath, argv, { env, timeout: 60_000 });
    return { code: 0, stdout, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, output: stdout + stderr };
  }
}
