import { createGemini } from "@holdfast/gemini-simulator";
import { describe, expect, test } from "vitest";

const now = Date.UTC(2026, 10, 2, 12);
const user = { role: "user", parts: [{ text: "hello" }] };
const call = {
  role: "model",
  parts: [{ functionCall: { name: "look", args: {} }, thoughtSignature: "c2ln" }],
};
const result = { role: "user", parts: [{ functionResponse: { name: "look", response: {} } }] };

interface Asked {
  status: number | undefined;
  message: string;
  violations: object[] | undefined;
  body: Record<string, unknown>;
}

function ask(
  body: unknown,
  { path = "gemini-3.8-flash:generateContent", scenario = {} } = {},
): Asked {
  const answer = createGemini(scenario).handle(
    {
      method: "POST",
      url: `/v1beta/models/${path}`,
      headers: { "x-goog-api-key": "K1" },
      body: typeof body === "string" ? body : JSON.stringify(body),
    },
    now,
  );
  const parsed = JSON.parse(answer.chunks.map(({ text }) => text).join("")) as {
    error?: { message: string; details?: { fieldViolations: object[] }[] };
  };
  return {
    status: answer.head?.status,
    message: parsed.error?.message ?? "",
    violations: parsed.error?.details?.[0]?.fieldViolations,
    body: parsed,
  };
}

function partsOf(body: Record<string, unknown>): object[] | undefined {
  return (body["candidates"] as { content: { parts: object[] } }[])[0]?.content.parts;
}

