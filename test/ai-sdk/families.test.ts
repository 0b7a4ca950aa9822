import { type EmbeddingModelV4 } from "@ai-sdk/provider";
import { embedAll, holdfastMiddleware, holdfastModel, holdfastProvider } from "@holdfast/ai-sdk";
import { GaveUpError, type Policy } from "@holdfast/core";
import { preflight } from "@holdfast/core/models";
import { type Simulator } from "@holdfast/gemini-simulator";
import { transcribe } from "ai";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";

import { hosts, type Host } from "./hosts.ts";
import { policyAt, reply, simulator, storm } from "./setting.ts";

const pro = "gemini-2.5-pro";
const flash = "gemini-2.5-flash";
const embedding = "gemini-embedding-001";

type Google = ReturnType<Host["createGoogle"]>;
type Chunked = Pick<Google, "textEmbeddingModel"> & ((id: string) => unknown);

/** A factory whose embedding models take three texts at once: chunks of hundreds of vectors would only cost time. */
function chunked(createGoogle: Host["createGoogle"]): (settings: object) => Chunked {
  return (settings) => {
    const own = createGoogle(settings);
    const textEmbeddingModel = (id: string): EmbeddingModelV4 =>
      Object.defineProperty(own.textEmbeddingModel(id), "maxEmbeddingsPerCall", { value: 3 });
    return Object.assign((id: string) => own(id), { textEmbeddingModel });
  };
}

let server: Simulator;
beforeEach(async () => {
  server = await simulator();
});
afterEach(() => server.close());

