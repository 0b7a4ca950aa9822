import { type ScenarioInput, type Simulator, startSimulator } from "@holdfast/gemini-simulator";
import OpenAI from "openai";
import { afterEach, expect, test } from "vitest";

let simulator: Simulator | undefined;

async function open(
  scenario: ScenarioInput = {},
): Promise<{ client: OpenAI; simulator: Simulator }> {
  simulator = await startSimulator({ scenario });
  const client = new OpenAI({
    apiKey: "K1",
    baseURL: `${simulator.url}/v1beta/openai/`,
    maxRetries: 0,
  });
  return { client, simulator };
}

afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
});

const model = "gemini-3.8-flash";
const question = [{ role: "user" as const, content: "hello" }];
const tools = [
  {
    type: "function" as const,
    function: {
      name: "weather",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  },
];

test("a chat completion answers, with usage and a finish reason", async () => {
  const { client, simulator: running } = await open();
  const completion = await client.chat.completions.create({ model, messages: question });
  expect(completion.choices[0]?.message.content).toContain("heard: hello");
  expect(completion.choices[0]?.finish_reason).toBe("stop");
  expect(completion.usage?.prompt_tokens).toBe(2);
  expect(completion.model).toBe(model);
  expect(running.log.last()).toMatchObject({
    operation: "chatCompletions",
    model,
    account: "key-1",
    stream: false,
  });
});

test("a streamed completion says the same in pieces", async () => {
  const { client, simulator: running } = await open();
  const whole = await client.chat.completions.create({ model, messages: question });
  const pieces: string[] = [];
  for await (const chunk of await client.chat.completions.create({
    model,
    messages: question,
    stream: true,
  })) {
    pieces.push(chunk.choices[0]?.delta.content ?? "");
  }
  expect(pieces.length).toBeGreaterThan(2);
  expect(pieces.join("")).toBe(whole.choices[0]?.message.content);
  expect(running.log.last()?.stream).toBe(true);
});

test("tools are called, and the signature of the thought has to come back with the call", async () => {
  const { client } = await open();
  const first = await client.chat.completions.create({ model, messages: question, tools });
  const message = first.choices[0]!.message;
  expect(first.choices[0]?.finish_reason).toBe("tool_calls");
  expect(message.tool_calls).toMatchObject([
    { function: { name: "weather", arguments: '{"city":"example city"}' } },
  ]);
  const call = message.tool_calls![0]!;
  const result = { role: "tool" as const, tool_call_id: call.id, content: "sunny" };
  const second = await client.chat.completions.create({
    model,
    messages: [...question, message, result],
    tools,
  });
  expect(second.choices[0]?.finish_reason).toBe("stop");
  const { extra_content: _, ...bare } = call as typeof call & { extra_content: unknown };
  const forgotten = { ...message, tool_calls: [bare] };
  await expect(
    client.chat.completions.create({ model, messages: [...question, forgotten, result], tools }),
  ).rejects.toMatchObject({ status: 400 });
});

test("streamed tool calls keep apart", async () => {
  const { client } = await open();
  const more = [...tools, { ...tools[0]!, function: { ...tools[0]!.function, name: "clock" } }];
  const stream = client.chat.completions.stream({ model, messages: question, tools: more });
  const completion = await stream.finalChatCompletion();
  const called = completion.choices[0]?.message.tool_calls ?? [];
  expect(called.map((call) => (call.type === "function" ? call.function.name : call.type))).toEqual(
    ["weather", "clock"],
  );
});

test("a response format is kept", async () => {
  const { client } = await open();
  const schema = { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] };
  const completion = await client.chat.completions.create({
    model,
    messages: question,
    response_format: { type: "json_schema", json_schema: { name: "answer", schema } },
  });
  expect(JSON.parse(completion.choices[0]?.message.content ?? "")).toEqual({ ok: true });
});

test("embeddings and the model list", async () => {
  const { client } = await open();
  const { data } = await client.embeddings.create({
    model: "gemini-embedding-001",
    input: ["a", "b"],
    dimensions: 8,
  });
  expect(data.map(({ embedding }) => embedding.length)).toEqual([8, 8]);
  const names: string[] = [];
  for await (const { id } of client.models.list()) names.push(id);
  expect(names).toContain("models/gemini-3.8-flash");
});

test("a refusal is an array, of which the client keeps no more than the status", async () => {
  const { client, simulator: running } = await open({ rules: [{ fault: "minute-quota" }] });
  await expect(client.chat.completions.create({ model, messages: question })).rejects.toMatchObject(
    { status: 429 },
  );
  const response = await fetch(`${running.url}/v1beta/openai/chat/completions`, {
    method: "POST",
    headers: { authorization: "Bearer K1" },
    body: JSON.stringify({ model, messages: question }),
  });
  const body = (await response.json()) as { error: { code: number } }[];
  expect(body.map(({ error }) => error.code)).toEqual([429]);
});
