import { readFile } from "node:fs/promises";

import {
  createGemini,
  scenarioJsonSchema,
  type ScenarioInput,
  scenarios,
} from "@holdfast/gemini-simulator";
import { expect, test } from "vitest";

const start = Date.UTC(2026, 10, 2, 12);

/** The statuses and bodies of requests that come every `every` milliseconds. */
function storm(
  scenario: ScenarioInput,
  { count = 40, every = 100, stream = false } = {},
): string[] {
  const gemini = createGemini(scenario);
  return Array.from({ length: count }, (_, index) => {
    const { head, chunks, ending } = gemini.handle(
      {
        method: "POST",
        url: `/v1beta/models/gemini-2.5-flash:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
        headers: { "x-goog-api-key": "good-key" },
        body: '{"contents":[{"parts":[{"text":"hi"}]}]}',
      },
      start + index * every,
    );
    return `${head?.status} ${ending} ${chunks.map(({ text }) => text).join("")}`;
  });
}

const statuses = (answers: string[]): string[] => answers.map((answer) => answer.slice(0, 3));

test.each(Object.entries(scenarios))(
  "%s is a good scenario and answers the same twice, byte for byte",
  (_, scenario) => {
    expect(storm(scenario)).toEqual(storm(scenario));
    expect(storm(scenario, { stream: true })).toEqual(storm(scenario, { stream: true }));
  },
);

test("another seed is another storm", () => {
  const scenario = { rules: [{ fault: "overload" as const, probability: 0.5 }] };
  expect(statuses(storm({ ...scenario, seed: 1 }))).not.toEqual(
    statuses(storm({ ...scenario, seed: 2 })),
  );
});

test("a probability is kept", () => {
  const answers = statuses(
    storm({ rules: [{ fault: "overload", probability: 0.3 }] }, { count: 4000 }),
  );
  const share = answers.filter((status) => status === "503").length / 4000;
  expect(share).toBeGreaterThan(0.27);
  expect(share).toBeLessThan(0.33);
});

test("overload-5-min is overloaded for five minutes and then calm", () => {
  const answers = statuses(storm(scenarios["overload-5-min"], { count: 7, every: 60_000 }));
  expect(answers).toEqual(["503", "503", "503", "503", "503", "200", "200"]);
});

test.each<[string, object, string[]]>([
  ["one request", { nth: 2 }, ["200", "503", "200", "200", "200", "200"]],
  ["several", { nth: [1, 4] }, ["503", "200", "200", "503", "200", "200"]],
  ["a range", { nth: { first: 2, last: 3 } }, ["200", "503", "503", "200", "200", "200"]],
  ["every other", { nth: { every: 2 } }, ["503", "200", "503", "200", "503", "200"]],
  ["a window", { from: 100, until: 300 }, ["200", "503", "503", "200", "200", "200"]],
  ["a model", { model: "*-pro" }, ["200", "200", "200", "200", "200", "200"]],
  ["a pattern", { model: ["x", "gemini-2*flash"] }, ["503", "503", "503", "503", "503", "503"]],
  ["an account", { account: "key-1", nth: 6 }, ["200", "200", "200", "200", "200", "503"]],
  ["streams", { stream: true }, ["200", "200", "200", "200", "200", "200"]],
  ["load", { load: { above: 2, within: 250 } }, ["200", "200", "503", "503", "503", "503"]],
])("a rule can mean %s", (_, conditions, expected) => {
  expect(statuses(storm({ rules: [{ fault: "overload", ...conditions }] }, { count: 6 }))).toEqual(
    expected,
  );
});

test.each<[unknown, RegExp]>([
  [{ rules: [{ fault: "overlord" }] }, /rules\[0\]\.fault/],
  [{ rules: [{ fault: { type: "overload", sentence: "tired" } }] }, /rules\[0\]\.fault\.sentence/],
  [{ rules: [{ fault: { type: "reset", wait: 3 } }] }, /"wait"/],
  [{ rules: [{ fault: "reset", probability: 2 }] }, /probability/],
  [{ quotas: { minute: 0 } }, /quotas\.minute/],
  [{ endpoints: [{ name: "relay", path: "relay/" }] }, /endpoints\[0\]\.path/],
  [{ rulez: [] }, /rulez/],
  ["storm", /no scenario "storm". There are calm/],
])("%o is refused by name", (scenario, message) => {
  expect(() => createGemini(scenario as ScenarioInput)).toThrow(TypeError);
  expect(() => createGemini(scenario as ScenarioInput)).toThrow(message);
});

test("the JSON Schema that is published is the one of this version", async () => {
  const published = await readFile(
    new URL("../../packages/gemini-simulator/scenario.schema.json", import.meta.url),
    "utf8",
  );
  expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema())));
});
