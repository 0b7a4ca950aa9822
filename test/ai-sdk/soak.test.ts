import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { expect, test } from "vitest";

import { hosts, type Streamed } from "./hosts.ts";
import { policyAt, reply, simulator } from "./setting.ts";

const pro = "gemini-2.5-pro";
const streams = 2_000;
const abreast = 25;

setFlagsFromString("--expose_gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Numbers in [0, 1) that are the same on every run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Seen {
  text: string;
  errors: number;
  aborted: boolean;
}

/** Reads a stream, and aborts it after so many parts, if so many come. */
async function read(
  { fullStream }: Streamed,
  controller: AbortController,
  abortAfter: number,
): Promise<Seen> {
  const seen: Seen = { text: "", errors: 0, aborted: false };
  let parts = 0;
  for await (const part of fullStream) {
    parts += 1;
    if (part.type === "text-delta") seen.text += part.text;
    if (part.type === "error") seen.errors += 1;
    if (part.type === "abort") seen.aborted = true;
    if (parts === abortAfter) controller.abort(new DOMException("enough", "AbortError"));
  }
  return seen;
}

test(
  `${streams} streams through flaky weather: every character once, and nothing left behind`,
  { timeout: 120_000 },
  async () => {
    const [newest] = hosts;
    const server = await simulator({
      seed: 7,
      speed: { tokensPerChunk: 1 },
      rules: [
        { fault: { type: "stream-error", share: 0.5 }, probability: 0.06 },
        { fault: { type: "truncated-stream", share: 0.4 }, probability: 0.06 },
        { fault: { type: "reset-mid-body", share: 0.6 }, probability: 0.06 },
        { fault: { type: "stream-error", share: 0 }, probability: 0.06 },
        { fault: "reset", probability: 0.06 },
        { fault: "empty-stop", probability: 0.06 },
        { fault: "overload", probability: 0.1 },
      ],
    });
    const { policy } = policyAt(server, {
      limits: { "*": { rpm: 1_000_000 } },
      breaker: false,
      budget: false,
      onEvent: () => {},
    });
    const model = newest!.google(policy)(pro);
    const random = chance(3);
    const once = async (): Promise<Seen> => {
      const controller = new AbortController();
      const abortAfter = random() < 0.1 ? 1 + Math.floor(random() * 12) : Infinity;
      const stream = newest!.streamText({
        model,
        prompt: "Hi",
        abortSignal: controller.signal,
        onError: () => {},
      });
      return await read(stream, controller, abortAfter);
    };

    const all: Seen[] = [];
    const lane = async (share: number): Promise<void> => {
      for (let nth = 0; nth < share; nth += 1) all.push(await once());
    };
    const round = (count: number): Promise<void[]> =>
      Promise.all(Array.from({ length: abreast }, () => lane(count / abreast)));
    await round(500);
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    await round(streams - 500);
    collectGarbage();
    const growth = process.memoryUsage().heapUsed - before;

    expect(all).toHaveLength(streams);
    expect(all.filter(({ text }) => !reply.startsWith(text))).toEqual([]);
    expect(
      all.filter(({ text, errors, aborted }) => text !== reply && errors === 0 && !aborted),
    ).toEqual([]);
    expect(all.filter(({ errors }) => errors > 1)).toEqual([]);
    // Most are whole: what failed before its first content was never seen.
    expect(all.filter(({ text }) => text === reply).length).toBeGreaterThan(streams * 0.7);
    expect(all.filter(({ aborted }) => aborted).length).toBeGreaterThan(streams * 0.03);
    expect(growth).toBeLessThan(12_000_000);
    await server.close();
    expect(
      process.getActiveResourcesInfo().filter((name) => name === "Timeout").length,
    ).toBeLessThan(20);
  },
);
