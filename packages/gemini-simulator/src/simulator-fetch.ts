import { type Answer } from "./answer.ts";
import { type Clock } from "./clock.ts";
import { type Gemini } from "./gemini.ts";
import { type GeminiRequest } from "./request.ts";

/**
 * A `fetch` that asks a simulated Gemini, in the time of a clock and without a socket. Failures look as those of
 * Node's own fetch: `TypeError: fetch failed` before the headers, `TypeError: terminated` in the body.
 */
export function simulatorFetch(gemini: Gemini, clock: Clock): typeof fetch {
  gemini.start(clock.wall());
  return async function fetch(input, init) {
    const signal =
      init?.signal ?? (input instanceof Request ? input.signal : undefined) ?? undefined;
    signal?.throwIfAborted();
    const request = await readRequest(input, init);
    const answer = gemini.handle(request, clock.wall());
    if (answer.delay > 0) await clock.sleep(answer.delay, signal);
    if (answer.head === undefined) return failWithoutHead(answer, signal);
    return new Response(bodyOf(answer, clock, signal), answer.head);
  };
}

async function readRequest(
  input: string | URL | Request,
  init: RequestInit | undefined,
): Promise<GeminiRequest> {
  const { body } = init ?? {};
  if (
    !(input instanceof Request) &&
    (typeof body === "string" || body === undefined || body === null)
  ) {
    const headers = plainHeaders(init?.headers);
    return { method: init?.method ?? "GET", url: String(input), headers, body: body ?? "" };
  }
  const request = new Request(input, init);
  const headers = Object.fromEntries(request.headers);
  return { method: request.method, url: request.url, headers, body: await request.text() };
}

function plainHeaders(headers: RequestInit["headers"]): Record<string, string> {
  if (headers === undefined) return {};
  const entries =
    headers instanceof Headers || Array.isArray(headers) ? [...headers] : Object.entries(headers);
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
}

function failWithoutHead({ ending }: Answer, signal: AbortSignal | undefined): Promise<never> {
  if (ending === "hang") return untilAborted(signal);
  const [code, message] =
    ending === "refused"
      ? ["ECONNREFUSED", "connect ECONNREFUSED"]
      : ["ECONNRESET", "read ECONNRESET"];
  return Promise.reject(new TypeError("fetch failed", { cause: systemError(message, code) }));
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function systemError(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

function bodyOf(
  answer: Answer,
  clock: Clock,
  signal: AbortSignal | undefined,
): string | ReadableStream<Uint8Array> {
  const [only] = answer.chunks;
  const plain =
    answer.ending === "complete" && answer.chunks.length <= 1 && (only?.delay ?? 0) === 0;
  return plain ? (only?.text ?? "") : streamOf(answer, clock, signal);
}

function streamOf(
  { chunks, ending }: Answer,
  clock: Clock,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const cancelled = new AbortController();
  const stopped =
    signal === undefined ? cancelled.signal : AbortSignal.any([signal, cancelled.signal]);
  let next = 0;
  return new ReadableStream({
    async pull(controller) {
      stopped.throwIfAborted();
      const chunk = chunks[next++];
      if (chunk !== undefined) {
        if (chunk.delay > 0) await clock.sleep(chunk.delay, stopped);
        return controller.enqueue(encoder.encode(chunk.text));
      }
      if (ending === "complete") return controller.close();
      if (ending === "hang") return untilAborted(stopped);
      throw new TypeError("terminated", { cause: systemError("read ECONNRESET", "ECONNRESET") });
    },
    cancel(reason) {
      cancelled.abort(reason);
    },
  });
}
