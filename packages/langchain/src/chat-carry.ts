// The ways into a chat model, each carried by the policy: as child runs of one chain run, or flat.
import { type Executed } from "@holdfast/core";
import { type CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { type ChatModelStreamEvent } from "@langchain/core/language_models/event";
import { AIMessageChunk, type BaseMessage, isBaseMessage } from "@langchain/core/messages";
import { type ChatGeneration, ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";

import { after } from "./after.ts";
import { type Digest, eventHasContent, hasContent } from "./answer.ts";
import { type Options } from "./bind.ts";
import { carryStream, type StreamJob } from "./carry-stream.ts";
import { type ChainRun } from "./chain-run.ts";
import { type Chat, ready, type Result, watched, whole } from "./chat-attempt.ts";
import { continuedMessages, joined, openText } from "./continuation.ts";
import { finalError, interrupted } from "./gave-up.ts";
import { Line } from "./line.ts";
import { lookedAt } from "./preflight.ts";
import { spiedRun, spyOn } from "./token-spy.ts";

/** One call: what is asked, with the call options. */
export interface Asked {
  messages: BaseMessage[];
  options: Options;
}

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
  const { value } = executed.value;
  if (!(value instanceof Promise)) return { value, executed };
  try {
    return { value: await value, executed };
  } catch (error) {
    const { signal } = asked.options;
    if (signal?.aborted) throw signal.reason;
    throw givenUp(chat, asked, interrupted(chat.policy, executed.trace, error));
  }
}

function givenUp({ memory }: Chat, asked: Asked, error: unknown): unknown {
  memory.note(asked, error);
  return error;
}

/** Who served, for whoever reads the message. */
function mark(message: BaseMessage, { target, trace, degraded }: Executed<unknown>): void {
  const holdfast: { attempts: number; target?: string; degraded?: true } = {
    attempts: trace.attempts.length,
  };
  if (target) holdfast.target = target.name;
  if (degraded) holdfast.degraded = true;
  message.response_metadata = { ...message.response_metadata, holdfast };
}

/** A policy's last resort as a message. */
function resortMessage(value: unknown): AIMessageChunk {
  if (value instanceof AIMessageChunk) return value;
  if (!isBaseMessage(value)) return new AIMessageChunk({ content: String(value) });
  const { content, additional_kwargs, response_metadata, id } = value;
  return new AIMessageChunk({
    content,
    additional_kwargs,
    response_metadata,
    ...(id ? { id } : {}),
  });
}

/** `invoke`: every attempt is a child run. */
export async function carryInvoke(
  chat: Chat,
  asked: Asked,
  run: ChainRun,
): Promise<AIMessageChunk> {
  const { policy, memory } = chat;
  memory.recall(asked);
  const call = lookedAt(chat, asked, false);
  const execution = policy.execute<Result<AIMessageChunk>>((target, context) => {
    const callbacks = run.child(context.attempt);
    const own = { ...asked.options, ...(callbacks ? { callbacks } : {}), signal: context.signal };
    return after(ready(chat, own, { target, context }), ({ model, messages, options, digest }) => {
      const spy = spyOn(callbacks, model);
      if (!spy) return whole(model.invoke(messages, options), { digest });
      const line = new Line(context, call.signal);
      options.signal = line.signal;
      return watched(model.invoke(messages, options), { spy, digest, policy, line });
    });
  }, call);
  const { value, executed } = await finish(chat, asked, execution);
  const message = executed.degraded ? resortMessage(value) : value;
  mark(message, executed);
  return message;
}

/** The part of a stream's job that is the same for chunks of every sort. */
function jobOf<Chunk>(
  chat: Chat,
  asked: Asked,
): Pick<StreamJob<Chunk>, "policy" | "options" | "onGivenUp"> {
  const { policy, memory } = chat;
  memory.recall(asked);
  return {
    policy,
    options: lookedAt(chat, asked, true),
    onGivenUp: (error) => memory.note(asked, error),
  };
}

/** `stream`: every attempt is a child run. */
export function carryMessages(
  chat: Chat,
  asked: Asked,
  run: ChainRun,
): AsyncGenerator<AIMessageChunk> {
  return carryStream(messageJob(chat, asked, { run }));
}

/** Whose child runs the attempts are, and the text that they go on with. */
interface Around {
  run: ChainRun;
  text?: string;
}

function messageJob(chat: Chat, asked: Asked, { run, text }: Around): StreamJob<AIMessageChunk> {
  return {
    ...jobOf(chat, asked),
    open: async (target, context, signal) => {
      const callbacks = run.child(context.attempt);
      const own = { ...asked.options, ...(callbacks ? { callbacks } : {}), signal };
      const { model, messages, options, digest } = await ready(chat, own, { target, context });
      const before = text === undefined ? messages : continuedMessages(messages, text);
      const chunks = model._streamIterator(before, options);
      return { chunks: text === undefined ? chunks : joined(chunks, text), digest };
    },
    hasContent,
    note: (digest, chunk) => digest.add(chunk),
    lastResort: (value) => [resortMessage(value)],
    // Metadata of chunks is joined as texts are: only the first may say who served.
    ...(text === undefined ? { onServed: (executed, first) => mark(first, executed) } : {}),
    goOn: (written) => {
      const so = openText(written);
      return so === undefined ? undefined : messageJob(chat, asked, { run, text: so });
    },
  };
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
    return after(ready(chat, own, { target, context }), ({ model, messages, options, digest }) => {
      const reading = { digest, note: noteResult };
      const { spy, seen } = spiedRun(manager, model);
      if (!spy) return whole(model._generate(messages, options, seen), reading);
      const line = new Line(context, call.signal);
      options.signal = line.signal;
      return watched(model._generate(messages, options, seen), { spy, policy, line, ...reading });
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

function noteGeneration(digest: Digest, { message, generationInfo }: ChatGeneration): void {
  digest.hear(generationInfo);
  digest.add(message);
}

/** Chunks of a flat stream. */
export function carryChunks(
  chat: Chat,
  asked: Asked,
  manager: CallbackManagerForLLMRun | undefined,
): AsyncGenerator<ChatGenerationChunk> {
  return carryStream(chunkJob(chat, asked, { manager }));
}

/** Whose run it is, and the text that an attempt goes on with. */
interface Within {
  manager: CallbackManagerForLLMRun | undefined;
  text?: string;
}

function chunkJob(
  chat: Chat,
  asked: Asked,
  { manager, text }: Within,
): StreamJob<ChatGenerationChunk> {
  return {
    ...jobOf(chat, asked),
    open: async (target, context, signal) => {
      const own = { ...asked.options, signal };
      const { model, messages, options, digest } = await ready(chat, own, { target, context });
      if (text === undefined)
        return { chunks: model._streamResponseChunks(messages, options, manager), digest };
      // What only repeats the end of the answer is no token for the run.
      const chunks = model._streamResponseChunks(continuedMessages(messages, text), options);
      return { chunks: told(joined(chunks, text), manager), digest };
    },
    hasContent: ({ message }) => hasContent(message),
    note: noteGeneration,
    lastResort: (value) => {
      const message = resortMessage(value);
      return [new ChatGenerationChunk({ text: message.text, message })];
    },
    ...(text === undefined
      ? { onServed: (executed, { message }: ChatGenerationChunk) => mark(message, executed) }
      : {}),
    goOn: (written) => {
      const so = openText(written);
      return so === undefined ? undefined : chunkJob(chat, asked, { manager, text: so });
    },
  };
}

async function* told(
  chunks: AsyncIterable<ChatGenerationChunk>,
  manager: CallbackManagerForLLMRun | undefined,
): AsyncGenerator<ChatGenerationChunk> {
  for await (const chunk of chunks) {
    const place = { prompt: 0, completion: 0 };
    if (chunk.text)
      await manager?.handleLLMNewToken(chunk.text, place, undefined, undefined, undefined, {
        chunk,
      });
    yield chunk;
  }
}

/** Events of `streamEvents` in its newest form. */
export function carryEvents(
  chat: Chat,
  asked: Asked,
  manager: CallbackManagerForLLMRun | undefined,
): AsyncGenerator<ChatModelStreamEvent> {
  return carryStream<ChatModelStreamEvent>({
    ...jobOf(chat, asked),
    open: async (target, context, signal) => {
      const own = { ...asked.options, signal };
      const { model, messages, options, digest } = await ready(chat, own, { target, context });
      return { chunks: model._streamChatModelEvents(messages, options, manager), digest };
    },
    hasContent: eventHasContent,
    note: (digest, event) => digest.addEvent(event),
    lastResort: (value) => resortEvents(resortMessage(value).text),
  });
}

function resortEvents(text: string): ChatModelStreamEvent[] {
  const content = { type: "text", text } as const;
  return [
    { event: "message-start" },
    { event: "content-block-start", index: 0, content: { type: "text", text: "" } },
    { event: "content-block-delta", index: 0, delta: { type: "text-delta", text } },
    { event: "content-block-finish", index: 0, content },
    { event: "message-finish", reason: "stop" },
  ];
}
