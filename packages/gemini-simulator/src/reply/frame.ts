import { type Answer, type Chunk, googleHeaders, jsonAnswer } from "../answer.ts";
import { type Framing } from "../request.ts";
import { type TimedMessage } from "./messages.ts";

/** Puts messages on the wire: one JSON body, server-sent events, or the pieces of a JSON array. */
export function frameMessages(messages: readonly TimedMessage[], framing: Framing): Answer {
  if (framing === "json") {
    const [first] = messages;
    return { ...jsonAnswer(200, first?.message ?? {}), delay: first?.delay ?? 0 };
  }
  const contentType = framing === "sse" ? "text/event-stream" : "application/json; charset=UTF-8";
  const chunks = framing === "sse" ? messages.map(eventChunk) : arrayChunks(messages);
  return {
    delay: 0,
    head: { status: 200, headers: googleHeaders(contentType) },
    chunks,
    ending: "complete",
  };
}

function eventChunk({ delay, message }: TimedMessage): Chunk {
  return { delay, text: `data: ${JSON.stringify(message)}\r\n\r\n` };
}

function arrayChunks(messages: readonly TimedMessage[]): Chunk[] {
  return messages.map(({ delay, message }, index) => {
    const open = index === 0 ? "[" : ",\r\n";
    const close = index === messages.length - 1 ? "\n]\n" : "\n";
    return { delay, text: `${open}${JSON.stringify(message, undefined, 2)}${close}` };
  });
}
