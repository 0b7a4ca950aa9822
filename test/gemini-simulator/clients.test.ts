import { createGoogle } from "@ai-sdk/google";
import { GoogleGenAI } from "@google/genai";
import { type ScenarioInput, type Simulator, startSimulator } from "@holdfast/gemini-simulator";
import { ChatGoogle } from "@langchain/google";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { embedMany, generateText, Output, streamText, tool } from "ai";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";

let simulator: Simulator | undefined;

async function start(scenario: ScenarioInput = {}): Promise<Simulator> {
  simulator = await startSimulator({ scenario });
  return simulator;
}

afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
});

const model = "gemini-2.5-flash";

describe("the AI SDK", () => {
  test("generates, streams, calls tools and embeds", async () => {
    const { url, log } = await start();
    const google = createGoogle({ apiKey: "K1", baseURL: `${url}/v1beta` });
    const plain = await generateText({ model: google(model), prompt: "hello" });
    expect(plain.text).toContain("heard: hello");
    expect(plain.usage.inputTokens).toBeGreaterThan(0);
    const stream = streamText({ model: google(model), prompt: "hello" });
    expect(await stream.text).toBe(plain.text);
    const called = await generateText({
      model: google(model),
      prompt: "weather",
      tools: { weather: tool({ inputSchema: z.object({ city: z.string(), days: z.number() }) }) },
    });
    expect(called.toolCalls[0]?.input).toEqual({ city: "example city", days: 1 });
    const { output } = await generateText({
      model: google(model),
      prompt: "json",
      output: Output.object({ schema: z.object({ ok: z.boolean(), tags: z.array(z.string()) }) }),
    });
    expect(output).toEqual({ ok: true, tags: ["example tags"] });
    const { embeddings } = await embedMany({
      model: google.embedding("gemini-embedding-001"),
      values: ["one", "two"],
    });
    expect(embeddings).toHaveLength(2);
    expect(log.all().map(({ account, status }) => [account, status])).toEqual(
      Array.from({ length: 5 }, () => ["key-1", 200]),
    );
  });
});

describe("LangChain", () => {
  test.each(["google-genai", "google"])("@langchain/%s generates and streams", async (name) => {
    const { url, log } = await start();
    const chat =
      name === "google"
        ? new ChatGoogle({ apiKey: "K1", endpoint: url, model, maxRetries: 0 })
        : new ChatGoogleGenerativeAI({ apiKey: "K1", baseUrl: url, model, maxRetries: 0 });
    expect((await chat.invoke("hello")).text).toContain("heard: hello");
    const pieces: string[] = [];
    for await (const chunk of await chat.stream("hello")) pieces.push(chunk.text);
    expect(pieces.join("")).toContain("heard: hello");
    expect(pieces.length).toBeGreaterThan(2);
    expect(log.count({ model })).toBe(2);
  });
});

describe("@google/genai", () => {
  test("generates, streams and lists models", async () => {
    const { url } = await start();
    const client = new GoogleGenAI({ apiKey: "K1", httpOptions: { baseUrl: url } });
    const answer = await client.models.generateContent({ model, contents: "hello" });
    expect(answer.text).toContain("heard: hello");
    expect(answer.modelVersion).toBe(model);
    let text = "";
    for await (const chunk of await client.models.generateContentStream({
      model,
      contents: "hello",
    })) {
      text += chunk.text ?? "";
    }
    expect(text).toBe(answer.text);
    const names: string[] = [];
    for await (const { name = "" } of await client.models.list()) names.push(name);
    expect(names).toContain("models/gemini-2.5-flash");
  });
});
