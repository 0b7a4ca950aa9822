// Limits over a host that is deaf to them, on a clock that the test moves.
import {
  type Clock,
  createPolicy,
  GaveUpError,
  type PolicyOptions,
  type Policy,
} from "@holdfast/core";
import { holdfastChatModel } from "@holdfast/langchain";
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { type CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { expect, test } from "vitest";

/** Time passes only when the test says so. */
class ManualClock implements Clock {
  #now = 0;
  readonly #sleepers = new Set<{ at: number; wake: () => void }>();

  now = (): number => this.#now;
  wall = (): number => 1_700_000_000_000 + this.#now;
  random = (): number => 0.5;
  sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const sleeper = { at: this.#now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason as Error);
      });
    });

  /** Moves on, step by step, so that what a sleeper sets off can sleep as well. */
  async pass(ms: number): Promise<void> {
    for (const end = this.#now + ms; this.#now < end;) {
      this.#now += Math.min(10, end - this.#now);
      for (const sleeper of this.#sleepers)
        if (sleeper.at <= this.#now) {
          this.#sleepers.delete(sleeper);
          sleeper.wake();
        }
      await new Promise((resolve) => void setImmediate(resolve));
    }
  }
}

/** Says its parts and then nothing more, whatever its signal says; or answers, from the second time on. */
class Deaf extends BaseChatModel {
  calls = 0;
  /** How many calls say only their parts. */
  deafFor = 1;
  signals: (AbortSignal | undefined)[] = [];
  private readonly parts: readonly string[];

  constructor(...parts: string[]) {
    super({});
    this.parts = parts;
  }

  override _llmType(): string {
    return "deaf";
  }

  override async _generate(_: unknown, { signal }: { signal?: AbortSignal }): Promise<ChatResult> {
    this.calls += 1;
    this.signals.push(signal);
    if (this.calls === 1) await new Promise(() => undefined);
    return { generations: [{ text: "late", message: new AIMessage("late") }] };
  }

  override async *_streamResponseChunks(
    _: unknown,
    { signal }: { signal?: AbortSignal },
    manager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    this.calls += 1;
    this.signals.push(signal);
    const deaf = this.calls <= this.deafFor;
    for (const text of deaf ? this.parts : ["whole"]) {
      yield new ChatGenerationChunk({ text, message: new AIMessageChunk(text) });
      await manager?.handleLLMNewToken(text);
    }
    if (deaf) await new Promise(() => undefined);
  }
}

function world(options: PolicyOptions): { clock: ManualClock; policy: Policy } {
  const clock = new ManualClock();
  return { clock, policy: createPolicy(options, { clock }) };
}

test("an attempt that takes too long is left and another made", async () => {
  const { clock, policy } = world({ attemptTimeout: 1_000 });
  const deaf = new Deaf();
  const answer = holdfastChatModel(policy, deaf).invoke("x");
  await clock.pass(5_000);
  expect((await answer).text).toBe("late");
  expect(deaf.signals[0]?.aborted).toBe(true);
  expect(deaf.signals[1]?.aborted).toBe(false);
});

test("a stream without a first content in time begins anew", async () => {
  const { clock, policy } = world({ firstContentTimeout: 1_000 });
  const deaf = new Deaf("");
  const reading = (async () => {
    let text = "";
    for await (const chunk of await holdfastChatModel(policy, deaf).stream("x")) text += chunk.text;
    return text;
  })();
  await clock.pass(5_000);
  expect(await reading).toBe("whole");
  expect(deaf.signals[0]?.aborted).toBe(true);
});

test("a stream that stalls after its first content ends as interrupted by a timeout", async () => {
  const { clock, policy } = world({ stallTimeout: 800 });
  const deaf = new Deaf("some ", "text");
  let text = "";
  const reading = (async () => {
    for await (const chunk of await holdfastChatModel(policy, deaf).stream("x")) text += chunk.text;
  })();
  const ended = reading.catch((error: unknown) => error);
  await clock.pass(600);
  expect(text).toBe("some text");
  expect(deaf.signals[0]?.aborted).toBe(false);
  await clock.pass(600);
  const error = await ended;
  expect(GaveUpError.isInstance(error) && [error.reason, error.failure?.kind]).toEqual([
    "interrupted",
    "timeout",
  ]);
  expect(deaf.signals[0]?.aborted).toBe(true);
});

test.each(["attempts", "flat"] as const)(
  "a model that stalls while it streams inside invoke is gone on with, where the policy has it (%s)",
  async (trace) => {
    const { clock, policy } = world({ stallTimeout: 800, afterContent: "continue" });
    const deaf = new Deaf("who");
    let told = "";
    const listener = BaseCallbackHandler.fromMethods({
      handleLLMNewToken: (token) => void (told += token),
    });
    Object.assign(listener, { lc_prefer_streaming: true });
    const answer = holdfastChatModel(policy, deaf, { trace }).invoke("x", {
      callbacks: [listener],
    });
    await clock.pass(3_000);
    expect((await answer).text).toBe("whole");
    expect(told).toBe("whole");
    expect(deaf.signals.map((signal) => signal?.aborted)).toEqual([true, false]);
  },
);

test("an abort of what goes on inside invoke ends it with the caller's reason", async () => {
  const { clock, policy } = world({ stallTimeout: 800, afterContent: "continue" });
  const controller = new AbortController();
  const reason = new Error("enough");
  const deaf = new Deaf("who", "le");
  deaf.deafFor = 9;
  const listener = BaseCallbackHandler.fromMethods({ handleLLMNewToken: () => undefined });
  Object.assign(listener, { lc_prefer_streaming: true });
  const answer = holdfastChatModel(policy, deaf)
    .invoke("x", { callbacks: [listener], signal: controller.signal })
    .catch((error: unknown) => error);
  while (deaf.calls < 2) await clock.pass(10);
  await clock.pass(100);
  expect(deaf.signals.map((signal) => signal?.aborted)).toEqual([true, false]);
  controller.abort(reason);
  expect(await answer).toBe(reason);
  await clock.pass(3_000);
  expect(deaf.calls).toBe(2);
  expect(deaf.signals[1]?.aborted).toBe(true);
});

test("a reader in no hurry is not a stall", async () => {
  const { clock, policy } = world({ stallTimeout: 800 });
  const stream = await holdfastChatModel(policy, new Deaf("a", "b", "c")).stream("x");
  const reader = stream[Symbol.asyncIterator]();
  expect((await reader.next()).value?.text).toBe("a");
  await clock.pass(5_000);
  expect((await reader.next()).value?.text).toBe("b");
  await reader.return?.();
});

test("a deadline ends the call", async () => {
  const { clock, policy } = world({ deadline: 2_000, attemptTimeout: 1_500 });
  const ended = holdfastChatModel(policy, new Deaf())
    .invoke("x", { holdfast: { deadline: 700 } })
    .catch((error: unknown) => error);
  await clock.pass(1_000);
  expect(await ended).toMatchObject({ name: "GaveUpError", reason: "deadline" });
});
