// Models whose input is a stream, through the SDK's own functions.
import { inspect } from "node:util";

import { createGoogle } from "@ai-sdk/google";
import { holdfastModel, holdfastProvider } from "@holdfast/ai-sdk";
import { createPolicy, GaveUpError, type Policy, type PolicyOptions } from "@holdfast/core";
import { createVirtualClock } from "@holdfast/gemini-simulator";
import {
  experimental_streamSpeech as streamSpeech,
  experimental_streamTranscribe as streamTranscribe,
  experimental_streamTranslate as streamTranslate,
} from "ai";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import { apiError, streamOf, type Part } from "./models.ts";

const quick = (options: PolicyOptions = {}): Policy =>
  createPolicy({ backoff: { base: 0, cap: 0 }, ...options });
const format = { type: "audio/pcm", rate: 16_000 };

interface Input {
  audio?: ReadableStream<unknown>;
  text?: ReadableStream<unknown>;
  abortSignal?: AbortSignal;
}

/** All that a model is told. */
async function all(input: ReadableStream<unknown> | undefined): Promise<string> {
  let heard = "";
  for await (const chunk of input ?? [])
    heard += (chunk as { text?: string }).text ?? String(chunk);
  return heard;
}

/** A streaming model that does as it is told, attempt by attempt. */
function live(
  answers: readonly ((input: Input) => ReadableStream<Part> | Promise<ReadableStream<Part>>)[],
  id = "live",
): never {
  let calls = 0;
  return {
    specificationVersion: "v4",
    provider: "fake",
    modelId: id,
    doGenerate: () => Promise.reject(new Error("not asked for")),
    async doStream(input: Input) {
      calls += 1;
      return { stream: await answers[calls - 1]!(input) };
    },
  } as never;
}

const transcript = (text: string): Part[] => [
  { type: "stream-start", warnings: [] },
  { type: "transcript-final", text },
  { type: "finish", text, segments: [] },
];
const refused = (): never => {
  throw apiError(503);
};
const broken = (): ReadableStream<Part> =>
  streamOf([
    { type: "stream-start", warnings: [] },
    { type: "error", error: apiError(503) },
  ]);
/** Sounds in three chunks, and whether the source was told to stop. */
function sounds(onCancel?: () => void): ReadableStream<string> {
  const chunks = ["one ", "two ", "three"];
  return new ReadableStream<string>({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
    ...(onCancel ? { cancel: onCancel } : {}),
  });
}
async function firstOf(input: Input): Promise<void> {
  const reader = input.audio!.getReader();
  await reader.read();
  reader.releaseLock();
}

describe("a transcription that streams", () => {
  test("begins anew with all that was said, whatever failed before its first words", async () => {
    const model = live([
      refused,
      // Hears a little before it breaks.
      async (input) => {
        await firstOf(input);
        return broken();
      },
      async ({ audio }) => streamOf(transcript(await all(audio))),
    ]);
    const result = streamTranscribe({
      model: holdfastModel(quick(), [model]),
      audio: sounds(),
      inputAudioFormat: format,
    });
    expect(await result.text).toBe("one two three");
    expect((await result.providerMetadata)?.["holdfast"]).toMatchObject({ attempts: 3 });
  });

  test("goes to the next model, and says so", async () => {
    const first = live([refused, refused, refused, refused], "a");
    const second = live([async ({ audio }) => streamOf(transcript(await all(audio)))], "b");
    const result = streamTranscribe({
      model: holdfastModel(quick(), [first, second]),
      audio: sounds(),
      inputAudioFormat: format,
    });
    expect(await result.text).toBe("one two three");
    expect(JSON.stringify(await result.warnings)).toContain("b answered in place of a");
  });

  test("of silence is an answer", async () => {
    const model = live([async ({ audio }) => (await all(audio), streamOf(transcript("")))]);
    const held = holdfastModel(quick(), [model]) as {
      doStream(options: object): Promise<{ stream: ReadableStream<Part> }>;
    };
    const { stream } = await held.doStream({ audio: sounds(), inputAudioFormat: format });
    const types: string[] = [];
    for await (const { type } of stream) types.push(type);
    expect(types).toContain("finish");
  });

  test("that breaks after its first words ends with an error, and is not heard again", async () => {
    const onCancel = vi.fn<() => void>();
    const model = live([
      async (input) => {
        await firstOf(input);
        return streamOf([
          { type: "stream-start", warnings: [] },
          { type: "transcript-delta", delta: "one " },
          { type: "error", error: apiError(503) },
        ]);
      },
    ]);
    const held = holdfastModel(quick(), [model]) as {
      doStream(options: object): Promise<{ stream: ReadableStream<Part> }>;
    };
    const { stream } = await held.doStream({ audio: sounds(onCancel), inputAudioFormat: format });
    const seen: Part[] = [];
    for await (const part of stream) seen.push(part);
    expect(seen.map(({ type }) => type)).toEqual([
      "stream-start",
      "response-metadata",
      "transcript-delta",
      "error",
    ]);
    expect(onCancel).toHaveBeenCalledTimes(1);
  });

  test("waits for a speaker as long as the speaker takes", async () => {
    const clock = createVirtualClock();
    const policy = createPolicy({ firstContentTimeout: 1_000, deadline: 5_000 }, { clock });
    const model = live([
      async ({ audio }) => {
        const text = await all(audio);
        return streamOf(transcript(text));
      },
    ]);
    const held = holdfastModel(policy, [model]) as {
      doStream(options: object): Promise<{ stream: ReadableStream<Part> }>;
    };
    const audio = new ReadableStream<string>({
      async start(controller) {
        await clock.sleep(600_000);
        controller.enqueue("at last");
        controller.close();
      },
    });
    const { stream } = await clock.run(held.doStream({ audio, inputAudioFormat: format }));
    const parts: Part[] = [];
    for await (const part of stream) parts.push(part);
    expect(parts.at(-1)).toMatchObject({ type: "finish", text: "at last" });
  });

  test("that nobody can serve ends its input", async () => {
    const onCancel = vi.fn<() => void>();
    const held = holdfastModel(quick({ attempts: 2 }), [live([refused, refused])]) as {
      doStream(options: object): Promise<unknown>;
    };
    const call = held.doStream({ audio: sounds(onCancel), inputAudioFormat: format });
    await expect(call).rejects.toMatchObject({ reason: "attempts-exhausted" });
    expect(onCancel).toHaveBeenCalledTimes(1);
  });
});

