import { holdfastModel } from "@holdfast/ai-sdk";
import { createPolicy, type Policy, type PolicyOptions } from "@holdfast/core";
import { createVirtualClock } from "@holdfast/gemini-simulator";
import { describe, expect, test, vi } from "vitest";

import {
  apiError,
  fake,
  partsOf,
  streamOf,
  textOf,
  words,
  type Part,
  type Spec,
} from "./models.ts";

const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: "Hi" }] }];
const quick = (options: PolicyOptions = {}): Policy =>
  createPolicy({ backoff: { base: 0, cap: 0 }, ...options });
const reset = (): Error =>
  Object.assign(new TypeError("terminated"), {
    cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }),
  });

describe.each<Spec>(["v2", "v3", "v4"])("a stream of %s", (spec) => {
  test("shows the preamble of the attempt that served, and of no other", async () => {
    const broken: Part[] = [
      { type: "stream-start", warnings: [{ type: "other", message: "of the first" }] },
      { type: "response-metadata", id: "first" },
      { type: "raw", rawValue: 1 },
      { type: "text-start", id: "0" },
      { type: "error", error: apiError(503) },
    ];
    const model = fake({
      spec,
      stream: (_, nth) => streamOf(nth === 1 ? broken : words("all is well", spec)),
    });
    const { stream } = await holdfastModel(quick(), [model]).doStream({ prompt });
    const parts = await partsOf(stream);
    expect(textOf(parts)).toBe("all is well");
    expect(parts.map(({ type }) => type)).toEqual([
      "stream-start",
      "response-metadata",
      "text-start",
      "text-delta",
      "text-delta",
      "text-delta",
      "text-end",
      "finish",
    ]);
    expect(parts[0]).toEqual({ type: "stream-start", warnings: [] });
    expect(parts[1]).toEqual({ type: "response-metadata", id: "r", modelId: "m" });
    expect(model.calls).toHaveLength(2);
  });

  test("that ends without saying so, before any content, begins anew", async () => {
    const model = fake({
      spec,
      stream: (_, nth) => streamOf(nth === 1 ? words("", spec).slice(0, 3) : words("well", spec)),
    });
    const { stream } = await holdfastModel(quick(), [model]).doStream({ prompt });
    expect(textOf(await partsOf(stream))).toBe("well");
  });

  test("that is thrown away in the middle becomes an error part, and ends in order", async () => {
    const model = fake({
      spec,
      stream: () => streamOf(words("one two three", spec).slice(0, 5), { end: reset() }),
    });
    const { stream } = await holdfastModel(quick(), [model]).doStream({ prompt });
    const parts = await partsOf(stream);
    expect(textOf(parts)).toBe("one two ");
    expect(parts.map(({ type }) => type).slice(-4)).toEqual([
      "text-delta",
      "error",
      "text-end",
      "finish",
    ]);
    expect(parts.at(-3)).toMatchObject({
      error: { reason: "interrupted", failure: { kind: "stream-interrupted" } },
    });
    expect(model.calls).toHaveLength(1);
  });

  test("that ends without a finish part after content becomes an error part", async () => {
    const model = fake({ spec, stream: () => streamOf(words("one two three", spec).slice(0, 5)) });
    const { stream } = await holdfastModel(quick(), [model]).doStream({ prompt });
    const parts = await partsOf(stream);
    expect(parts.filter(({ type }) => type === "error")).toHaveLength(1);
    expect(parts.at(-1)).toMatchObject({
      type: "finish",
      providerMetadata: { holdfast: { attempts: 1 } },
    });
  });

  test("with a tool call is committed at the beginning of its input", async () => {
    const parts: Part[] = [
      { type: "stream-start", warnings: [] },
      { type: "tool-input-start", id: "t", toolName: "weather" },
      { type: "error", error: apiError(503) },
      { type: "finish", finishReason: words("", spec).at(-1)?.["finishReason"], usage: {} },
    ];
    const model = fake({ spec, stream: () => streamOf(parts) });
    const { stream } = await holdfastModel(quick(), [model]).doStream({ prompt });
    const seen = await partsOf(stream);
    expect(seen.filter(({ type }) => type === "error")).toHaveLength(1);
    expect(model.calls).toHaveLength(1);
  });
});

