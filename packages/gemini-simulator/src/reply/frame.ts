import { type Answer, type Chunk, googleHeaders, jsonAnswer } from "../answer.ts";
import { completionEvents, completionOf } from "../openai/completion.ts";
import { type Call, isStreamed } from "../request.ts";
import { type TimedMessage } from "./messages.ts";

/** Puts messages on the wire, as the call expects them. */
export function frameMessages(messages: readonly TimedMessage[], call: Call): Answer {
  if (!isStreamed(call)) {
    const [first] = messages;
    const message = first?.message ?? {};
    const body = call.framing === "openai" ? completionOf(message, call.time) : message;
    return { ...jsonAnswer(200, body), delay: first?.delay ?? 0 };
  }
  const contentType =
    call.framing === "array" ? "application/json; charset=UTF-8" : "text/event-stream";
  return {
    delay: 0,
    head: { status: 200, headers: googleHeaders(contentType) },
    chunks: chunksOf(messages, call),
    ending: "complete",
  };
}

function chunksOf(messages: readonly TimedMessage[], { framing, time }: Call): Chunk[] {
  if (framing === "openai-sse") return completionEvents(messages, time);
  if (framing === "array") return arrayChunks(messages);
  return messages.map(({ delay, message }) => ({
    delay,
    text: `data: ${JSON.stringify(message)}\r\n\r\n`,
  }));
}

function arrayChunks(messages: readonly TimedMessage[]): Chunk[] {
  return messages.map(({ delay, message }, index) => {
    const open = index === 0 ? "[" : ",\r\n";
    const close = index === messages.length - 1 ? "\n]\n" : "\n";
    return { delay, text: `${open}${JSON.stringify(message, undefined, 2)}${close}` };
  });
}
