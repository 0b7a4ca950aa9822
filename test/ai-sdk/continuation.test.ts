import { holdfastModel } from "@holdfast/ai-sdk";
import { createPolicy, type Policy, type PolicyOptions } from "@holdfast/core";
import { type RuleInput } from "@holdfast/gemini-simulator";
import { array, assert, asyncProperty, integer, option, record } from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";

import { hosts } from "./hosts.ts";
import {
  apiError,
  fake,
  partsOf,
  streamOf,
  textOf,
  words,
  type Fake,
  type Part,
  type Seen,
} from "./models.ts";
import { policyAt, simulator } from "./setting.ts";

const prompt = [
  { role: "user" as const, content: [{ type: "text" as const, text: "Tell me a story" }] },
];
const going = (options: PolicyOptions = {}): Policy =>
  createPolicy({ afterContent: "continue", backoff: { base: 0, cap: 0 }, ...options });

const story =
  "Kelp grows in cold seas, and where it grows the water is calm. It has no roots; a holdfast keeps it on its rock, " +
  "through the storms of winter and the swell of spring. Without it there would be no forest.";

/** What a model is asked to repeat. */
function markedIn({ prompt: messages }: Seen): string | undefined {
  const last = JSON.stringify(messages.at(-1)?.content);
  return /<<<(.*)>>>/.exec(last)?.[1];
}

/** What it is told that it wrote. */
function writtenIn({ prompt: messages }: Seen): string {
  const { content } = messages.at(-2) as { content: { text: string }[] };
  return content.map(({ text }) => text).join("");
}

/** Breaks after so many characters; where it is to go on, it does so as asked. */
function teller(
  breakAfter: number,
  { id = "m", goOn = (rest: string, end: string) => end + rest } = {},
): Fake {
  return fake({
    id,
    stream(options) {
      const end = markedIn(options);
      if (end !== undefined) {
        const written = writtenIn(options);
        return streamOf(words(goOn(story.slice(written.length), written.slice(-80))));
      }
      const parts: Part[] = words(story.slice(0, breakAfter)).slice(0, -2);
      return streamOf([...parts, { type: "error", error: apiError(503) }]);
    },
  });
}

/** A text as deltas of these lengths, over and over. */
function cut(text: string, lengths: readonly number[]): Part[] {
  const deltas: Part[] = [];
  for (let at = 0, nth = 0; at < text.length; nth += 1) {
    const length = lengths[nth % lengths.length] ?? 1;
    deltas.push({ type: "text-delta", id: "0", delta: text.slice(at, at + length) });
    at += length;
  }
  return deltas;
}

