// What the SDK says of its own retries, timeouts and aborts stays true.
import { holdfastModel } from "@holdfast/ai-sdk";
import { GaveUpError } from "@holdfast/core";
import { createVirtualClock, type Simulator } from "@holdfast/gemini-simulator";
import * as ai from "ai";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";

import { hosts } from "./hosts.ts";
import { apiError } from "./models.ts";
import { arrived, keys, policyAt, reply, simulator, storm } from "./setting.ts";

const pro = "gemini-2.5-pro";

let server: Simulator;
beforeEach(async () => {
  server = await simulator();
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

const [newest] = hosts;
const { google, generateText, streamText } = newest!;

describe("options of the SDK", () => {
  test.each([0, 2, 10])("maxRetries %i changes nothing", async (maxRetries) => {
    storm(server, [{ fault: "internal-error" }]);
    const { policy } = policyAt(server, { attempts: 2 });
    await expect(
      generateText({ model: google(policy)(pro), prompt: "Hi", maxRetries }),
    ).rejects.toThrow("gave up after 2 attempts");
    expect(server.log.count()).toBe(2);
  });

  test("streamRetries repeats what broke after its first content, once for each it names", async () => {
    storm(server, [{ fault: { type: "stream-error", share: 0.5 } }]);
    const { policy } = policyAt(server);
    const stream = streamText({
      model: google(policy)(pro),
      prompt: "Hi",
      streamRetries: 2,
      onError: () => {},
    });
    await stream.consumeStream();
    expect(server.log.count()).toBe(3);
  });

  test("a timeout of the whole call ends it, also while the policy waits", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    storm(server, [{ fault: { type: "minute-quota", wait: 60_000 } }]);
    const { policy } = policyAt(server);
    policy.on(({ type }) => {
      if (type === "wait-start") vi.advanceTimersByTime(5_000);
    });
    const call = generateText({ model: google(policy)(pro), prompt: "Hi", timeout: 5_000 });
    await expect(call).rejects.toMatchObject({ name: "TimeoutError" });
    expect(server.log.count()).toBe(1);
  });

  test("an abort before the call sends nothing", async () => {
    const { policy } = policyAt(server);
    const reason = new DOMException("no", "AbortError");
    const call = generateText({
      model: google(policy)(pro),
      prompt: "Hi",
      abortSignal: AbortSignal.abort(reason),
    });
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect(server.log.count()).toBe(0);
  });

  test("firstChunkMs begins when the answer does, not while the policy tries", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    storm(server, [{ fault: "hang", nth: 1 }]);
    const clock = createVirtualClock();
    const { policy } = policyAt(server, { firstContentTimeout: 20_000, clock });
    const stream = streamText({
      model: google(policy)(pro),
      prompt: "Hi",
      timeout: { firstChunkMs: 5_000 },
    });
    await arrived(server, 1);
    vi.advanceTimersByTime(10_000);
    await clock.advance(30_000);
    expect(await stream.text).toBe(reply);
  });
});

type Ask = (options: object) => Promise<unknown>;
type Entries = Record<string, Ask | undefined>;

/** Counts what reaches Gemini while everything is overloaded, whatever the host does after that. */
async function requestsOf(ask: () => Promise<unknown>): Promise<{ count: number; error: unknown }> {
  storm(server, [{ fault: "overload" }], {
    models: [{ name: "imagen-of-the-test", family: "imagen" }],
  });
  const error: unknown = await ask().catch((thrown: unknown) => thrown);
  return { count: server.log.count(), error };
}

describe.each(hosts)("each way into $name", (host) => {
  const entries = host as unknown as Entries & typeof host;
  const held = () => host.google(policyAt(server, { attempts: 3 }).policy);
  const schema = z.object({ name: z.string() });
  const stream = (options: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const reading = host.streamText({
        model: held()(pro),
        prompt: "Hi",
        onError: ({ error }: { error: unknown }) => reject(error),
        ...options,
      });
      void reading.consumeStream().then(() => resolve(undefined));
    });
  const ways: Record<string, () => Promise<unknown>> = {
    generateText: () => host.generateText({ model: held()(pro), prompt: "Hi" }),
    streamText: () => stream({}),
    generateObject: () => host.generateObject({ model: held()(pro), schema, prompt: "Hi" }),
    embed: () =>
      host.embed({ model: held().textEmbeddingModel("gemini-embedding-001"), value: "a" }),
    embedMany: () =>
      host.embedMany({
        model: held().textEmbeddingModel("gemini-embedding-001"),
        values: ["a", "b"],
      }),
    generateImage: () =>
      host.generateImage({
        model: held().imageModel(
          host.spec === "v4" ? "gemini-3.1-flash-image" : "imagen-of-the-test",
        ),
        prompt: "kelp",
      }),
    agent: () => {
      const made = (entries["ToolLoopAgent"] ?? entries["Experimental_Agent"]) as unknown as new (
        options: object,
      ) => { generate: Ask };
      return new made({ model: held()(pro) }).generate({ prompt: "Hi" });
    },
  };
  test.each(Object.keys(ways))("%s asks as often as the policy says", async (way) => {
    const { count, error } = await requestsOf(ways[way]!);
    expect(GaveUpError.isInstance(error)).toBe(true);
    expect(count).toBe(3);
  });
});

