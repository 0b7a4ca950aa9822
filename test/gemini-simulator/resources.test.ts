import { createGoogle } from "@ai-sdk/google";
import { GoogleGenAI } from "@google/genai";
import { type ScenarioInput, type Simulator, startSimulator } from "@holdfast/gemini-simulator";
import {
  experimental_getBatchResults,
  experimental_getBatchStatus,
  experimental_startBatch,
  generateImage,
  generateSpeech,
  transcribe,
  uploadFile,
} from "ai";
import { afterEach, describe, expect, test } from "vitest";

let simulator: Simulator | undefined;

async function start(scenario: ScenarioInput = {}): Promise<Simulator> {
  simulator = await startSimulator({ scenario });
  return simulator;
}

afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
});

function genai(url: string, apiKey = "K1"): GoogleGenAI {
  return new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } });
}

const model = "gemini-3.8-flash";

describe("the media models of the AI SDK", () => {
  test("an image, speech and a transcript", async () => {
    const { url } = await start();
    const google = createGoogle({ apiKey: "K1", baseURL: `${url}/v1beta` });
    const { image } = await generateImage({
      model: google.image("gemini-3.1-flash-image"),
      prompt: "a kelp",
    });
    expect([image.mediaType, image.uint8Array.length]).toEqual(["image/png", 70]);
    const { audio } = await generateSpeech({
      model: google.speech("gemini-3.8-flash-tts"),
      text: "hello",
    });
    expect(Buffer.from(audio.uint8Array).toString("latin1", 0, 4)).toBe("RIFF");
    const { text, segments } = await transcribe({
      model: google.transcription("gemini-3.5-transcribe"),
      audio: audio.uint8Array,
    });
    expect(text).toBe("This speech is simulated.");
    expect(segments[1]).toMatchObject({ text: "speech", startSecond: 0.5, endSecond: 1 });
  });
});

describe("files", () => {
  test("are uploaded, listed, used and deleted, by their own project only", async () => {
    const { url } = await start();
    const mine = genai(url);
    const file = await mine.files.upload({
      file: new Blob(["some notes"]),
      config: { mimeType: "text/plain", displayName: "notes" },
    });
    expect(file).toMatchObject({
      state: "ACTIVE",
      mimeType: "text/plain",
      displayName: "notes",
      sizeBytes: "10",
    });
    expect((await mine.files.get({ name: file.name! })).uri).toBe(file.uri);
    const contents = [
      {
        role: "user",
        parts: [{ fileData: { fileUri: file.uri!, mimeType: "text/plain" } }, { text: "read" }],
      },
    ];
    expect((await mine.models.generateContent({ model, contents })).text).toContain("heard: read");
    await expect(
      genai(url, "K2").models.generateContent({ model, contents }),
    ).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining("You do not have permission to access the File"),
    });
    const names: (string | undefined)[] = [];
    for await (const { name } of await mine.files.list()) names.push(name);
    expect(names).toEqual([file.name]);
    await mine.files.delete({ name: file.name! });
    await expect(mine.files.get({ name: file.name! })).rejects.toMatchObject({ status: 403 });
  });

  test("are not to be used while they are processed", async () => {
    const running = await start({ files: { processing: 60_000 } });
    const client = genai(running.url);
    const file = await client.files.upload({
      file: new Blob(["film"]),
      config: { mimeType: "video/mp4" },
    });
    expect(file.state).toBe("PROCESSING");
    const contents = [{ parts: [{ fileData: { fileUri: file.uri!, mimeType: "video/mp4" } }] }];
    await expect(client.models.generateContent({ model, contents })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining("not in an ACTIVE state"),
    });
    running.advance(60_000);
    expect((await client.files.get({ name: file.name! })).state).toBe("ACTIVE");
    await expect(client.models.generateContent({ model, contents })).resolves.toBeDefined();
  });

  test("are uploaded by the AI SDK too", async () => {
    const { url } = await start();
    const google = createGoogle({ apiKey: "K1", baseURL: `${url}/v1beta` });
    const { providerReference } = await uploadFile({
      api: google.files(),
      data: new TextEncoder().encode("notes"),
      mediaType: "text/plain",
    });
    expect(providerReference["google"]).toMatch(/\/v1beta\/files\/\w+$/);
  });
});

