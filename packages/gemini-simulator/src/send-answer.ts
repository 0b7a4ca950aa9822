import { type ServerResponse } from "node:http";

import { type Answer } from "./answer.ts";
import { type Clock } from "./clock.ts";

/** Sends an answer over a socket, in its own time, broken connections included. Never rejects. */
export async function sendAnswer(
  answer: Answer,
  outgoing: ServerResponse,
  { clock, stopped }: { clock: Clock; stopped: AbortSignal },
): Promise<void> {
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  try {
    await send(answer, outgoing, { clock, signal: AbortSignal.any([stopped, gone.signal]) });
  } catch {
    // Whoever asked has gone, or the simulator stops: there is nobody left to tell.
    outgoing.destroy();
  }
}

async function send(
  { delay, head, chunks, ending }: Answer,
  outgoing: ServerResponse,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<void> {
  if (delay > 0) await clock.sleep(delay, signal);
  if (head !== undefined) {
    const whole = ending === "complete" && chunks.length <= 1;
    const length = whole ? { "content-length": Buffer.byteLength(chunks[0]?.text ?? "") } : {};
    outgoing.writeHead(head.status, { ...head.headers, ...length });
  }
  for (const chunk of chunks) {
    if (chunk.delay > 0) await clock.sleep(chunk.delay, signal);
    outgoing.write(chunk.text);
  }
  if (ending === "complete") outgoing.end();
  else if (ending === "hang") await untilAborted(signal);
  else await cut(outgoing);
}

/** A reset of the connection, after what was written has left. */
function cut(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const { socket } = outgoing;
    const finish = (): void => {
      socket?.resetAndDestroy();
      resolve();
    };
    if (outgoing.headersSent) outgoing.write("", finish);
    else finish();
  });
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
