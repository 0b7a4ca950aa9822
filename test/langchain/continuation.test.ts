import { createPolicy, GaveUpError, type Policy } from "@holdfast/core";
import { holdfastChatModel } from "@holdfast/langchain";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { hurriedClock } from "./support/hurried-clock.ts";

const story =
  "Kelp holds fast to the rock with a holdfast, which is no root, and lets the storm go by above it.";

/** Speaks its parts, and breaks where a part is an error. */
class Speaker extends BaseChatModel {
  readonly asked: BaseMessage[][] = [];
  readonly #speeches: (readonly (string | Error)[])[];

  constructor(...speeches: (readonly (string | Error)[])[]) {
    super({});
    this.#speeches = speeches;
  }

  override _llmType(): string {
    return "speaker";
  }

  override _generate(): never {
    throw new Error("it only streams");
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
  ): AsyncGenerator<ChatGenerationChunk> {
    this.asked.push(messages);
    for (const part of this.#speeches[this.asked.length - 1] ?? []) {
      if (part instanceof Error) throw part;
      yield new ChatGenerationChunk({ text: part, message: new AIMessageChunk(part) });
    }
  }
}

const broken = (): Error =>
  Object.assign(new TypeError("terminated"), { cause: { code: "UND_ERR_SOCKET" } });
const goingOn = (): Policy =>
  createPolicy({ afterContent: "continue", stallTimeout: Infinity }, { clock: hurriedClock() });

async function read(speaker: Speaker, trace: "attempts" | "flat" = "attempts"): Promise<string> {
  let text = "";
  const policy = goingOn();
  for await (const chunk of await holdfastChatModel(policy, speaker, { trace }).stream("a story"))
    text += chunk.text;
  return text;
}

test("an answer that broke off is gone on with where it stopped", async () => {
  const speaker = new Speaker(
    [story.slice(0, 40), story.slice(40, 50), broken()],
    [story.slice(0, 45), story.slice(45)],
  );
  expect(await read(speaker)).toBe(story);
  expect(speaker.asked[1]?.at(-2)?.text).toBe(story.slice(0, 50));
  expect(speaker.asked[1]?.at(-1)?.text).toContain(`<<<${story.slice(0, 50)}>>>`);
});

test("only where it joins, and else with another attempt", async () => {
  const speaker = new Speaker(
    [story.slice(0, 50), broken()],
    ["Once upon a time"],
    [story.slice(0, 50), story.slice(50)],
  );
  expect(await read(speaker)).toBe(story);
  expect(speaker.asked).toHaveLength(3);
});

test("and as often as it breaks", async () => {
  const speaker = new Speaker(
    [story.slice(0, 30), broken()],
    [story.slice(0, 60), broken()],
    [story],
  );
  expect(await read(speaker)).toBe(story);
});

test("what never joins is given up, with what there was handed on once", async () => {
  const speaker = new Speaker([story.slice(0, 50), broken()]);
  let text = "";
  const reading = (async () => {
    for await (const chunk of await holdfastChatModel(goingOn(), speaker).stream("a story"))
      text += chunk.text;
  })();
  await expect(reading).rejects.toThrow(GaveUpError);
  expect(text).toBe(story.slice(0, 50));
});

const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 });
const cuts = fc.array(fc.double({ min: 0.01, max: 0.99, noNaN: true }), {
  minLength: 1,
  maxLength: 2,
});
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });

/** A text in parts of these sizes, over and over. */
function split(text: string, lengths: readonly number[]): string[] {
  const parts: string[] = [];
  for (let at = 0, nth = 0; at < text.length; nth += 1) {
    const length = lengths[nth % lengths.length] ?? 1;
    parts.push(text.slice(at, at + length));
    at += length;
  }
  return parts;
}

test.each(["attempts", "flat"] as const)(
  "wherever it breaks, however often, not a character is lost or doubled (%s)",
  async (trace) => {
    await fc.assert(
      fc.asyncProperty(word, cuts, sizes, async (text, shares, lengths) => {
        const breaks = [...new Set(shares.map((share) => Math.ceil(share * text.length)))]
          .filter((at) => at < text.length)
          .toSorted((one, other) => one - other);
        let from = 0;
        const speeches = [...breaks, text.length].map((to, nth) => {
          // As it was asked to, each goes on by repeating the end of what there is.
          const parts = split(text.slice(nth === 0 ? 0 : Math.max(0, from - 80), to), lengths);
          from = to;
          return to === text.length ? parts : [...parts, broken()];
        });
        const speaker = new Speaker(...speeches);
        expect(await read(speaker, trace)).toBe(text);
        expect(speaker.asked).toHaveLength(speeches.length);
      }),
      { numRuns: 150 },
    );
  },
);

test("flat, the run is told each token once", async () => {
  const speaker = new Speaker([story.slice(0, 50), broken()], [story]);
  let told = "";
  const model = holdfastChatModel(goingOn(), speaker, {
    trace: "flat",
    callbacks: [{ handleLLMNewToken: (token) => void (told += token) }],
  });
  for await (const _ of await model.stream("a story"));
  expect(told).toBe(story.slice(50));
});