describe("cached contents", () => {
  test("belong to a project, clash with tools and expire", async () => {
    const running = await start();
    const client = genai(running.url);
    const cache = await client.caches.create({
      model,
      config: { contents: "a long text", ttl: "60s" },
    });
    expect(cache.usageMetadata?.totalTokenCount).toBe(3);
    const ask = (apiKey: string, config: object = {}) =>
      genai(running.url, apiKey).models.generateContent({
        model,
        contents: "hello",
        config: { cachedContent: cache.name!, ...config },
      });
    expect((await ask("K1")).text).toContain("heard: hello");
    await expect(ask("K2")).rejects.toMatchObject({ status: 403 });
    await expect(ask("K1", { systemInstruction: "be brief" })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining("CachedContent can not be used"),
    });
    running.advance(60_000);
    await expect(ask("K1")).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining("CachedContent not found"),
    });
  });
});

describe("batches", () => {
  const requests = ["one", "two"].map((text) => ({
    contents: [{ role: "user", parts: [{ text }] }],
  }));

  test("are created inline, wait, run and give their results", async () => {
    const running = await start({ batches: { pending: 1000, running: 1000 } });
    const client = genai(running.url);
    const created = await client.batches.create({
      model,
      src: requests,
      config: { displayName: "mine" },
    });
    expect(created).toMatchObject({ state: "JOB_STATE_PENDING", displayName: "mine" });
    const name = created.name!;
    running.advance(1000);
    expect((await client.batches.get({ name })).state).toBe("JOB_STATE_RUNNING");
    running.advance(1000);
    const done = await client.batches.get({ name });
    expect(done.state).toBe("JOB_STATE_SUCCEEDED");
    const texts = done.dest?.inlinedResponses?.map(
      ({ response }) => response?.candidates?.[0]?.content?.parts?.[0]?.text,
    );
    expect(texts).toEqual([
      expect.stringContaining("heard: one"),
      expect.stringContaining("heard: two"),
    ]);
    const listed: (string | undefined)[] = [];
    for await (const job of await client.batches.list()) listed.push(job.name);
    expect(listed).toEqual([name]);
    await expect(genai(running.url, "K2").batches.get({ name })).rejects.toMatchObject({
      status: 404,
    });
  });

  test("can be cancelled while they wait", async () => {
    const { url } = await start({ batches: { pending: 1000 } });
    const client = genai(url);
    const { name } = await client.batches.create({ model, src: requests });
    await client.batches.cancel({ name: name! });
    expect((await client.batches.get({ name: name! })).state).toBe("JOB_STATE_CANCELLED");
    await client.batches.delete({ name: name! });
    await expect(client.batches.get({ name: name! })).rejects.toMatchObject({ status: 404 });
  });

  test("take their requests out of a file and put their results into one", async () => {
    const { url } = await start();
    const client = genai(url);
    const lines = requests
      .map((request, index) => JSON.stringify({ key: `r${index}`, request }))
      .join("\n");
    const file = await client.files.upload({
      file: new Blob([lines]),
      config: { mimeType: "application/jsonl" },
    });
    const { name } = await client.batches.create({ model, src: file.name! });
    const done = await client.batches.get({ name: name! });
    expect(done.dest?.fileName).toMatch(/^files\/batch-/);
    const response = await fetch(
      `${url}/download/v1beta/${done.dest?.fileName}:download?alt=media&key=K1`,
    );
    const results = (await response.text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { key: string });
    expect(results.map(({ key }) => key)).toEqual(["r0", "r1"]);
  });

  test("say of a bad request in them that it failed", async () => {
    const { url } = await start();
    const client = genai(url);
    const { name } = await client.batches.create({
      model,
      src: [requests[0]!, { contents: [{ role: "user", parts: [] }] }],
    });
    const done = await client.batches.get({ name: name! });
    expect(done.dest?.inlinedResponses?.map(({ error }) => error?.code)).toEqual([undefined, 3]);
  });

  test("of the AI SDK start, end and give their results", async () => {
    const { url } = await start();
    const provider = createGoogle({ apiKey: "K1", baseURL: `${url}/v1beta` });
    const batch = await experimental_startBatch({
      provider,
      requests: ["one", "two"].map((prompt) => ({
        id: prompt,
        type: "text" as const,
        model,
        prompt,
      })),
    });
    expect((await experimental_getBatchStatus({ provider, batch })).status).toBe("completed");
    const results: string[] = [];
    for await (const result of experimental_getBatchResults({ provider, batch }))
      results.push(`${result.id} ${result.status}`);
    expect(results).toEqual(["one succeeded", "two succeeded"]);
  });
});
