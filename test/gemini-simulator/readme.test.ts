import { readFile } from "node:fs/promises";

import {
  createGemini,
  type ScenarioInput,
  scenarioJsonSchema,
  scenarios,
} from "@holdfast/gemini-simulator";
import { expect, test } from "vitest";

const readme = await readFile(
  new URL("../../packages/gemini-simulator/README.md", import.meta.url),
  "utf8",
);

test("the scenario that the README shows is a good one", () => {
  const [, json = ""] = /```json\n(\{\n {2}"\$schema"[^]*?)```/.exec(readme) ?? [];
  const scenario = JSON.parse(json) as ScenarioInput;
  expect(createGemini(scenario).scenario).toMatchObject({ name: "storm", seed: 7 });
});

test("the README names every fault and every scenario", () => {
  const { $defs } = scenarioJsonSchema() as { $defs: { fault: { anyOf: { enum?: string[] }[] } } };
  const names = $defs.fault.anyOf[0]?.enum ?? [];
  expect(names.length).toBeGreaterThan(40);
  const missing = [...names, ...Object.keys(scenarios)].filter(
    (name) => !readme.includes(`\`${name}\``),
  );
  expect(missing).toEqual([]);
});
