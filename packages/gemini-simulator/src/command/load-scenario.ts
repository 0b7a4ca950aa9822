import { readFile } from "node:fs/promises";

import { type ScenarioInput } from "../scenario.ts";
import { isScenarioName, scenarios } from "../scenarios.ts";

/** Finds a scenario by its name or in a JSON file; an `Error` says in a sentence why there is none. */
export async function loadScenario(nameOrFile: string): Promise<ScenarioInput> {
  if (isScenarioName(nameOrFile)) return scenarios[nameOrFile];
  if (!/[./\\]/.test(nameOrFile)) {
    throw new Error(
      `There is no scenario "${nameOrFile}". There are ${Object.keys(scenarios).join(", ")}; or name a .json file.`,
    );
  }
  const text = await readFile(nameOrFile, "utf8").catch((cause: unknown) => {
    throw new Error(`The scenario file ${nameOrFile} cannot be read`, { cause });
  });
  try {
    return JSON.parse(text) as ScenarioInput;
  } catch (cause) {
    throw new Error(`The scenario file ${nameOrFile} is not JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
}
