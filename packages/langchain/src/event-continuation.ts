// Going on with an answer that is told in events: what follows is told as if nothing had broken.
import { type ChatModelStreamEvent } from "@langchain/core/language_models/event";

import { type Digest } from "./answer.ts";
import { type Broken } from "./continuation.ts";
import { cutError } from "./gave-up.ts";

/** An answer that broke off while its events were told. */
export interface BrokenEvents extends Broken {
  /** Blocks that were begun and not finished; the answer goes on in the last one. */
  open: Block[];
  /** The first index that no block has. */
  next: number;
}

interface Block {
  index: number;
  text: string;
}

type BlockEvent = Extract<ChatModelStreamEvent, { index: number }>;

/** The text that an event brings, and the text of its block so far; `undefined` when it brings something else. */
function textAfter(event: BlockEvent, before: string): string | undefined {
  if (event.event === "content-block-delta")
    return event.delta.type === "text-delta" ? before + event.delta.text : undefined;
  return event.content.type === "text" ? textOf(event.content) : undefined;
}

function textOf(content: object): string {
  return (content as { text?: string }).text ?? "";
}

/** What was told, when text is all of it; else it cannot be gone on with. */
export function brokenEvents(written: readonly ChatModelStreamEvent[]): BrokenEvents | undefined {
  const texts = new Map<number, string>();
  const open = new Set<number>();
  let id: string | undefined;
  for (const event of written) {
    if (event.event === "message-finish") return undefined;
    if (event.event === "message-start") id = event.id;
    if (!("index" in event)) continue;
    const text = textAfter(event, texts.get(event.index) ?? "");
    if (text === undefined) return undefined;
    texts.set(event.index, text);
    if (event.event === "content-block-finish") open.delete(event.index);
    else open.add(event.index);
  }
  const text = [...texts.values()].join("");
  if (text === "") return undefined;
  const blocks = [...open].map((index) => ({ index, text: texts.get(index) ?? "" }));
  return { text, id, open: blocks, next: Math.max(...texts.keys()) + 1 };
}

/** The events of the rest, told as the rest of the message that was begun. */
export async function* retold(
  events: AsyncIterable<ChatModelStreamEvent>,
  { open, next }: BrokenEvents,
  digest: Digest,
): AsyncGenerator<ChatModelStreamEvent> {
  const unfinished = new Map(open.map((one) => [one.index, one]));
  const block = open.at(-1);
  for await (const event of events) {
    if (event.event === "message-start") continue;
    if (event.event === "message-finish") {
      for (const one of unfinished.values()) yield finishOf(one);
      yield digest.finishReason === "MAX_TOKENS" ? { ...event, reason: "length" } : event;
    } else if (!block || !("index" in event)) yield moved(event, next);
    else if (event.index > 0) yield moved(event, next - 1);
    else if (event.event === "content-block-delta") yield moved(event, block.index);
    else if (event.event === "content-block-finish")
      unfinished.set(block.index, { ...block, text: block.text + textOf(event.content) });
  }
}

function moved(event: ChatModelStreamEvent, by: number): ChatModelStreamEvent {
  return "index" in event ? { ...event, index: event.index + by } : event;
}

function finishOf({ index, text }: Block): ChatModelStreamEvent {
  return { event: "content-block-finish", index, content: { type: "text", text } };
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
