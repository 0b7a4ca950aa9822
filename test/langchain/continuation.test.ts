import { createPolicy, GaveUpError, type Policy } from "@holdfast/core";
import { holdfastChatModel } from "@holdfast/langchain";
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { hurriedClock } from "./support/hurried-clock.ts";
import { broken, Speaker } from "./support/speaker.ts";

const story =
  "Kelp holds fast to the rock with a holdfast, which is no root, and lets the storm go by above it.";

type Models = Speaker | (Speaker | FakeListChatModel)[];

const goingOn = (): Policy =>
  createPolicy({ afterContent: "continue", stallTimeout: Infinity }, { clock: hurriedClock() });

async function read(
  models: Models,
  { trace = "attempts", ear }: { trace?: "attempts" | "flat"; ear?: Ear } = {},
): Promise<string> {
  let text = "";
  const model = holdfastChatModel(goingOn(), models, { trace });
  const stream = await model.stream("a story", ear ? { callbacks: [ear] } : {});
  for await (const chunk of stream) text += chunk.text;
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

/** Makes a model stream inside `invoke`, and writes down its tokens. */
class Ear extends BaseCallbackHandler {
  override name = "ear";
  override awaitHandlers = true;
  lc_prefer_streaming = true;
  text = "";

  override handleLLMNewToken(token: string): void {
    this.text += token;
  }
}

/** The ways into a model: what is read, and what a listener is told meanwhile. */
const ways: Record<string, (models: Models) => Promise<[read: string, told: string]>> = {
  async stream(models) {
    const ear = new Ear();
    return [await read(models, { ear }), ear.text];
  },
  async "stream, flat"(models) {
    const ear = new Ear();
    return [await read(models, { trace: "flat", ear }), ear.text];
  },
  async streamEvents(models) {
    const events = holdfastChatModel(goingOn(), models).streamEvents("a story");
    let told = "";
    for await (const text of events.text) told += text;
    return [(await events.output).text, told];
  },
  async invoke(models) {
    const ear = new Ear();
    const model = holdfastChatModel(goingOn(), models);
    return [(await model.invoke("a story", { callbacks: [ear] })).text, ear.text];
  },
  async "invoke, flat"(models) {
    const ear = new Ear();
    const model = holdfastChatModel(goingOn(), models, { trace: "flat" });
    return [(await model.invoke("a story", { callbacks: [ear] })).text, ear.text];
  },
};

test.each(Object.keys(ways))(
  "wherever it breaks, however often, not a character is lost or doubled (%s)",
  async (way) => {
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
        expect(await ways[way]?.(speaker)).toEqual([text, text]);
        expect(speaker.asked).toHaveLength(speeches.length);
      }),
      { numRuns: 100 },
    );
  },
);

test("what was thought before is no part of what is gone on with", async () => {
  for (const way of Object.keys(ways)) {
    const speaker = new Speaker(
      [{ thought: "a story" }, { thought: " of kelp" }, story.slice(0, 50), broken()],
      [{ thought: "go on" }, story.slice(0, 50), story.slice(50)],
    );
    expect(await ways[way]?.(speaker)).toEqual([story, story]);
    expect(speaker.asked[1]?.at(-2)?.text).toBe(story.slice(0, 50));
  }
});

test("events tell every block of a message that was gone on with to its end", async () => {
  const speaker = new Speaker(
    [{ thought: "a story" }, { thought: " of kelp" }, story.slice(0, 50), broken()],
    [story.slice(0, 50), story.slice(50)],
  );
  const events = holdfastChatModel(goingOn(), speaker).streamEvents("a story");
  const finished: unknown[] = [];
  for await (const event of events)
    if (event.event === "content-block-finish") finished.push(event.content);
  expect(finished).toMatchObject([
    { type: "reasoning", reasoning: "a story of kelp" },
    { type: "text", text: story },
  ]);
  const { content } = await events.output;
  expect(content).toHaveLength(2);
  expect(content).toEqual(expect.arrayContaining(finished));
});

test("a message that is more than text is not gone on with", async () => {
  for (const way of Object.keys(ways)) {
    const speaker = new Speaker([{ call: "weather" }, broken()], [story]);
    await expect(ways[way]?.(speaker)).rejects.toThrow("interrupted");
    expect(speaker.asked).toHaveLength(1);
  }
});

test("a model that cannot stream goes on with an answer that one began", async () => {
  for (const way of Object.keys(ways)) {
    const speaker = new Speaker([story.slice(0, 50), broken()]);
    const whole = new FakeListChatModel({ responses: [story] });
    whole.disableStreaming = true;
    const text = await ways[way]?.([speaker, whole]);
    expect(text).toEqual([story, story]);
  }
});
