import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";

import { contenders } from "../contenders/index.ts";
import { type PageData } from "./page-data.ts";

const measured = [
  "ai",
  "@ai-sdk/google",
  "ai-retry",
  "ai-fallback",
  "langchain",
  "@langchain/core",
  "@google/genai",
  "cockatiel",
  "effect",
  "p-retry",
];

/** The version of a package that is installed, read from the folder that holds it. */
function versionOf(name: string): string {
  const { resolve } = createRequire(import.meta.url);
  for (const folder of resolve.paths(name) ?? []) {
    try {
      const { version } = JSON.parse(readFileSync(`${folder}/${name}/package.json`, "utf8")) as {
        version: string;
      };
      return version;
    } catch {
      // It is in the next folder up, or nowhere.
    }
  }
  return "unknown";
}

/** When, where and how a run is made, for whoever reads of it later. */
export function circumstances(): Omit<PageData, "results" | "titles"> {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpu?.model ?? "unknown processor"}, Node.js ${process.version}`,
    command: `pnpm bench ${process.argv.slice(2).join(" ")}`.trim(),
    versions: Object.fromEntries(measured.map((name) => [name, versionOf(name)])),
    policies: Object.fromEntries(
      contenders.map(({ name, origin, about }) => [name, { origin, about }]),
    ),
  };
}
