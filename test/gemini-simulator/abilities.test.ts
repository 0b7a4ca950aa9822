import { createGoogle } from "@ai-sdk/google";
import { createGoogleGenerativeAI as createGoogle2 } from "@ai-sdk/google-v5";
import { createGoogleGenerativeAI as createGoogle3 } from "@ai-sdk/google-v6";
import { GoogleGenAI } from "@google/genai";
import { type Simulator, startSimulator } from "@holdfast/gemini-simulator";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool as chatTool } from "@langchain/core/tools";
import { ChatGoogle } from "@langchain/google";
import { ChatGoogleGenerativeAI, GoogleGenerativeAIEmbeddings } from "@langchain/google-genai";
import { embedMany, generateText, isStepCount, Output, tool } from "ai";
import {
  embedMany as embedMany5,
  generateObject as generateObject5,
  generateText as generateText5,
  stepCountIs as stepCountIs5,
  tool as tool5,
} from "ai-v5";
import {
  embedMany as embedMany6,
  generateText as generateText6,
  Output as Output6,
  stepCountIs as stepCountIs6,
  tool as tool6,
} from "ai-v6";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});

beforeEach(() => simulator.reset());

afterAll(() => simulator.close());

const model = "gemini-3.8-flash";
const apiKey = "K1";
const city = z.object({ city: z.string() });
const weather = { inputSchema: city, execute: async () => "sunny" };
const shape = z.object({ ok: z.boolean(), tags: z.array(z.string()) });
const shaped = { ok: true, tags: ["example tags"] };
const embedder = "gemini-embedding-001";

/** A tool loop of two requests, the second one with the signature of the first one's thought. */
function expectToolLoop(): void {
  const bodies = simulator.log
    .all()
    .map(({ body, status }) => [
      status,
      body.includes("functionResponse"),
      body.includes("thoughtSignature"),
    ]);
  expect(bodies).toEqual([
    [200, false, false],
    [200, true, true],
  ]);
}

const google4 = () => createGoogle({ apiKey, baseURL: `${simulator.url}/v1beta` });
const google3 = () => createGoogle3({ apiKey, baseURL: `${simulator.url}/v1beta` });
const google2 = () => createGoogle2({ apiKey, baseURL: `${simulator.url}/v1beta` });
const genai = () => new GoogleGenAI({ apiKey, httpOptions: { baseUrl: simulator.url } });

describe("@ai-sdk/google 4", () => {
  test("a tool loop", async () => {
    const { text } = await generateText({
      model: google4()(model),
      prompt: "hi",
      tools: { weather: tool(weather) },
      stopWhen: isStepCount(3),
    });
    expect(text).toContain("heard: hi");
    expectToolLoop();
  });

  test("structured output and embeddings", async () => {
    const { output } = await generateText({
      model: google4()(model),
      prompt: "hi",
      output: Output.object({ schema: shape }),
    });
    expect(output).toEqual(shaped);
    const { embeddings } = await embedMany({
      model: google4().embedding(embedder),
      values: ["a", "b"],
    });
    expect(embeddings.map((values) => values.length)).toEqual([3072, 3072]);
  });
});

describe("@ai-sdk/google 3", () => {
  test("a tool loop", async () => {
    const { text } = await generateText6({
      model: google3()(model),
      prompt: "hi",
      tools: { weather: tool6(weather) },
      stopWhen: stepCountIs6(3),
    });
    expect(text).toContain("heard: hi");
    expectToolLoop();
  });

  test("structured output and embeddings", async () => {
    const { output } = await generateText6({
      model: google3()(model),
      prompt: "hi",
      output: Output6.object({ schema: shape }),
    });
    expect(output).toEqual(shaped);
    const { embeddings } = await embedMany6({
      model: google3().textEmbeddingModel(embedder),
      values: ["a", "b"],
    });
    expect(embeddings).toHaveLength(2);
  });
});

describe("@ai-sdk/google 2", () => {
  test("a tool loop", async () => {
    const { text } = await generateText5({
      model: google2()(model),
      prompt: "hi",
      tools: { weather: tool5(weather) },
      stopWhen: stepCountIs5(3),
    });
    expect(text).toContain("heard: hi");
    expectToolLoop();
  });

  test("structured output and embeddings", async () => {
    const { object } = await generateObject5({
      model: google2()(model),
      prompt: "hi",
      schema: shape,
    });
    expect(object).toEqual(shaped);
    const { embeddings } = await embedMany5({
      model: google2().textEmbeddingModel(embedder),
      values: ["a", "b"],
    });
    expect(embeddings).toHaveLength(2);
  });
});

const look = chatTool(() => "sunny", { name: "weather", description: "the weather", schema: city });

describe.each([
  [
    "@langchain/google-genai",
    () => new ChatGoogleGenerativeAI({ apiKey, baseUrl: simulator.url, model, maxRetries: 0 }),
  ],
  [
    "@langchain/google",
    () => new ChatGoogle({ apiKey, endpoint: simulator.url, model, maxRetries: 0 }),
  ],
] as const)("%s", (_, open) => {
  test("a tool loop", async () => {
    const question = new HumanMessage("hi");
    const chat = open().bindTools([look]);
    const call = await chat.invoke([question]);
    expect(call.tool_calls).toMatchObject([{ name: "weather", args: { city: "example city" } }]);
    const result = new ToolMessage({
      content: "sunny",
      name: "weather",
      tool_call_id: call.tool_calls?.[0]?.id ?? "",
    });
    expect((await chat.invoke([question, call, result])).text).toContain("heard: hi");
    expectToolLoop();
  });

  test("structured output", async () => {
    expect(await open().withStructuredOutput(shape).invoke("hi")).toEqual(shaped);
  });
});

test("@langchain/google-genai embeds", async () => {
  const embeddings = new GoogleGenerativeAIEmbeddings({
    apiKey,
    baseUrl: simulator.url,
    model: embedder,
    maxRetries: 0,
  });
  expect(await embeddings.embedDocuments(["a", "b"])).toHaveLength(2);
  expect(await embeddings.embedQuery("a")).toHaveLength(3072);
});

describe("@google/genai", () => {
  test("a chat with a tool", async () => {
    const functionDeclarations = [{ name: "weather", parametersJsonSchema: z.toJSONSchema(city) }];
    const chat = genai().chats.create({ model, config: { tools: [{ functionDeclarations }] } });
    const { functionCalls } = await chat.sendMessage({ message: "hi" });
    expect(functionCalls).toMatchObject([{ name: "weather", args: { city: "example city" } }]);
    const message = [{ functionResponse: { name: "weather", response: { output: "sunny" } } }];
    expect((await chat.sendMessage({ message })).text).toContain("heard: hi");
    expectToolLoop();
  });

  test("structured output, token counts and embeddings", async () => {
    const { models } = genai();
    const config = {
      responseMimeType: "application/json",
      responseJsonSchema: z.toJSONSchema(shape),
    };
    const { text = "" } = await models.generateContent({ model, contents: "hi", config });
    expect(JSON.parse(text)).toEqual(shaped);
    expect((await models.countTokens({ model, contents: "12345678" })).totalTokens).toBe(2);
    const { embeddings } = await models.embedContent({
      model: embedder,
      contents: ["a", "b"],
      config: { outputDimensionality: 4 },
    });
    expect(embeddings?.map(({ values }) => values?.length)).toEqual([4, 4]);
  });
});
