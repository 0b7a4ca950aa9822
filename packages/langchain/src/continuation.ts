// Going on with an answer that another model began: asked to repeat its end, so that the join can be verified.
import {
  AIMessage,
  type AIMessageChunk,
  type BaseMessage,
  HumanMessage,
} from "@langchain/core/messages";

import { hasContent } from "./answer.ts";

/** Characters of the end that the next model repeats. */
const overlap = 80;

/** The text of what was handed on, when text is all of it; else it cannot be gone on with. */
export function openText(written: readonly AIMessageChunk[]): string | undefined {
  let text = "";
  for (const chunk of written) {
    if (!hasContent(chunk)) continue;
    if (typeof chunk.content !== "string" || chunk.tool_call_chunks?.length) return undefined;
    text += chunk.content;
  }
  return text || undefined;
}

/** The conversation, with what there is of the answer and the request to go on. */
export function continuedMessages(messages: readonly BaseMessage[], text: string): BaseMessage[] {
  const request =
    "The connection broke, and your answer above was cut off. Go on exactly where it stopped. " +
    `Begin by repeating its last characters as they are, which stand between the marks: <<<${text.slice(-overlap)}>>> ` +
    "Then write on: no marks, no remark, and nothing else repeated.";
  return [...messages, new AIMessage(text), new HumanMessage(request)];
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
 * Hands on what follows the join: the stream has to begin with the end of the text, or with all of it.
 * @throws Error when it does not, so that the attempt counts as failed before anything of it was handed on
 */
export async function* joined(
  chunks: AsyncIterable<AIMessageChunk>,
  text: string,
): AsyncGenerator<AIMessageChunk> {
  const ends = [text.slice(-overlap), text];
  let received: string | undefined = "";
  for await (const chunk of chunks) {
    if (received === undefined) {
      yield chunk;
      continue;
    }
    if (typeof chunk.content !== "string" || chunk.tool_call_chunks?.length)
      throw noJoin("does something else");
    received += chunk.content;
    const whole: string = received;
    const end = ends.find((candidate) => whole.startsWith(candidate));
    if (end === undefined && !ends.some((candidate) => candidate.startsWith(whole)))
      throw noJoin("does not begin with the end of the answer");
    chunk.content = end === undefined ? "" : whole.slice(end.length);
    if (end !== undefined) received = undefined;
    yield chunk;
  }
  if (received !== undefined) throw noJoin("ended before the end of the answer");
}
