import { type ServerResponse } from "node:http";

import { type Answer } from "./answer.ts";
import { type Clock } from "./clock.ts";

interface Surroundings {
  clock: Clock;
  /** Aborted when the simulator stops. */
  stopped: AbortSignal;
}

/** Sends an answer over a socket, in its own time, broken connections included. Never rejects. */
export async function sendAnswer(
  answer: Answer,
  outgoing: ServerResponse,
  { clock, stopped }: Surroundings,
): Promise<void> {
  if (isImmediate(answer)) return sendWhole(answer, outgoing);
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  try {
    await sendSlowly(answer, outgoing, { clock, stopped: AbortSignal.any([stopped, gone.signal]) });
  } catch {
    // Whoever asked has gone, or the simulator stops: there is nobody left to tell.
    outgoing.destroy();
  }
}

function isImmediate({ delay, head, chunks, ending }: Answer): boolean {
  return (
    head !== undefined &&
    ending === "complete" &&
    delay === 0 &&
    chunks.every((chunk) => chunk.delay === 0)
  );
}

function sendWhole({ head, chunks }: Answer, outgoing: ServerResponse): void {
  if (head === undefined) return;
  const [first, ...rest] = chunks;
  if (rest.length === 0) {
    outgoing.writeHead(head.status, withLength(head.headers, first?.text ?? ""));
    outgoing.end(first?.text);
    return;
  }
  outgoing.writeHead(head.status, head.headers);
  for (const { text } of chunks) outgoing.write(text);
  outgoing.end();
}

function withLength(
  headers: Record<string, string>,
  text: string,
): Record<string, string | number> {
  return { ...headers, "content-length": Buffer.byteLength(text) };
}

async function sendSlowly(
  { delay, head, chunks, ending }: Answer,
  outgoing: ServerResponse,
  { clock, stopped }: Surroundings,
): Promise<void> {
  if (delay > 0) await clock.sleep(delay, stopped);
  if (head !== undefined) {
    outgoing.writeHead(head.status, head.headers);
    outgoing.flushHeaders();
  }
  for (const chunk of chunks) {
    if (chunk.delay > 0) await clock.sleep(chunk.delay, stopped);
    outgoing.write(chunk.text);
  }
  if (ending === "complete") outgoing.end();
  else if (ending === "hang") await untilAborted(stopped);
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