describe("an answer that broke off", () => {
  test("is finished by the next attempt, every character once", async () => {
    await assert(
      asyncProperty(integer({ min: 1, max: story.length }), async (breakAfter) => {
        const { stream } = await holdfastModel(going(), [teller(breakAfter)]).doStream({ prompt });
        const parts = await partsOf(stream);
        expect(textOf(parts)).toBe(story);
        expect(parts.filter(({ type }) => type === "error")).toEqual([]);
        expect(parts.map(({ type }) => type).filter((type) => type !== "text-delta")).toEqual([
          "stream-start",
          "response-metadata",
          "text-start",
          "text-end",
          "finish",
        ]);
        expect(
          new Set(parts.flatMap(({ type, id }) => (type.startsWith("text-") ? [id] : []))).size,
        ).toBe(1);
        expect(parts.at(-1)).toMatchObject({ providerMetadata: { holdfast: { attempts: 2 } } });
      }),
      { numRuns: 60 },
    );
  });

  test("is either whole or broken off, whatever the next model repeats and however it is cut", async () => {
    const cuts = array(integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 });
    const around = words("");
    const [before, after] = [around.slice(0, 3), around.slice(-2)];
    await assert(
      asyncProperty(
        record({ breakAfter: integer({ min: 1, max: story.length }), first: cuts, second: cuts }),
        // How much of the end is repeated: from nothing to all, seldom what was asked for.
        option(integer({ min: 0, max: story.length }), { freq: 3 }),
        async ({ breakAfter, first, second }, repeated) => {
          const model = fake({
            stream(options) {
              if (markedIn(options) === undefined)
                return streamOf([
                  ...before,
                  ...cut(story.slice(0, breakAfter), first),
                  { type: "error", error: apiError(503) },
                ]);
              const written = writtenIn(options);
              const from = Math.max(0, written.length - (repeated ?? Math.min(80, written.length)));
              return streamOf([...before, ...cut(story.slice(from), second), ...after]);
            },
          });
          const held = holdfastModel(going({ attempts: 3 }), [model]);
          const parts = await partsOf((await held.doStream({ prompt })).stream);
          const failed = parts.some(({ type }) => type === "error");
          expect(textOf(parts)).toBe(failed ? story.slice(0, breakAfter) : story);
          // What was asked for is always joined.
          expect(failed && repeated === null).toBe(false);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("is finished also by a model that begins from the start with the same words", async () => {
    const again = teller(90, { goOn: () => story });
    const { stream } = await holdfastModel(going(), [again]).doStream({ prompt });
    expect(textOf(await partsOf(stream))).toBe(story);
  });

  test("is finished too when the connection ended without an error or a reason", async () => {
    const model = fake({
      stream(options) {
        const end = markedIn(options);
        if (end !== undefined) return streamOf(words(end + story.slice(writtenIn(options).length)));
        const whole: Part[] = words(story.slice(0, 90));
        const finishReason = { unified: "interrupted", raw: undefined };
        return streamOf([...whole.slice(0, -1), { ...whole.at(-1)!, finishReason }]);
      },
    });
    const { stream } = await holdfastModel(going(), [model]).doStream({ prompt });
    const parts = await partsOf(stream);
    expect(textOf(parts)).toBe(story);
    expect(parts.filter(({ type }) => type === "text-end")).toHaveLength(1);
    expect(parts.filter(({ type }) => type === "error")).toEqual([]);
  });

  test("is never joined to what does not fit", async () => {
    const off = teller(90, { goOn: (rest) => `Sure! Here is the rest: ${rest}` });
    const { stream } = await holdfastModel(going({ attempts: 3 }), [off]).doStream({ prompt });
    const parts = await partsOf(stream);
    expect(textOf(parts)).toBe(story.slice(0, 90));
    expect(parts.filter(({ type }) => type === "error")).toHaveLength(1);
    expect(parts.at(-1)?.type).toBe("finish");
  });

  test("is continued once more when the one that went on breaks too", async () => {
    let calls = 0;
    const model = fake({
      stream(options) {
        calls += 1;
        const end = markedIn(options) ?? "";
        const written = calls === 1 ? "" : writtenIn(options);
        const rest = end + story.slice(written.length);
        const parts = words(calls < 3 ? rest.slice(0, end.length + 60) : rest);
        return calls < 3
          ? streamOf([...parts.slice(0, -2), { type: "error", error: apiError(503) }])
          : streamOf(parts);
      },
    });
    const { stream } = await holdfastModel(going(), [model]).doStream({ prompt });
    expect(textOf(await partsOf(stream))).toBe(story);
    expect(calls).toBe(3);
  });

  test("is left as it is where the policy says so", async () => {
    const model = teller(90);
    const { stream } = await holdfastModel(going({ afterContent: "fail" }), [model]).doStream({
      prompt,
    });
    expect(textOf(await partsOf(stream))).toBe(story.slice(0, 90));
    expect(model.calls).toHaveLength(1);
  });

  test("is not continued when there was a tool call: tools never run twice", async () => {
    const parts: Part[] = [
      ...words("I look it up.").slice(0, -1),
      { type: "tool-call", toolCallId: "1", toolName: "look", input: "{}" },
      { type: "error", error: apiError(503) },
    ];
    const model = fake({ stream: () => streamOf(parts) });
    const { stream } = await holdfastModel(going(), [model]).doStream({ prompt });
    expect((await partsOf(stream)).filter(({ type }) => type === "error")).toHaveLength(1);
    expect(model.calls).toHaveLength(1);
  });
});

describe.each(hosts)("streamText of $name, over HTTP", ({ google, streamText }) => {
  const types = ["stream-error", "truncated-stream", "reset-mid-body"] as const;
  const shares = [0.1, 0.5, 0.9];
  const cuts = types.flatMap((type) => shares.map((share) => ({ type, share })));

  async function read(
    rules: RuleInput[],
  ): Promise<{ text: string; errors: unknown[]; requests: number }> {
    const server = await simulator({ reply: story, speed: { tokensPerChunk: 2 }, rules });
    onTestFinished(() => server.close());
    const { policy } = policyAt(server, { afterContent: "continue" });
    const errors: unknown[] = [];
    let text = "";
    const model = google(policy)("gemini-2.5-pro");
    for await (const part of streamText({ model, prompt: "Tell me a story" }).fullStream) {
      if (part.type === "text-delta") text += part.text ?? "";
      if (part.type === "error") errors.push(part.error);
    }
    return { text, errors, requests: server.log.count() };
  }

  test.each(cuts)("no character is lost or doubled by $type at $share", async (fault) => {
    const seen = await read([{ fault, nth: 1 }]);
    expect(seen).toEqual({ text: story, errors: [], requests: 2 });
  });

  test.each(shares)(
    "a model that repeats the end it was shown goes on from there (%d)",
    async (share) => {
      // Eight characters a chunk.
      const written = 8 * Math.floor(Math.ceil(story.length / 8) * share);
      const text = story.slice(Math.max(0, written - 80));
      const seen = await read([
        { fault: { type: "stream-error", share }, nth: 1 },
        { fault: { type: "scripted-answer", text }, nth: 2 },
      ]);
      expect(seen).toEqual({ text: story, errors: [], requests: 2 });
    },
  );
});
