import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

const file = new URL("../../examples/migrate-from-ai-retry.ts", import.meta.url);

/** Parts of the example that begin with a comment: its first line, and how many lines of code follow. */
const stories = readFileSync(file, "utf8")
  .split("\n\n")
  .filter((part) => part.startsWith("// "))
  .map((part) => {
    const lines = part.split("\n");
    return {
      title: lines[0] ?? "",
      length: lines.filter((line) => !/^\s*\/\//.test(line) && line !== "").length,
    };
  });

/**
 * Lines of code of the same story in the README of ai-retry 2.4.0
 * (https://github.com/zirkelc/ai-retry/tree/v2.4.0), without imports, comments, blank lines and, where the story here
 * makes none either, the call. "Max retries" is the option that each call has to be given.
 */
const lengths: readonly (readonly [string, number])[] = [
  ["Usage", 10],
  ["Embedding and image models", 19],
  ["Fallbacks", 8],
  ["Conditions", 8],
  ["Custom predicates", 13],
  ["All retries failed", 12],
  ["Max retries", 1],
  ["Retry delays", 7],
  ["Retry timeouts", 6],
  ["Provider options", 11],
  ["Call options", 14],
  ["Logging", 27],
  ["Reset", 5],
];

describe("who moves from ai-retry", () => {
  test.each(lengths)("writes no more lines for %j than before, %d", (name, length) => {
    const told = stories.filter(({ title }) => title.includes(name));
    expect(told).toHaveLength(1);
    expect(told[0]?.length).toBeLessThanOrEqual(length);
  });

  test("writes no more lines to begin with, all included that the stories share", () => {
    const [shared, usage] = stories;
    expect(usage?.title).toContain("Usage");
    expect((shared?.length ?? 0) + (usage?.length ?? 0)).toBeLessThanOrEqual(10);
  });

  test("finds each story of the example in this comparison", () => {
    const strangers = stories.filter(
      ({ title }) => title.includes('"') && !lengths.some(([name]) => title.includes(name)),
    );
    expect(strangers).toEqual([]);
  });
});
