// Going on with an answer that is told in events: what follows is told as if nothing had broken.
import { type ChatModelStreamEvent } from "@langchain/core/language_models/event";

import { type Digest, isThought } from "./answer.ts";
import { type Broken } from "./continuation.ts";
import { cutError } from "./gave-up.ts";

/** An answer that broke off while its events were told. */
export interface BrokenEvents extends Broken {
  /** Blocks that were begun and not finished; the answer goes on in the last one that has text. */
  open: Block[];
  /** The first index that no block has. */
  next: number;
}

type BlockEvent = Extract<ChatModelStreamEvent, { index: number }>;
type Content = Extract<BlockEvent, { content: unknown }>["content"];

/** A block as far as it was told. */
interface Block {
  index: number;
  content: Content & { text?: string; reasoning?: string };
}

/** The block after an event; absent when it is neither text nor a thought. */
function blockAfter(event: BlockEvent, before: Block | undefined): Block | undefined {
  const { index } = event;
  if (event.event !== "content-block-delta") {
    const { content } = event;
    return content.type === "text" || isThought(content) ? { index, content } : undefined;
  }
  const { content } = before ?? {};
  const { delta } = event;
  if (!content || delta.type === "data-delta" || delta.type === "tool-call-delta") return undefined;
  if (delta.type === "block-delta") return { index, content: { ...content, ...delta.fields } };
  return delta.type === "text-delta"
    ? { index, content: { ...content, text: (content.text ?? "") + delta.text } }
    : { index, content: { ...content, reasoning: (content.reasoning ?? "") + delta.reasoning } };
}

const textOf = ({ content }: Block): string => (isThought(content) ? "" : (content.text ?? ""));

/** What was told, when text and thoughts are all of it; else it cannot be gone on with. */
export function brokenEvents(written: readonly ChatModelStreamEvent[]): BrokenEvents | undefined {
  const blocks = new Map<number, Block>();
  const open = new Set<number>();
  let id: string | undefined;
  for (const event of written) {
    if (event.event === "message-finish") return undefined;
    if (event.event === "message-start") id = event.id;
    if (!("index" in event)) continue;
    const block = blockAfter(event, blocks.get(event.index));
    if (!block) return undefined;
    blocks.set(event.index, block);
    if (event.event === "content-block-finish") open.delete(event.index);
    else open.add(event.index);
  }
  const text = [...blocks.values()].map(textOf).join("");
  if (text === "") return undefined;
  const unfinished = [...blocks.values()].filter(({ index }) => open.has(index));
  return { text, id, open: unfinished, next: Math.max(...blocks.keys()) + 1 };
}

/** The events of the rest, told as the rest of the message that was begun. */
export async function* retold(
  events: AsyncIterable<ChatModelStreamEvent>,
  { open, next }: BrokenEvents,
  digest: Digest,
): AsyncGenerator<ChatModelStreamEvent> {
  const unfinished = new Map(open.map((one) => [one.index, one]));
  const block = open.findLast(({ content }) => !isThought(content));
  for await (const event of events) {
    if (event.event === "message-start") continue;
    if (event.event === "message-finish") {
      for (const one of unfinished.values()) yield finishOf(one);
      yield digest.finishReason === "MAX_TOKENS" ? { ...event, reason: "length" } : event;
    } else if (!block || !("index" in event)) yield moved(event, next);
    else if (event.index > 0) yield moved(event, next - 1);
    else if (event.event === "content-block-delta") yield moved(event, block.index);
    else if (event.event === "content-block-finish") {
      const text = textOf(block) + textOf(event);
      unfinished.set(block.index, { index: block.index, content: { ...block.content, text } });
    }
  }
}

function moved(event: ChatModelStreamEvent, by: number): ChatModelStreamEvent {
  return "index" in event ? { ...event, index: event.index + by } : event;
}

function finishOf({ index, content }: Block): ChatModelStreamEvent {
  return { event: "content-block-finish", index, content };
}

/** Keeps back the end of a message that breaks off there: the packages tell it as a good one. */
export async function* uncut(
  events: AsyncIterable<ChatModelStreamEvent>,
  digest: Digest,
): AsyncGenerator<ChatModelStreamEvent> {
  let finishes: ChatModelStreamEvent[] = [];
  for await (const event of events) {
    if (event.event === "content-block-finish") {
      finishes.push(event);
      continue;
    }
    if (event.event === "message-finish" && digest.cut) throw cutError();
    yield* finishes;
    finishes = [];
    yield event;
  }
  yield* finishes;
}