describe("a stream's flow", () => {
  test("reads no further ahead than a few parts", async () => {
    const source = streamOf(words("word ".repeat(100)));
    const { stream } = await holdfastModel(quick(), [fake({ stream: () => source })]).doStream({
      prompt,
    });
    const reader = stream.getReader();
    await reader.read();
    await reader.read();
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.pulled).toBeLessThan(16);
  });

  test("cancels upstream when its reader does, once", async () => {
    const onCancel = vi.fn<(reason: unknown) => void>();
    const source = streamOf(words("word ".repeat(100)), { onCancel });
    const { stream } = await holdfastModel(quick(), [fake({ stream: () => source })]).doStream({
      prompt,
    });
    await stream.cancel("enough");
    expect(onCancel).toHaveBeenCalledExactlyOnceWith("enough");
  });

  test("cancels the stream of a failed attempt", async () => {
    const onCancel = vi.fn<(reason: unknown) => void>();
    const broken = streamOf([{ type: "error", error: apiError(503) }], { end: "hang", onCancel });
    const model = fake({ stream: (_, nth) => (nth === 1 ? broken : streamOf(words("well"))) });
    const { stream } = await holdfastModel(quick(), [model]).doStream({ prompt });
    expect(textOf(await partsOf(stream))).toBe("well");
    expect(onCancel).toHaveBeenCalledTimes(1);
  });

  test("ends with the caller's reason when the caller aborts, even if the model does not listen", async () => {
    const onCancel = vi.fn<(reason: unknown) => void>();
    const source = streamOf(words("one two three").slice(0, 4), { end: "hang", onCancel });
    const controller = new AbortController();
    const model = holdfastModel(quick(), [fake({ stream: () => source })]);
    const { stream } = await model.doStream({ prompt, abortSignal: controller.signal });
    const reader = stream.getReader();
    for (let part = 0; part < 4; part += 1) await reader.read();
    controller.abort("my reason");
    await expect(reader.read()).rejects.toBe("my reason");
    expect(onCancel).toHaveBeenCalledTimes(1);
  });

  test("leaves one listener on a signal that thousands share, and none after it", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    const model = holdfastModel(quick(), [fake({ stream: () => streamOf(words("a b c")) })]);
    const results = await Promise.all(
      Array.from({ length: 2_000 }, () => model.doStream({ prompt, abortSignal: signal })),
    );
    const begun = added.mock.calls.length;
    for (const { stream } of results) await partsOf(stream);
    expect(begun - removed.mock.calls.length).toBe(0);
    expect(begun).toBeLessThan(10);
  });

  test("is cut before its first content by the time limit, even if the model does not listen", async () => {
    const clock = createVirtualClock();
    const policy = createPolicy({ firstContentTimeout: 5_000 }, { clock });
    const onCancel = vi.fn<(reason: unknown) => void>();
    const silent = streamOf(words("").slice(0, 2), { end: "hang", onCancel });
    const model = fake({ stream: (_, nth) => (nth === 1 ? silent : streamOf(words("well"))) });
    const { stream } = await clock.run(
      Promise.resolve(holdfastModel(policy, [model]).doStream({ prompt })),
    );
    expect(textOf(await partsOf(stream))).toBe("well");
    expect(onCancel).toHaveBeenCalledTimes(1);
    expect(clock.now()).toBeGreaterThanOrEqual(5_000);
  });

  test("stalls when parts stop coming, and not while its reader takes its time", async () => {
    const clock = createVirtualClock();
    const policy = createPolicy({ stallTimeout: 1_000 }, { clock });
    const source = streamOf(words("word ".repeat(40)).slice(0, 30), { end: "hang" });
    const { stream } = await holdfastModel(policy, [fake({ stream: () => source })]).doStream({
      prompt,
    });
    const reader = stream.getReader();
    await reader.read();
    await clock.advance(60_000);
    const rest = (async () => {
      const parts: Part[] = [];
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return parts;
        parts.push(value as unknown as Part);
      }
    })();
    const parts = await clock.run(rest);
    expect(textOf(parts)).toBe("word ".repeat(27));
    expect(parts.find(({ type }) => type === "error")).toMatchObject({
      error: { failure: { kind: "timeout" } },
    });
    expect(clock.sleeping).toBe(0);
  });

  test("pings keep no stalled stream alive", async () => {
    const clock = createVirtualClock();
    const policy = createPolicy({ stallTimeout: 1_000 }, { clock });
    const head = words("one two").slice(0, 4);
    const source = new ReadableStream<Part>({
      async start(controller) {
        for (const part of head) controller.enqueue(part);
        for (;;) {
          await clock.sleep(100);
          try {
            controller.enqueue({ type: "ping" });
          } catch {
            return;
          }
        }
      },
    });
    const { stream } = await holdfastModel(policy, [fake({ stream: () => source })]).doStream({
      prompt,
    });
    const parts = await clock.run(partsOf(stream));
    expect(parts.filter(({ type }) => type === "error")).toHaveLength(1);
    expect(clock.now()).toBeLessThan(3_000);
  });

  test("of a reader that left is not gone on with elsewhere", async () => {
    const model = fake({
      stream: () => streamOf(words("one two three").slice(0, 5), { end: "hang" }),
    });
    const policy = quick({ afterContent: "continue" });
    const { stream } = await holdfastModel(policy, [model]).doStream({ prompt });
    const reader = stream.getReader();
    for (let part = 0; part < 5; part += 1) await reader.read();
    await reader.cancel();
    await new Promise((resolve) => setImmediate(resolve));
    expect(model.calls).toHaveLength(1);
  });

  test("ends well when it breaks after its finish part", async () => {
    const model = fake({ stream: () => streamOf(words("well"), { end: reset() }) });
    const { stream } = await holdfastModel(quick(), [model]).doStream({ prompt });
    const parts = await partsOf(stream);
    expect(parts.at(-1)?.type).toBe("finish");
    expect(parts.some(({ type }) => type === "error")).toBe(false);
  });

  test("of the slower of two attempts is cancelled, even when its content is there", async () => {
    const clock = createVirtualClock();
    const policy = createPolicy({ hedge: { delay: 100, share: 1 } }, { clock });
    const onCancel = vi.fn<(reason: unknown) => void>();
    const slow = async (
      text: string,
      ms: number,
      seen?: typeof onCancel,
    ): Promise<ReadableStream<Part>> => {
      await clock.sleep(ms);
      return streamOf(words(text), { end: "hang", ...(seen ? { onCancel: seen } : {}) });
    };
    const models = [
      fake({ id: "a", stream: () => slow("late", 200, onCancel) }),
      fake({ id: "b", stream: () => slow("first", 50) }),
    ] as const;
    const held = holdfastModel(policy, models);
    const { stream } = await clock.run(Promise.resolve(held.doStream({ prompt })));
    const reader = stream.getReader();
    for (let part = 0; part < 3; part += 1) await reader.read();
    expect((await reader.read()).value).toMatchObject({ delta: "first" });
    await clock.advance(200);
    expect(onCancel).toHaveBeenCalledTimes(1);
    await reader.cancel();
  });
});
