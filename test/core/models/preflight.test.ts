import { type Finding, models, preflight, type PreflightOptions } from "@holdfast/core/models";
import { anything, assert, constantFrom, object, property } from "fast-check";
import { describe, expect, test } from "vitest";

const now = Date.parse("2026-11-23T12:00:00Z");
const options: PreflightOptions = { model: "gemini-3.6-flash", now };
const contents = [{ role: "user", parts: [{ text: "secret prompt" }] }];

const short = ({ level, field, kind }: Finding): string => `${level} ${field} ${kind}`;
const found = (body: unknown, more: Partial<PreflightOptions> = {}): string[] =>
  preflight(body, { ...options, ...more }).map(short);

const call = { functionCall: { name: "f", args: {} } };
const response = { functionResponse: { name: "f", response: {} } };
const turn = (role: string, ...parts: unknown[]): unknown => ({ role, parts });

describe("a body in order", () => {
  test.each([
    ["the shortest", { contents }],
    ["a single content in place of a list", { contents: contents[0] }],
    ["a single part in place of a list", { contents: { parts: { text: "hello" } } }],
    ["a role left out", { contents: [{ parts: [{ text: "hello" }] }] }],
    [
      "snake case",
      {
        contents,
        system_instruction: { parts: [{ text: "x" }] },
        generation_config: { top_p: 0.5 },
      },
    ],
    [
      "every parameter",
      {
        contents,
        generationConfig: {
          temperature: 2,
          topP: 0,
          topK: 1,
          maxOutputTokens: 1,
          candidateCount: 8,
          stopSequences: ["END"],
          responseMimeType: "application/json",
          responseSchema: { type: "OBJECT" },
          thinkingConfig: { thinkingLevel: "LOW", includeThoughts: true },
          seed: -1,
          presencePenalty: null,
          newIn2027: "whatever",
        },
      },
    ],
    [
      "a tool loop",
      {
        contents: [
          turn("user", { text: "hello" }),
          turn("model", { text: "", thoughtSignature: "abc" }, call, call),
          turn("user", response, response),
        ],
        tools: [{ functionDeclarations: [] }],
        toolConfig: {},
      },
    ],
    [
      "media",
      { contents: [turn("user", { inlineData: { mimeType: "image/png", data: "AAAA" } })] },
    ],
    ["tabs and line ends", { contents: [turn("user", { text: "a\tb\r\nc 😀" })] }],
    ["an embedding", { content: { parts: [{ text: "hello" }] } }],
    ["a batch of embeddings", { requests: [{ content: { parts: [{ text: "hello" }] } }] }],
  ])("raises nothing: %s", (_what, body) => {
    expect(preflight(body, options)).toEqual([]);
  });
});