describe("what Gemini refuses with 400", () => {
  test.each<[string, unknown, string]>([
    ["a body that is no JSON", "{contents", "Invalid JSON payload received. Unexpected token."],
    ["no contents", {}, "* GenerateContentRequest.contents: contents is not specified\n"],
    [
      "contents without parts",
      { contents: [user, { role: "model", parts: [] }] },
      "* GenerateContentRequest.contents[1].parts: contents.parts must not be empty.\n",
    ],
    [
      "a part without data",
      { contents: [{ parts: [{ thought: true }] }] },
      "contents[0].parts[0].data: required oneof field 'data'",
    ],
    [
      "a role that is none",
      { contents: [{ ...user, role: "assistant" }] },
      "Please use a valid role: user, model.",
    ],
    [
      "a lone model turn",
      { contents: [{ ...user, role: "model" }] },
      "single turn requests end with a user role",
    ],
    [
      "a call first",
      { contents: [call, result] },
      "function call turn comes immediately after a user turn",
    ],
    [
      "a result without a call",
      { contents: [user, result] },
      "function response turn comes immediately after a function call turn",
    ],
    [
      "two results for one call",
      { contents: [user, call, { ...result, parts: [...result.parts, ...result.parts] }] },
      "number of function response parts is equal",
    ],
    [
      "a question in the place of a result",
      { contents: [user, call, user] },
      "number of function response parts is equal",
    ],
    [
      "an unknown field",
      { contents: [user], temperature: 1 },
      'Invalid JSON payload received. Unknown name "temperature": Cannot find field.',
    ],
    [
      "an unknown field inside",
      { contents: [{ parts: { text: "x", role: "user" } }] },
      `Unknown name "role" at 'contents[0].parts': Cannot find field.`,
    ],
    [
      "a wrong type",
      { contents: [user], generationConfig: { temperature: "hot" } },
      `Invalid value at 'generation_config.temperature' (TYPE_FLOAT), "hot"`,
    ],
    [
      "text in the place of a message",
      { contents: "hello" },
      `Invalid value at 'contents' (type.googleapis.com/google.ai.generativelanguage.v1beta.Content), "hello"`,
    ],
    [
      "an enum value that is none",
      { contents: [user], safetySettings: [{ category: "RUDENESS" }] },
      `Invalid value at 'safety_settings[0].category' (type.googleapis.com/google.ai.generativelanguage.v1beta.HarmCategory), "RUDENESS"`,
    ],
    [
      "a temperature out of range",
      { contents: [user], generationConfig: { temperature: 3 } },
      "temperature must be in the range [0.0, 2.0]",
    ],
    [
      "more output than the model has",
      { contents: [user], generationConfig: { maxOutputTokens: 100_000 } },
      "maxOutputTokens value of 100000",
    ],
    [
      "both thinking options",
      {
        contents: [user],
        generationConfig: { thinkingConfig: { thinkingBudget: 1, thinkingLevel: "LOW" } },
      },
      "only one of thinking budget and thinking level",
    ],
    [
      "a function name with a space",
      { contents: [user], tools: [{ functionDeclarations: [{ name: "look up" }] }] },
      "tools[0].function_declarations[0].name: Invalid function name.",
    ],
    [
      "a schema without a type",
      {
        contents: [user],
        generationConfig: { responseSchema: { type: "OBJECT", properties: { child: {} } } },
      },
      "generation_config.response_schema.properties[child].type: must be specified",
    ],
    [
      "properties of an array",
      {
        contents: [user],
        generationConfig: {
          responseSchema: { type: "ARRAY", properties: { a: { type: "STRING" } } },
        },
      },
      "only allowed for OBJECT type",
    ],
    [
      "a call whose signature was lost",
      {
        contents: [
          user,
          { role: "model", parts: [{ functionCall: { name: "look", args: {} } }] },
          result,
        ],
      },
      "missing a thought_signature in functionCall parts",
    ],
    [
      "a cached content that is none",
      { contents: [user], cachedContent: "cachedContents/x" },
      "CachedContent not found (or permission denied)",
    ],
  ])("%s", (_, body, message) => {
    const asked = ask(body);
    expect(asked.message).toContain(message);
    expect(asked.status).toBe(message.startsWith("CachedContent") ? 403 : 400);
  });

  test("unknown and mistyped fields are all listed, in a BadRequest too", () => {
    const { message, violations } = ask({
      contents: [user],
      one: 1,
      generation_config: { two: 2, top_p: "x" },
    });
    expect(message.split("\n")).toHaveLength(3);
    expect(violations).toEqual([
      { description: 'Invalid JSON payload received. Unknown name "one": Cannot find field.' },
      {
        field: "generation_config",
        description: `Invalid JSON payload received. Unknown name "two" at 'generation_config': Cannot find field.`,
      },
      {
        field: "generation_config.top_p",
        description: `Invalid value at 'generation_config.top_p' (TYPE_FLOAT), "x"`,
      },
    ]);
  });

  test("a prompt longer than the model reads", () => {
    const scenario = { models: [{ name: "gemini-3.8-flash", inputTokenLimit: 10 }] };
    expect(ask({ contents: [{ parts: [{ text: "x".repeat(41) }] }] }, { scenario }).message).toBe(
      "The input token count exceeds the maximum number of tokens allowed (10).",
    );
    expect(ask({ contents: [{ parts: [{ text: "x".repeat(40) }] }] }, { scenario }).status).toBe(
      200,
    );
  });

  test("a body of more than 20 MiB", () => {
    const { status, message } = ask({ contents: [{ parts: [{ text: "x".repeat(20_971_520) }] }] });
    expect([status, message]).toEqual([
      400,
      "Request payload size exceeds the limit: 20971520 bytes.",
    ]);
  });

  test("a capability that the model lacks", () => {
    const tools = [{ functionDeclarations: [{ name: "look" }] }];
    expect(
      ask({ contents: [user], tools }, { path: "gemini-3.1-flash-image:generateContent" }).message,
    ).toBe("Function calling is not enabled for models/gemini-3.1-flash-image");
    const generationConfig = { thinkingConfig: { thinkingLevel: "LOW" } };
    expect(
      ask({ contents: [user], generationConfig }, { path: "gemini-2.5-flash:generateContent" })
        .message,
    ).toContain("Thinking level");
    const without = { thinkingConfig: { thinkingBudget: 0 } };
    expect(
      ask(
        { contents: [user], generationConfig: without },
        { path: "gemini-2.5-pro:generateContent" },
      ).message,
    ).toBe("Budget 0 is invalid. This model only works in thinking mode.");
  });
});

describe("what Gemini accepts", () => {
  test.each<[string, unknown]>([
    [
      "snake_case",
      {
        contents: [user],
        generation_config: { max_output_tokens: 5 },
        system_instruction: { parts: [{ text: "x" }] },
      },
    ],
    ["a message in the place of a list of one", { contents: user }],
    ["numbers as text", { contents: [user], generationConfig: { temperature: "0.5" } }],
    [
      "an enum in small letters",
      {
        contents: [user],
        generationConfig: {
          responseSchema: { type: "object", properties: { a: { type: "string" } } },
        },
      },
    ],
    ["a whole tool loop", { contents: [user, call, result] }],
    [
      "an old tool loop without signatures",
      {
        contents: [
          user,
          { role: "model", parts: [{ functionCall: { name: "look", args: {} } }] },
          result,
          user,
        ],
      },
    ],
  ])("%s", (_, body) => {
    expect(ask(body).message).toBe("");
  });
});

