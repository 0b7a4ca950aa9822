import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

import { type Simulator } from "@holdfast/gemini-simulator";

import { keys } from "./gemini.ts";

/** How a program ended. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program in a Node of its own, with the simulator in Google's place. */
export function runProgram(program: URL, { url }: Simulator): Promise<Ended> {
  const preload = new URL("to-simulator.ts", import.meta.url).href;
  const { GOOGLE_API_KEY: _, GOOGLE_GENERATIVE_AI_API_KEY: __, ...rest } = process.env;
  const env = { ...rest, SIMULATOR_URL: url, GEMINI_API_KEY: keys.main };
  return new Promise((resolve) => {
    const file = fileURLToPath(program);
    execFile(process.execPath, ["--import", preload, file], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}