describe.each(hosts)(
  "$name",
  ({
    spec,
    google,
    createGoogle,
    embed,
    embedMany,
    generateText,
    generateImage,
    generateObject,
    streamObject,
    tool,
    wrapProvider,
    stepCountIs,
  }) => {
    const inThrees = (policy: Policy): EmbeddingModelV4 =>
      holdfastProvider(policy, chunked(createGoogle)).textEmbeddingModel(embedding);

    test("an embedding moves to another account, never to another model", async () => {
      storm(server, [{ fault: "invalid-key", account: "main" }]);
      const { policy } = policyAt(server, { both: true, fallbacks: { "*": [flash] } });
      const model = google(policy).textEmbeddingModel(embedding);
      const { embedding: vector } = await embed({ model, value: "kelp" });
      expect(vector.length).toBeGreaterThan(0);
      expect(server.log.last()).toMatchObject({ account: "spare", model: embedding });
      storm(server, [{ fault: "overload" }]);
      await expect(embed({ model, value: "kelp" })).rejects.toThrow(GaveUpError);
      expect(new Set(server.log.all().map(({ model: asked }) => asked))).toEqual(
        new Set([embedding]),
      );
    });

    test("a look before the call looks at generations, and lets other families pass", async () => {
      storm(server, [], { models: [{ name: "imagen-of-the-test", family: "imagen" }] });
      const { policy } = policyAt(server);
      const looking = holdfastProvider(policy, createGoogle, { preflight });
      const model = looking.textEmbeddingModel(embedding);
      expect((await embed({ model, value: "kelp" })).embedding.length).toBeGreaterThan(0);
      const name = spec === "v4" ? "gemini-3.1-flash-image" : "imagen-of-the-test";
      const made = await generateImage({ model: looking.imageModel(name), prompt: "kelp" });
      expect(made.images).toHaveLength(1);
    });

    test("embedMany keeps its chunks and their limit", async () => {
      const { policy } = policyAt(server);
      const model = inThrees(policy);
      const values = Array.from({ length: 249 }, (_, at) => `text ${at}`);
      const { embeddings } = await embedMany({ model, values });
      expect(embeddings).toHaveLength(249);
      expect(server.log.count({ operation: "batchEmbedContents" })).toBe(83);
    });

    test("the error of an embedMany carries the vectors it had", async () => {
      const { policy } = policyAt(server);
      const model = inThrees(policy);
      const values = Array.from({ length: 3 + 1 }, (_, at) => `text ${at}`);
      storm(server, [{ fault: "invalid-argument", nth: 2 }]);
      const failed = embedMany({ model, values, maxParallelCalls: 1 });
      const error: unknown = await failed.catch((thrown: unknown) => thrown);
      expect(GaveUpError.isInstance(error)).toBe(true);
      const { embedded } = error as { embedded: { values: string[]; embeddings: number[][] }[] };
      expect(embedded.flatMap((chunk) => chunk.values)).toEqual(values.slice(0, 3));
      expect(embedded.flatMap((chunk) => chunk.embeddings)).toHaveLength(3);
    });

    test("embedAll keeps what succeeded and names what did not", async () => {
      const { policy } = policyAt(server);
      const model = inThrees(policy);
      const values = Array.from({ length: 2 * 3 + 5 }, (_, at) => `text ${at}`);
      storm(server, [{ fault: "invalid-argument", nth: 2 }]);
      const { embeddings, failures } = await embedAll({ model, values, parallel: 1 });
      expect(failures).toMatchObject([{ from: 3, to: 2 * 3 }]);
      expect(GaveUpError.isInstance(failures[0]?.error)).toBe(true);
      expect(embeddings.map((vector) => vector !== undefined)).toEqual(
        values.map((_, at) => at < 3 || at >= 2 * 3),
      );
    });

    test("structured output survives a storm", async () => {
      storm(server, [
        { fault: "overload", nth: 1 },
        { fault: "empty-stop", nth: 2 },
      ]);
      const { policy } = policyAt(server);
      const schema = z.object({ name: z.string(), legs: z.number() });
      const { object } = await generateObject({
        model: google(policy)(pro),
        schema,
        prompt: "An animal",
      });
      expect(schema.safeParse(object).success).toBe(true);
    });

    test("structured output of the wrong schema is asked for again where it is checked", async () => {
      storm(server, [{ fault: { type: "scripted-answer", text: '{"title":"x"}' }, nth: 1 }]);
      const schema = z.object({ name: z.string() });
      const validate = (value: unknown): string | undefined =>
        schema.safeParse(value).success ? undefined : "name is missing";
      const held = holdfastProvider(policyAt(server).policy, createGoogle, {
        structured: { validate },
      });
      const { object } = await generateObject({ model: held(pro), schema, prompt: "An animal" });
      expect(schema.safeParse(object).success).toBe(true);
      expect(server.log.count()).toBe(2);
    });

    test("a streamed object of the wrong schema is the host's to refuse, and nothing is repeated", async () => {
      storm(server, [{ fault: { type: "scripted-answer", text: '{"title":"x"}' } }]);
      const { policy } = policyAt(server, { fallbacks: { [pro]: [flash] } });
      const { object, partialObjectStream } = streamObject({
        model: google(policy)(pro),
        schema: z.object({ name: z.string() }),
        prompt: "An animal",
        onError: () => {},
      });
      const reading = (async () => {
        for await (const _ of partialObjectStream);
      })();
      await expect(object).rejects.toThrow("response did not match schema");
      await reading;
      expect(server.log.count()).toBe(1);
    });

    test("a loop of tool calls goes on through a storm, and no tool runs twice", async () => {
      storm(server, [
        { fault: "overload", nth: [1, 3] },
        { fault: "reset", nth: 2 },
      ]);
      const { policy } = policyAt(server);
      let ran = 0;
      const weather = tool({
        description: "The weather of a city",
        inputSchema: z.object({ city: z.string() }),
        execute: () => {
          ran += 1;
          return "calm";
        },
      });
      const { text, steps } = await generateText({
        model: google(policy)(pro),
        prompt: "What is the weather in Bergen?",
        tools: { weather },
        stopWhen: stepCountIs(4),
      });
      expect(text).toBe(reply);
      expect(steps).toHaveLength(2);
      expect(ran).toBe(1);
    });

    test("an image comes from the next account", async () => {
      const name = spec === "v4" ? "gemini-3.1-flash-image" : "imagen-of-the-test";
      storm(server, [{ fault: "invalid-key", account: "main" }], {
        models: spec === "v4" ? [] : [{ name, family: "imagen" }],
      });
      const { policy } = policyAt(server, { both: true });
      const { images } = await generateImage({
        model: google(policy).imageModel(name),
        prompt: "kelp",
      });
      expect(images).toHaveLength(1);
      expect(server.log.last()?.account).toBe("spare");
    });

    test("all models of a wrapped provider hold fast", async () => {
      storm(server, [{ fault: "overload", nth: 1 }]);
      const { policy } = policyAt(server, { fallbacks: { [pro]: [flash] } });
      const provider = createGoogle({ apiKey: "unused", baseURL: `${server.url}/v1beta` });
      const languageModelMiddleware = holdfastMiddleware(policy, createGoogle);
      const wrapped = wrapProvider({ provider, languageModelMiddleware });
      for (const name of [pro, flash]) {
        const { text } = await generateText({ model: wrapped.languageModel(name), prompt: "Hi" });
        expect(text).toBe(reply);
      }
      expect(server.log.count({ account: "main" })).toBe(3);
    });

    test("what is no model is the provider's own", () => {
      const { policy } = policyAt(server);
      expect(typeof google(policy).tools.googleSearch).toBe("function");
      expect(google(policy)(pro)).toMatchObject({ modelId: pro, provider: "google.generative-ai" });
    });
  },
);

const [newest] = hosts;

describe("other families of the newest major", () => {
  test("a transcription comes from the next account", async () => {
    storm(server, [{ fault: "expired-key", account: "main" }]);
    const { policy } = policyAt(server, { both: true });
    const model = newest!.google(policy).transcriptionModel("gemini-3.5-transcribe");
    const { text } = await transcribe({
      model,
      audio: new Uint8Array([82, 73, 70, 70, 0, 0, 0, 0]),
    });
    expect(text).not.toBe("");
    expect(server.log.last()?.account).toBe("spare");
  });

  test("speech comes after an overload", async () => {
    storm(server, [{ fault: "overload", nth: 1 }]);
    const { policy } = policyAt(server);
    const model = holdfastProvider(policy, newest!.createGoogle).speechModel(
      "gemini-3.8-flash-tts",
    );
    const { audio } = await newest!.generateSpeech({ model, text: "kelp" });
    expect(audio.uint8Array.length).toBeGreaterThan(0);
    expect(server.log.count()).toBe(2);
  });

  test("embedding models of a list have to be the same model", () => {
    const { policy } = policyAt(server);
    const own = newest!.createGoogle({ apiKey: "k" });
    expect(() => holdfastModel(policy, [own.embeddingModel("a"), own.embeddingModel("b")])).toThrow(
      /cannot stand in/,
    );
  });
});