describe("models", () => {
  test.each([
    [
      "gemini-2.5-flsh",
      "generateContent",
      "models/gemini-2.5-flsh is not found for API version v1beta, or is not supported for generateContent.",
    ],
    ["gemini-1.5-flash", "generateContent", "models/gemini-1.5-flash is not found"],
    ["gemini-1.5-flash", "streamGenerateContent", "is not supported for generateContent."],
    ["gemini-embedding-001", "generateContent", "is not supported for generateContent"],
    ["gemini-2.5-flash", "embedContent", "is not supported for embedContent"],
  ])("%s:%s is a 404", (model, verb, sentence) => {
    const answer = ask(
      { contents: [user], ...(verb === "embedContent" && { contents: undefined, content: user }) },
      { path: `${model}:${verb}?alt=sse` },
    );
    expect(answer.status).toBe(404);
    expect(answer.message).toContain(sentence);
  });

  test("an old id is answered by its successor, which modelVersion tells", () => {
    const { body } = ask({ contents: [user] }, { path: "gemini-3.5-flash:generateContent" });
    expect(body["modelVersion"]).toBe("gemini-3.6-flash");
  });
});

describe("answers", () => {
  test("every declared function is called with arguments of its schema, until its result comes", () => {
    const tools = [
      {
        functionDeclarations: [
          {
            name: "look",
            parameters: {
              type: "OBJECT",
              properties: {
                at: { type: "STRING", enum: ["sky"] },
                times: { type: "INTEGER", minimum: 3 },
              },
            },
          },
          { name: "listen" },
        ],
      },
    ];
    expect(partsOf(ask({ contents: [user], tools }).body)).toEqual([
      {
        functionCall: { name: "look", args: { at: "sky", times: 3 } },
        thoughtSignature: expect.any(String),
      },
      { functionCall: { name: "listen", args: {} } },
    ]);
    expect(partsOf(ask({ contents: [user, call, result], tools }).body)).toEqual([
      { text: expect.any(String) },
    ]);
    const toolConfig = { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["listen"] } };
    expect(partsOf(ask({ contents: [user], tools, toolConfig }).body)).toHaveLength(1);
    const none = { functionCallingConfig: { mode: "NONE" } };
    expect(partsOf(ask({ contents: [user], tools, toolConfig: none }).body)).toEqual([
      { text: expect.any(String) },
    ]);
  });

  test("an answer is cut at maxOutputTokens and at stop sequences", () => {
    const cut = ask({ contents: [user], generationConfig: { maxOutputTokens: 2 } }).body;
    expect(cut["candidates"]).toMatchObject([
      { content: { parts: [{ text: "gemini-3" }] }, finishReason: "MAX_TOKENS" },
    ]);
    const stopped = ask({ contents: [user], generationConfig: { stopSequences: [" heard"] } }).body;
    expect(stopped["candidates"]).toMatchObject([
      { content: { parts: [{ text: "gemini-3.8-flash" }] }, finishReason: "STOP" },
    ]);
  });

  test.each<[string, unknown, unknown]>([
    ["itself", { $ref: "#" }, null],
    [
      "itself, if it likes",
      {
        type: "object",
        properties: {
          name: { type: "string" },
          next: { anyOf: [{ type: "null" }, { $ref: "#" }] },
        },
      },
      { name: "example name", next: null },
    ],
    [
      "a definition",
      { $ref: "#/$defs/age", $defs: { age: { type: "integer", exclusiveMinimum: 17 } } },
      18,
    ],
    [
      "several alternatives",
      { type: "array", items: { oneOf: [{ const: 1 }, { const: 2 }] }, minItems: 2 },
      [1, 1],
    ],
  ])("a schema may contain %s", (_, responseJsonSchema, expected) => {
    const generationConfig = { responseMimeType: "application/json", responseJsonSchema };
    const [part] = partsOf(ask({ contents: [user], generationConfig }).body) ?? [];
    expect(JSON.parse((part as { text: string }).text)).toEqual(expected);
  });

  test("countTokens counts contents or a whole request", () => {
    expect(
      ask({ contents: [user] }, { path: "gemini-3.8-flash:countTokens" }).body["totalTokens"],
    ).toBe(2);
    const whole = {
      generateContentRequest: {
        contents: [user],
        systemInstruction: { parts: [{ text: "12345678" }] },
      },
    };
    expect(ask(whole, { path: "gemini-3.8-flash:countTokens" }).body["totalTokens"]).toBe(4);
  });
});