describe("certain errors", () => {
  test.each([
    ["no body", undefined, "body"],
    ["a text for a body", "hello", "body"],
    ["no contents", {}, "contents"],
    ["contents null", { contents: null }, "contents"],
    ["empty contents", { contents: [] }, "contents"],
    ["a text for contents", { contents: "hello" }, "contents"],
    ["contents of empty texts", { contents: [turn("user", { text: "" })] }, "contents"],
    ["a content that is a text", { contents: ["hello"] }, "contents[0]"],
    ["no parts", { contents: [{ role: "user" }] }, "contents[0].parts"],
    ["empty parts", { contents: [turn("model"), ...contents] }, "contents[0].parts"],
    ["a text for parts", { contents: [{ parts: "hello" }] }, "contents[0].parts"],
    ["a part that is a text", { contents: [turn("user", "hello")] }, "contents[0].parts[0]"],
    ["a part without data", { contents: [turn("user", {})] }, "contents[0].parts[0]"],
    [
      "a part with two",
      { contents: [turn("user", { text: "a", inlineData: {} })] },
      "contents[0].parts[0]",
    ],
    ["a number for a text", { contents: [turn("user", { text: 7 })] }, "contents[0].parts[0].text"],
    ["a role of another API", { contents: [turn("assistant", { text: "a" })] }, "contents[0].role"],
    ["the role system", { contents: [turn("system", { text: "a" })] }, "contents[0].role"],
    [
      "a role that is no text",
      { contents: [{ role: 1, parts: [{ text: "a" }] }] },
      "contents[0].role",
    ],
    [
      "a text for systemInstruction",
      { contents, systemInstruction: "be brief" },
      "systemInstruction",
    ],
    [
      "an empty systemInstruction",
      { contents, systemInstruction: { parts: [] } },
      "systemInstruction.parts",
    ],
    ["a text for tools", { contents, tools: "search" }, "tools"],
    ["a number for cachedContent", { contents, cachedContent: 7 }, "cachedContent"],
    ["a text for generationConfig", { contents, generationConfig: "x" }, "generationConfig"],
    [
      "half a surrogate pair",
      { contents: [turn("user", { text: "cut \ud83d" })] },
      "contents[0].parts[0].text",
    ],
    [
      "half a surrogate pair in a tool's description",
      { contents, tools: [{ functionDeclarations: [{ description: "\udc00" }] }] },
      "tools[0].functionDeclarations[0].description",
    ],
  ])("finds %s", (_what, body, field) => {
    expect(found(body)).toEqual([`error ${field} invalid-request`]);
  });

  test.each([
    ["temperature", "0.7"],
    ["temperature", "hot"],
    ["temperature", -0.1],
    ["temperature", 2.1],
    ["temperature", Number.NaN],
    ["temperature", true],
    ["topP", 1.5],
    ["topP", []],
    ["topK", 0],
    ["topK", 1.5],
    ["maxOutputTokens", 0],
    ["maxOutputTokens", "1000"],
    ["candidateCount", 0],
    ["candidateCount", 9],
    ["seed", 2 ** 31],
    ["stopSequences", [1]],
    ["responseMimeType", {}],
    ["responseSchema", "string"],
    ["thinkingConfig", 1_024],
    ["responseLogprobs", "true"],
  ])("finds %s of %j", (name, value) => {
    const errors = [`error generationConfig.${name} invalid-request`];
    expect(found({ contents, generationConfig: { [name]: value } })).toEqual(errors);
  });

  test("names the field as it was written", () => {
    expect(found({ contents, generation_config: { max_output_tokens: "7" } })).toEqual([
      "error generationConfig.max_output_tokens invalid-request",
    ]);
  });

  test.each([
    [{ thinkingBudget: 0, thinkingLevel: "low" }, "generationConfig.thinkingConfig"],
    [{ thinkingBudget: -2 }, "generationConfig.thinkingConfig.thinkingBudget"],
    [{ thinkingLevel: 1 }, "generationConfig.thinkingConfig.thinkingLevel"],
  ])("finds what does not go together in %j", (thinkingConfig, field) => {
    expect(found({ contents, generationConfig: { thinkingConfig } })).toEqual([
      `error ${field} invalid-request`,
    ]);
  });

  test.each([undefined, "", "models/"])("finds a missing model: %j", (model) => {
    expect(found({ contents }, { model })).toEqual(["error model invalid-request"]);
  });
});