test("speech that streams begins anew with the whole text", async () => {
  const model = live([
    broken,
    // No sound is no speech.
    async ({ text }) => (await all(text), streamOf([{ type: "finish" }])),
    async ({ text }) =>
      streamOf([
        { type: "stream-start", warnings: [] },
        { type: "audio", audio: btoa(await all(text)), audioFormat: format },
        { type: "finish" },
      ]),
  ]);
  const result = streamSpeech({ model: holdfastModel(quick(), [model]), text: "kelp in the sea" });
  const heard: Buffer[] = [];
  for await (const chunk of result.audioStream) heard.push(Buffer.from(chunk));
  expect(Buffer.concat(heard).toString()).toBe("kelp in the sea");
});

test("a translation is served by the next account of a held provider", async () => {
  const keys: (string | undefined)[] = [];
  const policy = quick({
    accounts: [
      { name: "one", apiKey: "k1" },
      { name: "two", apiKey: "k2" },
    ],
  });
  const google = holdfastProvider(policy, ({ apiKey }: { apiKey?: string }) =>
    Object.assign(() => null, {
      translation: () => ({
        specificationVersion: "v4",
        provider: "fake",
        modelId: "translate",
        async doStream({ audio }: Input) {
          keys.push(apiKey);
          if (apiKey === "k1")
            throw apiError(403, "API key not valid. Please pass a valid API key.");
          const outputText = await all(audio);
          const text = { type: "output-text-final", text: outputText };
          return { stream: streamOf([text, { type: "finish", sourceText: "", outputText }]) };
        },
      }),
    }),
  );
  const result = streamTranslate({
    model: google.translation() as never,
    audio: sounds(),
    inputAudioFormat: format,
    targetLanguage: "nb",
  });
  expect(await result.translationText).toBe("one two three");
  expect(keys).toEqual(["k1", "k2"]);
});

interface Setup {
  bidiGenerateContentSetup: { model: string };
}

/** Answers requests for tokens by key; says which keys asked, and for which models. */
function tokenServer(answers: Record<string, () => Response>): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (input: string | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    const key = new URL(request.url).searchParams.get("key") ?? "";
    const { bidiGenerateContentSetup: setup } = (await request.json()) as Setup;
    asked.push(`${key} ${setup.model}`);
    return answers[key]!();
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  return asked;
}

const refusal = (code: number, message: string, reason?: string) => (): Response =>
  Response.json(
    {
      error: {
        code,
        message,
        details: [
          {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            reason,
            domain: "googleapis.com",
          },
        ],
      },
    },
    { status: code },
  );
const token = (): Response => Response.json({ name: "auth_tokens/two" });

describe("the token of a realtime session", () => {
  const model = "gemini-3.8-live";
  const known = {
    one: "AIzaSyOne-0123456789-0123456789-012345",
    two: "AIzaSyTwo-0123456789-0123456789-012345",
  };
  const policy = (): Policy =>
    quick({
      fallbacks: { [model]: ["gemini-3.8-flash"] },
      accounts: Object.entries(known).map(([name, apiKey]) => ({ name, apiKey })),
    });

  test("comes from the next account where the first one's key is dead, now and later", async () => {
    const asked = tokenServer({
      [known.one]: refusal(
        400,
        "API key not valid. Please pass a valid API key.",
        "API_KEY_INVALID",
      ),
      [known.two]: token,
    });
    const { experimental_realtime: realtime } = holdfastProvider(policy(), createGoogle);
    expect(await realtime.getToken({ model })).toMatchObject({ token: "auth_tokens/two" });
    await realtime.getToken({ model });
    expect(asked.map((one) => one.split(" ")[0])).toEqual([known.one, known.two, known.two]);
    expect(realtime(model)).toMatchObject({ modelId: model, capabilities: {} });
  });

  test("is never for another model, and its final error holds no key", async () => {
    const busy = refusal(503, "The model is overloaded. Please try again later.");
    const asked = tokenServer({ [known.one]: busy, [known.two]: busy });
    const held = holdfastProvider(policy(), createGoogle);
    const error = await held.experimental_realtime
      .getToken({ model })
      .catch((thrown: unknown) => thrown);
    expect(GaveUpError.isInstance(error)).toBe(true);
    expect(new Set(asked.map((one) => one.split(" ")[1]))).toEqual(new Set([`models/${model}`]));
    expect(`${inspect(error)} ${JSON.stringify(error)}`).not.toMatch(/AIzaSy/);
  });
});
