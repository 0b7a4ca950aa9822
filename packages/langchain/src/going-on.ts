// Models that go on: with what another one began, or in the run in which they broke.
import { type CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { type ChatModelStreamEvent } from "@langchain/core/language_models/event";
import { type AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { concat } from "@langchain/core/utils/stream";

import { type Digest } from "./answer.ts";
import { type Options } from "./bind.ts";
import { leave } from "./carry-stream.ts";
import { type Broken, joined } from "./continuation.ts";
import { uncut } from "./event-continuation.ts";
import { cutError } from "./gave-up.ts";
import { type Line } from "./line.ts";

type Ways = Pick<BaseChatModel, "_generate" | "_streamResponseChunks" | "_streamChatModelEvents">;

/** The model with these ways of its own; what its class adds to LangChain's runs on the model itself. */
function withWays(model: BaseChatModel, ways: Partial<Ways>): BaseChatModel {
  const base = BaseChatModel.prototype as unknown as Record<PropertyKey, unknown>;
  return new Proxy(model, {
    get(target, name) {
      if (Object.hasOwn(ways, name)) return ways[name as keyof Ways];
      const value: unknown = Reflect.get(target, name, target);
      // A private field is not to be seen through a proxy.
      const own = typeof value === "function" && name !== "constructor" && value !== base[name];
      return own ? (value.bind(target) as unknown) : value;
    },
  });
}

function streams(model: BaseChatModel): boolean {
  const base = BaseChatModel.prototype;
  return model._streamResponseChunks !== base._streamResponseChunks && !model.disableStreaming;
}

/** Tells a run each part of a stream as its next token. */
async function* told(
  chunks: AsyncIterable<ChatGenerationChunk>,
  manager: CallbackManagerForLLMRun | undefined,
): AsyncGenerator<ChatGenerationChunk> {
  for await (const chunk of chunks) {
    const place = { prompt: 0, completion: 0 };
    const fields = { chunk };
    if (chunk.text)
      await manager?.handleLLMNewToken(chunk.text, place, undefined, undefined, undefined, fields);
    yield chunk;
  }
}

/** What a model says, from one that cannot stream in one part. */
async function* said(
  model: BaseChatModel,
  ...[messages, options]: Parameters<BaseChatModel["_generate"]>
): AsyncGenerator<ChatGenerationChunk> {
  if (streams(model)) {
    yield* model._streamResponseChunks(messages, options);
    return;
  }
  const [first] = (await model._generate(messages, options)).generations;
  if (!first) return;
  const { content, additional_kwargs, response_metadata, ...more } = first.message as AIMessage;
  const calls = more.tool_calls ? { tool_calls: more.tool_calls } : {};
  const usage = more.usage_metadata ? { usage_metadata: more.usage_metadata } : {};
  const fields = { content, additional_kwargs, response_metadata, ...calls, ...usage };
  yield new ChatGenerationChunk({ text: first.text, message: new AIMessageChunk(fields) });
}

/**
 * The model as one that goes on with an answer: what only repeats the end of it is nobody's to see, and no token.
 * `silent`: none of it is one for the model's own run.
 */
export function goingOn(
  model: BaseChatModel,
  broken: Broken,
  { silent = false }: { silent?: boolean } = {},
): BaseChatModel {
  const _streamResponseChunks: Ways["_streamResponseChunks"] = (messages, options, manager) =>
    told(joined(said(model, messages, options), broken), silent ? undefined : manager);
  return withWays(model, { _streamResponseChunks, disableStreaming: false } as Partial<Ways>);
}

/** LangChain's own way from parts to events. */
export function asEvents(
  chunks: AsyncIterable<ChatGenerationChunk>,
  ...[messages, options]: Parameters<BaseChatModel["_generate"]>
): AsyncGenerator<ChatModelStreamEvent> {
  const model = { _streamResponseChunks: () => chunks };
  return BaseChatModel.prototype._streamChatModelEvents.call(model, messages, options);
}

/** What follows a stream that broke after its first content; absent where nothing can. */
export type Rest<Chunk> = (written: Chunk[], error: unknown) => AsyncIterable<Chunk> | undefined;

/** An attempt that may be gone on with in its own run. */
export interface Mendable {
  line: Line;
  digest: Digest;
  restOfChunks: Rest<ChatGenerationChunk>;
  restOfEvents: Rest<ChatModelStreamEvent>;
}

async function* withRest<Chunk>(
  chunks: AsyncIterable<Chunk>,
  { line, digest }: Mendable,
  restOf: Rest<Chunk>,
): AsyncGenerator<Chunk> {
  const written: Chunk[] = [];
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: AsyncIterable<Chunk> | undefined;
  try {
    for (;;) {
      const next = await line.wait(iterator.next());
      if (next.done) break;
      written.push(next.value);
      yield next.value;
    }
    if (!digest.cut) return;
    rest = restOf(written, cutError());
  } catch (error) {
    rest = restOf(written, error);
    if (!rest) throw error;
  } finally {
    leave(iterator);
  }
  if (rest) yield* rest;
}

/**
 * The model as one whose run goes on when its stream breaks inside `invoke`: whoever listens hears one answer. Absent
 * where the model does not stream, or has an `invoke` of its own.
 */
export function mending(model: BaseChatModel, mendable: Mendable): BaseChatModel | undefined {
  if (!streams(model) || model.invoke !== BaseChatModel.prototype.invoke) return undefined;
  const { line, digest, restOfChunks, restOfEvents } = mendable;
  const at = (options: Options): Options => ({ ...options, signal: line.signal });
  const ways: Ways = {
    _streamResponseChunks: (messages, options, manager) =>
      withRest(
        model._streamResponseChunks(messages, at(options), manager),
        mendable,
        (...broke) => {
          const rest = restOfChunks(...broke);
          return rest && told(rest, manager);
        },
      ),
    _streamChatModelEvents: (messages, options, manager) =>
      withRest(
        uncut(model._streamChatModelEvents(messages, at(options), manager), digest),
        mendable,
        restOfEvents,
      ),
    _generate: (messages, options, manager) =>
      collected(ways._streamResponseChunks(messages, options, manager)),
  };
  return withWays(model, ways);
}

async function collected(chunks: AsyncIterable<ChatGenerationChunk>): Promise<ChatResult> {
  let whole: ChatGenerationChunk | undefined;
  for await (const chunk of chunks) whole = whole ? concat(whole, chunk) : chunk;
  return { generations: whole ? [whole] : [] };
}
