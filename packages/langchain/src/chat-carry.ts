// Whole answers of a chat model, each carried by the policy: as child runs of one chain run, or flat.
import { type Executed, GaveUpError } from "@holdfast/core";
import { type CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { type AIMessageChunk } from "@langchain/core/messages";
import { type ChatResult } from "@langchain/core/outputs";

import { after } from "./after.ts";
import { type Digest } from "./answer.ts";
import { type ChainRun } from "./chain-run.ts";
import { type Asked, type Chat, ready, type Result, whole } from "./chat-attempt.ts";
import { noteGeneration } from "./chat-stream.ts";
import { finalError, interrupted } from "./gave-up.ts";
import { lookedAt } from "./preflight.ts";
import { mark, resortMessage } from "./served.ts";
import { spiedRun, spyOn } from "./token-spy.ts";
import { type Watching, watched } from "./watched.ts";

/** What a call came to. */
interface Finished<T> {
  value: T;
  executed: Executed<unknown>;
}

/** Awaits what was executed, and what is still to come of it. */
async function finish<T>(
  chat: Chat,
  asked: Asked,
  execution: Promise<Executed<Result<T>>>,
): Promise<Finished<T>> {
  let executed: Executed<Result<T>>;
  try {
    executed = await execution;
  } catch (error) {
    throw givenUp(chat, asked, finalError(error));
  }
  if (executed.degraded) return { value: executed.value as T, executed };
  const { value, served } = executed.value;
  if (!(value instanceof Promise)) return { value, executed };
  try {
    const answer = await value;
    return { value: answer, executed: served?.() ?? executed };
  } catch (error) {
    const { signal } = asked.options;
    if (signal?.aborted) throw signal.reason;
    if (GaveUpError.isInstance(error)) throw error;
    throw givenUp(chat, asked, interrupted(chat.policy, executed.trace, error));
  }
}

function givenUp({ memory }: Chat, asked: Asked, error: unknown): unknown {
  memory.note(asked, error);
  return error;
}

const asMessage = (digest: Digest, value: unknown): void => digest.add(value);

/** `invoke`: every attempt is a child run. */
export async function carryInvoke(
  chat: Chat,
  asked: Asked,
  run: ChainRun,
): Promise<AIMessageChunk> {
  const { policy, memory } = chat;
  memory.recall(asked);
  const call = lookedAt(chat, asked, false);
  const watching: Watching<AIMessageChunk> = {
    chat,
    asked,
    call,
    within: { run },
    execution: () => execution,
    ask: (model, { messages, options }) => model.invoke(messages, options),
    note: asMessage,
  };
  const execution = policy.execute<Result<AIMessageChunk>>((target, context) => {
    const callbacks = run.child(context.attempt);
    const own = { ...asked.options, ...(callbacks ? { callbacks } : {}), signal: context.signal };
    return after(ready(chat, own, { target, context }), (made) => {
      const { model, messages, options, digest } = made;
      const spy = spyOn(callbacks, model);
      return spy
        ? watched(watching, { made, context, spy })
        : whole(model.invoke(messages, options), { digest });
    });
  }, call);
  const { value, executed } = await finish(chat, asked, execution);
  const message = executed.degraded ? resortMessage(value) : value;
  mark(message, executed);
  return message;
}

/** `generate` without child runs: one run, whoever serves. */
export async function carryGenerate(
  chat: Chat,
  asked: Asked,
  manager?: CallbackManagerForLLMRun,
): Promise<ChatResult> {
  const { policy, memory } = chat;
  memory.recall(asked);
  const call = lookedAt(chat, asked, false);
  const execution = policy.execute<Result<ChatResult>>((target, context) => {
    const own = { ...asked.options, signal: context.signal };
    return after(ready(chat, own, { target, context }), (made) => {
      const { model, messages, options, digest } = made;
      const { spy, seen } = spiedRun(manager, model);
      if (!spy)
        return whole(model._generate(messages, options, seen), { digest, note: noteResult });
      const watching: Watching<ChatResult> = {
        chat,
        asked,
        call,
        within: {},
        execution: () => execution,
        ask: (asking) => asking._generate(messages, options, seen),
        note: noteResult,
      };
      return watched(watching, { made, context, spy });
    });
  }, call);
  const { value, executed } = await finish(chat, asked, execution);
  const result = executed.degraded ? resortResult(value) : value;
  const [first] = result.generations;
  if (first) mark(first.message, executed);
  return result;
}

function resortResult(value: unknown): ChatResult {
  const message = resortMessage(value);
  return { generations: [{ text: message.text, message }] };
}

function noteResult(digest: Digest, { generations, llmOutput }: ChatResult): void {
  digest.hear(llmOutput);
  const [first] = generations;
  if (first) noteGeneration(digest, first);
}