describe("doubts", () => {
  test.each([
    ["a function response without its call", [turn("user", response)], "contents[0]"],
    [
      "a function call without its response",
      [...contents, turn("model", call), ...contents],
      "contents[2]",
    ],
    [
      "fewer responses than calls",
      [...contents, turn("model", call, call), turn("user", response)],
      "contents[2]",
    ],
    ["a call at the beginning", [turn("model", call), turn("user", response)], "contents[0]"],
    ["the model's turn at the end", [...contents, turn("model", { text: "a" })], "contents[1]"],
    [
      "an empty text among others",
      [...contents, turn("user", { text: "" })],
      "contents[1].parts[0].text",
    ],
    ["a kind of part that is new", [turn("user", { newKind: {} })], "contents[0].parts[0]"],
    ["control characters", [turn("user", { text: "a\u0000b" })], "contents[0].parts[0].text"],
  ])("raises %s", (_what, turns, field) => {
    expect(found({ contents: turns })).toEqual([`warning ${field} invalid-request`]);
  });

  test.each([
    [
      { contents, generationConfig: { temprature: 1 } },
      "generationConfig.temprature",
      "temperature",
    ],
    [
      { contents, generationConfig: { maxOutputToken: 1 } },
      "generationConfig.maxOutputToken",
      "maxOutputTokens",
    ],
    [{ contents, safetySetings: [] }, "safetySetings", "safetySettings"],
  ])("asks whether a misspelled field was meant", (body, field, meant) => {
    const [finding] = preflight(body, options);
    expect(finding).toMatchObject({ level: "warning", field, remedy: `Did you mean ${meant}?` });
  });

  test.each([
    ["gemini-3.6-flsh", "not known", "Did you mean gemini-3.6-flash"],
    ["my-own", "not known", "Check the name"],
    ["gemini-2.0-flash", "is retired since 2026-06-01", "Move to gemini-3.5-flash-lite"],
    [
      "gemini-3.5-flash",
      "is answered by gemini-3.6-flash, at its price, since 2026-10-08",
      "Move to gemini-3.6-flash",
    ],
    ["gemini-2.5-pro", "is closed to new users since 2026-09-18", "Move to gemini-3.8-flash"],
    ["gemini-3.1-pro-preview", "is no longer listed", "Choose a model that is listed"],
  ])("warns of the model %s", (model, message, remedy) => {
    const findings = preflight({ contents }, { ...options, model });
    expect(findings.map(short)).toEqual(["warning model model-not-found"]);
    expect(findings[0]?.message).toContain(message);
    expect(findings[0]?.remedy).toContain(remedy);
  });

  test("knows the names of a live list", () => {
    const candidates = ["models/gemini-9-pro"];
    expect(found({ contents }, { model: "gemini-9-pro", candidates })).toEqual([]);
    const [finding] = preflight({ contents }, { ...options, model: "gemini-9-por", candidates });
    expect(finding?.remedy).toBe("Did you mean gemini-9-pro?");
  });

  test("asks whether a model that does not think should", () => {
    const dull = {
      id: "dull",
      kind: "text",
      source: "models",
      capabilities: { thinking: false },
    } as const;
    const body = { contents, generationConfig: { thinkingConfig: { thinkingBudget: 0 } } };
    expect(found(body, { model: "dull", models: [dull] })).toEqual([
      "warning generationConfig.thinkingConfig invalid-request",
    ]);
    expect(found(body)).toEqual([]);
  });
});

const saying = (text: string): unknown => ({ contents: [turn("user", { text })] });
const words = (count: number): string => "word ".repeat(count);

describe("size", () => {
  test("errs only where even the most favourable count overflows the window", () => {
    expect(found(saying(words(1_000_000)))).toEqual(["warning contents context-length-exceeded"]);
    expect(found(saying(words(1_048_576)))).toEqual(["warning contents context-length-exceeded"]);
    expect(found(saying(words(1_048_577)))).toEqual(["error contents context-length-exceeded"]);
    expect(found(saying(words(800_000)))).toEqual([]);
  });

  test("says nothing of a window that is not known", () => {
    expect(found(saying(words(1_100_000)), { model: "gemini-4-argon" })).toEqual([]);
  });

  test.each([
    [words(100), 100, "warning"],
    [words(101), 100, "error"],
    ["x".repeat(3_200), 100, "warning"],
    ["x".repeat(3_201), 100, "error"],
    ["长".repeat(3_201), 100, "error"],
    [" ".repeat(100_000), 1_000, "warning"],
  ])("compares the size with the tokens a minute has: case %#", (text, tokensPerMinute, level) => {
    expect(found(saying(text), { tokensPerMinute })).toEqual([
      `${level} contents rate-limit-tokens-minute`,
    ]);
  });

  test("has no opinion where no limit is known, or none is set", () => {
    expect(found(saying(words(10_000)), { tokensPerMinute: 1_000_000 })).toEqual([]);
    expect(found(saying(words(10_000)), { tokensPerMinute: 0 })).toEqual([]);
  });

  test("counts instructions and tools as well", () => {
    const instructed = { contents, systemInstruction: { parts: [{ text: words(2_000) }] } };
    expect(found(instructed, { tokensPerMinute: 1_000 })).toEqual([
      "error contents rate-limit-tokens-minute",
    ]);
  });

  test("does not take encoded bytes for text", () => {
    const inlineData = { mimeType: "image/png", data: "A".repeat(1_000_000) };
    expect(found({ contents: [turn("user", { inlineData })] }, { tokensPerMinute: 5_000 })).toEqual(
      [],
    );
  });
});