const newestHeld = () => google(policyAt(server, { attempts: 3 }).policy);

/** What a model of a family that Gemini lacks does: asks the simulator, and fails as it does. */
const failing = (family: object): never => {
  const ask = async (): Promise<never> => {
    const { status } = await fetch(`${server.url}/v1beta/models/${pro}:generateContent`, {
      method: "POST",
      headers: { "x-goog-api-key": keys.main, "content-type": "application/json" },
      body: JSON.stringify({ contents: [{ role: "user", parts: [{ text: "Hi" }] }] }),
    });
    throw apiError(status);
  };
  const made: Record<string, unknown> = {
    specificationVersion: "v4",
    provider: "fake",
    modelId: "m",
    ...family,
  };
  for (const [name, value] of Object.entries(made)) if (value === "ask") made[name] = ask;
  return holdfastModel(policyAt(server, { attempts: 3 }).policy, [made as never]);
};
const audio = () => new Blob(["one"]).stream() as never;

describe("each way into the newest major alone", () => {
  const inputAudioFormat = { type: "audio/pcm", rate: 16_000 };
  const ways: Record<string, () => PromiseLike<unknown>> = {
    "generateText with an output": () =>
      ai.generateText({
        model: newestHeld()(pro),
        prompt: "Hi",
        output: ai.Output.object({ schema: z.object({ name: z.string() }) }),
      }),
    generateSpeech: () =>
      ai.generateSpeech({ model: newestHeld().speechModel("gemini-3.8-flash-tts"), text: "kelp" }),
    transcribe: () =>
      ai.transcribe({
        model: newestHeld().transcriptionModel("gemini-3.5-transcribe"),
        audio: new Uint8Array([82, 73, 70, 70, 0, 0, 0, 0]),
      }),
    rerank: () => ai.rerank({ model: failing({ doRerank: "ask" }), query: "a", documents: ["a"] }),
    generateVideo: () =>
      ai.experimental_generateVideo({
        model: failing({ doGenerate: "ask", maxVideosPerCall: 1 }),
        prompt: "kelp",
      }),
    decide: () =>
      ai.experimental_decide({
        model: failing({ doDecide: "ask", supportedQuestionTypes: ["boolean"] }),
        state: "kelp",
        questions: { plant: { type: "boolean", instructions: "Is it a plant?" } },
      }),
    extract: () =>
      ai.experimental_extract({
        model: failing({ doExtract: "ask", supportedFieldTypes: ["string"] }),
        prompt: "kelp",
        fields: [{ name: "plant", type: "string", description: "its name" }],
      } as never),
    streamTranscribe: () =>
      ai.experimental_streamTranscribe({
        model: failing({ doGenerate: "ask", doStream: "ask" }),
        audio: audio(),
        inputAudioFormat,
      }).text,
    streamTranslate: () =>
      ai.experimental_streamTranslate({
        model: failing({ doStream: "ask" }),
        audio: audio(),
        inputAudioFormat,
        targetLanguage: "nb",
      }).translationText,
  };
  test.each(Object.keys(ways))("%s asks as often as the policy says", async (way) => {
    const { count, error } = await requestsOf(async () => await ways[way]!());
    expect({ way, count, error: String(error) }).toMatchObject({ count: 3 });
  });

  test("an agent that streams asks as often as the policy says, and hears of it", async () => {
    const errors: unknown[] = [];
    const agent = new ai.ToolLoopAgent({
      model: newestHeld()(pro),
      onError: ({ error }) => void errors.push(error),
    });
    const { count } = await requestsOf(async () => {
      await (await agent.stream({ prompt: "Hi" })).consumeStream();
    });
    expect(count).toBe(3);
    expect(errors).toHaveLength(1);
    expect(GaveUpError.isInstance(errors[0])).toBe(true);
  });
});
