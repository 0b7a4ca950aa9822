// Versions of the Google packages that mend a quirk, or are built otherwise, are carried as well.
import { holdfastChatModel } from "@holdfast/langchain";
import { type ChatGenerationChunk } from "@langchain/core/outputs";
import { ChatGoogle } from "@langchain/google";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { describe, expect, test } from "vitest";

import { flash, gemini, hurriedPolicy, keys } from "./support/gemini.ts";

interface Stream {
  stream: AsyncIterable<unknown>;
  response?: Promise<unknown>;
}

/** Streams without a second promise, and judges an error inside a stream itself. */
class MendedGenai extends ChatGoogleGenerativeAI {
  constructor(fields: ConstructorParameters<typeof ChatGoogleGenerativeAI>[0]) {
    super(fields);
    const { client } = this as unknown as {
      client: { generateContentStream: (...asked: unknown[]) => Promise<Stream> };
    };
    const { generateContentStream: ask } = client;
    client.generateContentStream = async (...asked) => {
      const { stream, response } = await ask.apply(client, asked);
      response?.catch(() => undefined);
      return { stream: loud(stream) };
    };
  }
}

async function* loud(stream: AsyncIterable<unknown>): AsyncGenerator {
  for await (const part of stream) {
    const { error } = part as { error?: { code: number; message: string } };
    if (error) throw Object.assign(new Error(error.message), { status: error.code });
    yield part;
  }
}

/** Of a kind that nobody knows. */
class OtherGenai extends MendedGenai {
  override _llmType(): string {
    return "google-of-tomorrow";
  }
}

/** Judges a refusal and an error inside a stream itself, and says so with other words. */
class MendedGoogle extends ChatGoogle {
  override async *_streamResponseChunks(
    ...asked: Parameters<ChatGoogle["_streamResponseChunks"]>
  ): AsyncGenerator<ChatGenerationChunk> {
    let ended = false;
    for await (const chunk of super._streamResponseChunks(...asked)) {
      ended ||= chunk.generationInfo?.["finishReason"] !== undefined;
      yield chunk;
    }
    if (!ended) throw new Error("the stream ended too soon");
  }
}

const later = {
  "genai, mended": (url: string) =>
    new MendedGenai({ model: flash, apiKey: keys.main, baseUrl: url }),
  "genai, built otherwise": (url: string) =>
    new OtherGenai({ model: flash, apiKey: keys.main, baseUrl: url, maxRetries: 0 }),
  "google, mended": (url: string) =>
    new MendedGoogle({ model: flash, apiKey: keys.main, endpoint: url }),
};

describe.each(Object.entries(later))("%s", (_, make) => {
  test("is repeated by the policy alone, in an answer and in a stream", async () => {
    const simulator = await gemini({ rules: [{ fault: "overload", nth: [1, 3] }] });
    const model = holdfastChatModel(hurriedPolicy(simulator), [make(simulator.url)]);
    expect((await model.invoke("hello")).text).toContain("heard: hello");
    let text = "";
    for await (const chunk of await model.stream("hello")) text += chunk.text;
    expect(text).toContain("heard: hello");
    expect(simulator.log.count()).toBe(4);
  });

  test("begins a stream anew until its first content, and not after it", async () => {
    const speed = { tokensPerSecond: 10_000, tokensPerChunk: 1 };
    const simulator = await gemini({
      speed,
      rules: [
        { fault: { type: "stream-error", share: 0 }, nth: 1 },
        { fault: "reset-mid-body", nth: 2 },
      ],
    });
    const model = holdfastChatModel(hurriedPolicy(simulator), [make(simulator.url)]);
    let text = "";
    for await (const chunk of await model.stream("hello")) text += chunk.text;
    expect(text).toContain("heard: hello");
    expect(simulator.log.count()).toBe(2);
    const broken = (async () => {
      for await (const _chunk of await model.stream("hello"));
    })();
    await expect(broken).rejects.toMatchObject({ reason: "interrupted" });
    expect(simulator.log.count()).toBe(3);
  });
});