describe("what a finding says", () => {
  test("never repeats text of the request or a key", () => {
    const key = `AIza${"k".repeat(35)}`;
    const body = {
      contents: [
        { role: key, parts: [{ text: "secret \ud800 \u0000" }] },
        turn("user", { functionCall: { args: { "secret key": "\ud800" } } }, "secret"),
      ],
      generationConfig: { temperature: "secret", temprature: "secret", responseMimeType: 7 },
      cachedContent: ["secret"],
    };
    const findings = preflight(body, { ...options, model: `secret ${key}` });
    expect(findings.length).toBeGreaterThan(6);
    expect(JSON.stringify(findings)).not.toMatch(/secret|AIza|\\ud800|\\u0000/);
  });

  test("puts errors first and stops at 50", () => {
    const findings = preflight(
      { contents: Array.from({ length: 80 }, () => ({})) },
      { ...options, model: "x" },
    );
    expect(findings).toHaveLength(50);
    expect(findings.every(({ level }) => level === "error")).toBe(true);
    const both = preflight({ contents: [] }, { ...options, model: "gemini-3.5-flash" });
    expect(both.map(({ level }) => level)).toEqual(["error", "warning"]);
  });

  test("is a message and a remedy for a person each time", () => {
    const findings = preflight(
      { contents: [{ role: "tool" }], tools: 1 },
      { ...options, model: "x" },
    );
    expect(findings).toHaveLength(4);
    for (const { message, remedy, value } of findings) {
      expect(message).toMatch(/^[\w[].{10,}\.$/);
      expect(remedy).toMatch(/^[A-Z].{10,}[.?\]]+$/);
      expect(value).not.toBe("");
    }
  });
});

const findingsOf = (value: unknown): Finding[] =>
  preflight(value, { ...options, model: value as string, models });

/** How many reads of its fields a body of so many turns costs. */
function readsOf(turns: number): number {
  let reads = 0;
  const counted = (target: object): object =>
    new Proxy(target, {
      get(inside, key) {
        reads += 1;
        return Reflect.get(inside, key) as unknown;
      },
    });
  const parts = (): object => counted([counted({ text: "hello" })]);
  const list = Array.from({ length: turns }, () => counted({ role: "user", parts: parts() }));
  preflight({ contents: counted(list) }, options);
  return reads;
}

describe("hostile bodies", () => {
  const thrower = new Proxy(
    {},
    {
      get() {
        throw new Error("no");
      },
      ownKeys() {
        throw new Error("no");
      },
    },
  );
  const circle: Record<string, unknown> = { contents };
  circle["self"] = circle;

  test.each([
    ["a body that throws", thrower],
    ["contents that throw", { contents: [thrower] }],
    ["a configuration that throws", { contents, generationConfig: thrower }],
    [
      "a getter that throws",
      {
        contents,
        get tools(): never {
          throw new Error("no");
        },
      },
    ],
    [
      "a list that claims to be endless",
      { contents: Object.assign([], { length: 4_000_000_000 }) },
    ],
  ])("are survived with a finding: %s", (_what, body) => {
    expect(preflight(body, options).length).toBeGreaterThan(0);
  });

  test("that contain themselves are read once", () => {
    expect(preflight(circle, options)).toEqual([]);
  });

  test("that make up fields for ever come to an end", () => {
    const endlessly = (): object =>
      new Proxy(
        {},
        {
          ownKeys: () => ["a", "b"],
          getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
          get: () => endlessly(),
        },
      );
    expect(found({ contents, tools: [endlessly()] })).toContain("warning body invalid-request");
  });

  test("cost a number of reads that grows with their length, no faster", () => {
    expect(readsOf(2_000)).toBeLessThan(readsOf(1_000) * 2.05);
    expect(readsOf(1_000)).toBeGreaterThan(5_000);
  });

  test("that repeat one list of parts in every turn are not read square", () => {
    let reads = 0;
    const parts = Array.from({ length: 5_000 }, () => ({
      get text() {
        reads += 1;
        return "hello";
      },
    }));
    const repeated = Array.from({ length: 5_000 }, () => ({ role: "user", parts }));
    preflight({ contents: repeated }, options);
    expect(reads).toBeLessThan(500_000);
  });

  test("of any shape never make it throw", () => {
    assert(
      property(
        anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        (value) => {
          expect(Array.isArray(findingsOf(value))).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
    const key = ["contents", "parts", "generationConfig", "role", "text", "__proto__", "toString"];
    assert(
      property(object({ maxDepth: 5, key: constantFrom(...key) }), (value) => {
        expect(Array.isArray(findingsOf(value))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
