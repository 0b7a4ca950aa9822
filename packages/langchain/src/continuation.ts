// Going on with an answer that another model began: asked to repeat its end, so that the join can be verified.
import {
  AIMessage,
  type AIMessageChunk,
  type BaseMessage,
  type BaseMessageChunk,
  HumanMessage,
} from "@langchain/core/messages";
import { type ChatGenerationChunk } from "@langchain/core/outputs";

import { hasContent, isThought } from "./answer.ts";

/** Characters of the end that the next model repeats. */
const overlap = 80;

/** An answer that broke off: its text, and the message that it is. */
export interface Broken {
  text: string;
  id?: string | undefined;
}

/** A part of an answer: as `stream` hands it on, or as a model makes it. */
type Part = AIMessageChunk | ChatGenerationChunk;

const messageOf = (part: Part): BaseMessageChunk => ("message" in part ? part.message : part);

/** The text of a part, when it has nothing else but thoughts. */
function textOf(part: Part): string | undefined {
  const { content, tool_call_chunks: calls } = messageOf(part) as AIMessageChunk;
  if (calls?.length) return undefined;
  if (typeof content === "string") return content;
  let text = "";
  for (const block of content) {
    if (isThought(block)) continue;
    if (block.type !== "text" || typeof block["text"] !== "string") return undefined;
    text += block["text"];
  }
  return text;
}

/** What was handed on, when text and thoughts are all of it; else it cannot be gone on with. */
export function brokenAnswer(written: readonly Part[]): Broken | undefined {
  let text = "";
  for (const part of written) {
    if (!hasContent(messageOf(part))) continue;
    const more = textOf(part);
    if (more === undefined) return undefined;
    text += more;
  }
  const [first] = written;
  return first && text ? { text, id: messageOf(first).id } : undefined;
}

/** The conversation, with what there is of the answer and the request to go on. */
export function continuedMessages(messages: readonly BaseMessage[], text: string): BaseMessage[] {
  const request =
    "The connection broke, and your answer above was cut off. Go on exactly where it stopped. " +
    `Begin by repeating its last characters as they are, which stand between the marks: <<<${text.slice(-overlap)}>>> ` +
    "Then write on: no marks, no remark, and nothing else repeated.";
  return [...messages, new AIMessage(text), new HumanMessage(request)];
}

function setText(chunk: ChatGenerationChunk, text: string): void {
  const { message } = chunk;
  chunk.text = text;
  message.content = text;
  // `ChatGoogle` keeps the text of a part once more, and reads it from there.
  const { originalTextContentBlock: original, ...kwargs } = message.additional_kwargs;
  if (!original) return;
  const copy = text ? { originalTextContentBlock: { ...original, text } } : {};
  message.additional_kwargs = { ...kwargs, ...copy };
}

/** The stream that broke is still broken. */
function noJoin(what: string): Error {
  return Object.assign(
    new Error(`the stream stays interrupted: the model that should go on ${what}`),
    {
      name: "StreamInterruptedError",
    },
  );
}

/**
 * Hands on what follows the join, as parts of the message that broke off: the stream has to begin with the end of the
 * text, or with all of it.
 * @throws Error when it does not, so that the attempt counts as failed before anything of it was handed on
 */
export async function* joined(
  chunks: AsyncIterable<ChatGenerationChunk>,
  { text, id }: Broken,
): AsyncGenerator<ChatGenerationChunk> {
  const ends = [text.slice(-overlap), text];
  let received: string | undefined = "";
  for await (const chunk of chunks) {
    if (id !== undefined) chunk.message.id = id;
    if (received === undefined) {
      yield chunk;
      continue;
    }
    const more = textOf(chunk);
    if (more === undefined) throw noJoin("does something else");
    received += more;
    const whole: string = received;
    const end = ends.find((candidate) => whole.startsWith(candidate));
    if (end === undefined && !ends.some((candidate) => candidate.startsWith(whole)))
      throw noJoin("does not begin with the end of the answer");
    setText(chunk, end === undefined ? "" : whole.slice(end.length));
    if (end !== undefined) received = undefined;
    yield chunk;
  }
  if (received !== undefined) throw noJoin("ended before the end of the answer");
}
