import {
  checkParameters,
  checkSize,
  checkText,
  estimateTokens,
  fewestTokens,
} from "@holdfast/core/models";
import { assert, constantFrom, property, string } from "fast-check";
import { describe, expect, test } from "vitest";

describe("estimateTokens", () => {
  test.each([
    ["nothing", "", 0],
    ["four letters", "abcd", 1],
    ["a letter more", "abcde", 2],
    ["Cyrillic", "привет", 3],
    ["Chinese", "你好世界", 3],
    ["an emoji", "😀", 2],
  ])("of %s", (_what, text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens);
  });

  test("adds up the texts of a body", () => {
    const body = { contents: [{ parts: [{ text: "a".repeat(400) }] }] };
    expect(estimateTokens(body)).toBe(100);
  });

  test.each([
    ["an image", { inlineData: { mimeType: "image/png", data: "A".repeat(9) } }, 1_120],
    [
      "a file that is referred to",
      { file_data: { mime_type: "video/mp4", file_uri: "https://x" } },
      1_120,
    ],
    ["a short sound", { inlineData: { mimeType: "audio/mp3", data: "A" } }, 258],
    [
      "a longer sound",
      { inlineData: { mimeType: "audio/mp3", data: "A".repeat(2_000_000) } },
      3_000,
    ],
  ])("guesses %s by its kind and size", (_what, part, tokens) => {
    expect(estimateTokens({ contents: [{ parts: [part] }] }) - tokens).toBeLessThan(6);
    expect(estimateTokens({ contents: [{ parts: [part] }] })).toBeGreaterThanOrEqual(tokens);
  });

  test("of what is no body is nothing", () => {
    expect([undefined, null, 7, () => 1].map(estimateTokens)).toEqual([0, 0, 0, 0]);
  });
});

describe("fewestTokens", () => {
  test.each([
    ["", 0],
    [" \n\t ", 0],
    ["word", 1],
    ["two words", 2],
    ["x".repeat(32), 1],
    ["x".repeat(33), 2],
    [`a ${"x".repeat(65)} b`, 5],
  ])("of %j", (text, tokens) => {
    expect(fewestTokens(text)).toBe(tokens);
  });

  test("are no more than the characters, and add up over words", () => {
    const text = string({ unit: constantFrom("a", " ", "长", "\n") });
    assert(
      property(text, text, (a, b) => {
        expect(fewestTokens(a)).toBeLessThanOrEqual(a.length);
        expect(fewestTokens(`${a} ${b}`)).toBe(fewestTokens(a) + fewestTokens(b));
      }),
    );
  });
});

describe("the single checks, for requests of other shapes", () => {
  test("checkText says where the trouble begins", () => {
    expect(checkText("ok 😀\n", "prompt[0].content")).toEqual([]);
    expect(checkText("ab\ud83dcd\u001b", "prompt[0].content")).toMatchObject([
      { level: "error", field: "prompt[0].content", value: "U+D83D at character 2" },
      { level: "warning", field: "prompt[0].content", value: "U+001B at character 5" },
    ]);
  });

  test("checkParameters names fields that stand alone", () => {
    const findings = checkParameters({ temperature: "0.5", topK: 0, unrelated: 1 }, { field: "" });
    expect(findings.map(({ field }) => field)).toEqual(["temperature", "topK"]);
    expect(checkParameters(undefined)).toEqual([]);
  });

  test("checkSize estimates what it is not told", () => {
    const texts = ["a".repeat(4_000)];
    expect(checkSize({ texts }, { tokensPerMinute: 999 })).toMatchObject([{ level: "warning" }]);
    expect(checkSize({ texts, estimated: 10 }, { tokensPerMinute: 999 })).toEqual([]);
    expect(checkSize({ texts }, {})).toEqual([]);
  });
});
