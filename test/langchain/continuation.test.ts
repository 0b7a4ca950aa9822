import { createPolicy, GaveUpError } from "@holdfast/core";
import { holdfastChatModel } from "@holdfast/langchain";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
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
const policy = createPolicy(
  { afterContent: "continue", stallTimeout: Infinity },
  { clock: hurriedClock() },
);

async function read(speaker: Speaker): Promise<string> {
  let text = "";
  for await (const chunk of await holdfastChatModel(policy, speaker).stream("a story"))
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
    for await (const chunk of await holdfastChatModel(policy, speaker).stream("a story"))
      text += chunk.text;
  })();
  await expect(reading).rejects.toThrow(GaveUpError);
  expect(text).toBe(story.slice(0, 50));
});
