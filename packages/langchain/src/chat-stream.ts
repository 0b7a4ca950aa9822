// The streams of a chat model: messages whose attempts are child runs, chunks and events of one run.
import { type Executed } from "@holdfast/core";
import { type CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { type ChatModelStreamEvent } from "@langchain/core/language_models/event";
import { type AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { type ChatGeneration, ChatGenerationChunk } from "@langchain/core/outputs";

import { type Digest, eventHasContent, hasContent } from "./answer.ts";
import { carryStream, type StreamJob } from "./carry-stream.ts";
import { type ChainRun } from "./chain-run.ts";
import { type Asked, type Chat, ready, type Ready } from "./chat-attempt.ts";
import { type Broken, brokenAnswer, continuedMessages } from "./continuation.ts";
import { brokenEvents, type BrokenEvents, retold, uncut } from "./event-continuation.ts";
import { asEvents, goingOn } from "./going-on.ts";
import { lookedAt } from "./preflight.ts";
import { mark, resortMessage } from "./served.ts";

/** Whose runs the attempts of a stream are. */
export interface Within {
  /** Each attempt is a child run of this one. */
  run?: ChainRun | undefined;
  /** Or all of them are this one run. */
  manager?: CallbackManagerForLLMRun | undefined;
  /** Whether the tokens of a child run are another run's to tell. */
  silent?: boolean;
  /** The message whose events are told, when a run knows better than they do. */
  messageId?: () => string | undefined;
  /** Told who goes on with an answer. */
  onServed?: (executed: Executed<unknown>) => void;
}

/** With what an attempt begins: nothing, or an answer that broke off. */
type Beginning<So extends Broken = Broken> = Within & { broken?: So };

/** The part of a stream's job that is the same for chunks of every sort. */
function jobOf(
  chat: Chat,
  asked: Asked,
): Pick<StreamJob<unknown>, "policy" | "options" | "onGivenUp"> {
  const { policy, memory } = chat;
  memory.recall(asked);
  return {
    policy,
    options: lookedAt(chat, asked, true),
    onGivenUp: (error) => memory.note(asked, error),
  };
}

type At = Parameters<StreamJob<unknown>["open"]>;

async function readyAt(
  chat: Chat,
  asked: Asked,
  { at: [target, context, signal], run, silent, broken }: Beginning & { at: At },
): Promise<Ready> {
  const callbacks = run?.child(context.attempt);
  const own = { ...asked.options, ...(callbacks ? { callbacks } : {}), signal };
  const made = await ready(chat, own, { target, context });
  if (!broken) return made;
  return {
    ...made,
    model: goingOn(made.model, broken, { silent: silent === true }),
    messages: continuedMessages(made.messages, broken.text),
  };
}

/** Metadata of chunks is joined as texts are: only the first may say who served. */
function onServed<Chunk>(
  { broken, onServed: heard }: Beginning,
  messageOf: (chunk: Chunk) => BaseMessage,
): Pick<StreamJob<Chunk>, "onServed"> {
  if (!broken) return { onServed: (executed, first) => mark(messageOf(first), executed) };
  return heard ? { onServed: heard } : {};
}

function messageJob(chat: Chat, asked: Asked, beginning: Beginning): StreamJob<AIMessageChunk> {
  return {
    ...jobOf(chat, asked),
    open: async (...at) => {
      const { model, messages, options, digest } = await readyAt(chat, asked, { ...beginning, at });
      return { chunks: model._streamIterator(messages, options), digest };
    },
    hasContent,
    note: (digest, chunk) => digest.add(chunk),
    lastResort: (value) => [resortMessage(value)],
    ...onServed(beginning, (message: AIMessageChunk) => message),
    goOn: (written) => {
      const broken = brokenAnswer(written);
      return broken && messageJob(chat, asked, { ...beginning, broken });
    },
  };
}

/** Chunks as a run is made of them. */
export function chunkJob(
  chat: Chat,
  asked: Asked,
  beginning: Beginning,
): StreamJob<ChatGenerationChunk> {
  return {
    ...jobOf(chat, asked),
    open: async (...at) => {
      const made = await readyAt(chat, asked, { ...beginning, at });
      return { chunks: chunksOf(made, beginning), digest: made.digest };
    },
    hasContent: ({ message }) => hasContent(message),
    note: noteGeneration,
    lastResort: (value) => {
      const message = resortMessage(value);
      return [new ChatGenerationChunk({ text: message.text, message })];
    },
    ...onServed(beginning, ({ message }: ChatGenerationChunk) => message),
    goOn: (written) => {
      const broken = brokenAnswer(written);
      return broken && chunkJob(chat, asked, { ...beginning, broken });
    },
  };
}

function chunksOf(
  { model, messages, options }: Ready,
  { run, manager }: Within,
): AsyncGenerator<ChatGenerationChunk> {
  return run
    ? asChunks(model._streamIterator(messages, options))
    : model._streamResponseChunks(messages, options, manager);
}

async function* asChunks(
  messages: AsyncIterable<AIMessageChunk>,
): AsyncGenerator<ChatGenerationChunk> {
  for await (const message of messages)
    yield new ChatGenerationChunk({ text: message.text, message });
}

/** Takes in a part of an answer as a run is made of them. */
export function noteGeneration(digest: Digest, { message, generationInfo }: ChatGeneration): void {
  digest.hear(generationInfo);
  digest.add(message);
}

/** Events of `streamEvents` in its newest form. */
export function eventJob(
  chat: Chat,
  asked: Asked,
  beginning: Beginning<BrokenEvents>,
): StreamJob<ChatModelStreamEvent> {
  const { broken, manager } = beginning;
  return {
    ...jobOf(chat, asked),
    open: async (...at) => {
      const made = await readyAt(chat, asked, { ...beginning, at });
      const { model, messages, options, digest } = made;
      if (!broken) {
        const events = model._streamChatModelEvents(messages, options, manager);
        return { chunks: uncut(events, digest), digest };
      }
      const events = asEvents(chunksOf(made, beginning), messages, options);
      return { chunks: retold(uncut(events, digest), broken, digest), digest };
    },
    hasContent: eventHasContent,
    note: (digest, event) => digest.addEvent(event),
    lastResort: (value) => resortEvents(resortMessage(value).text),
    ...(broken && beginning.onServed ? { onServed: beginning.onServed } : {}),
    goOn: (written) => {
      const so = brokenEvents(written);
      const id = so?.id ?? beginning.messageId?.();
      return so && eventJob(chat, asked, { ...beginning, broken: { ...so, id } });
    },
  };
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

/** `stream`: every attempt is a child run. */
export function carryMessages(
  chat: Chat,
  asked: Asked,
  run: ChainRun,
): AsyncGenerator<AIMessageChunk> {
  return carryStream(messageJob(chat, asked, { run }));
}

/** Chunks of a flat stream. */
export function carryChunks(
  chat: Chat,
  asked: Asked,
  manager: CallbackManagerForLLMRun | undefined,
): AsyncGenerator<ChatGenerationChunk> {
  return carryStream(chunkJob(chat, asked, { manager }));
}

/** Events of a flat stream. */
export function carryEvents(
  chat: Chat,
  asked: Asked,
  manager: CallbackManagerForLLMRun | undefined,
): AsyncGenerator<ChatModelStreamEvent> {
  return carryStream(eventJob(chat, asked, { manager }));
}
