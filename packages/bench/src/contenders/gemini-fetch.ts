import { type Arrival } from "../arrivals.ts";
import { type Setting } from "../contender.ts";
import { textOf } from "../world/text.ts";
import { type Ask, Refused, type Reply, type World } from "../world/world.ts";

/** The prompt by which a call is known again at the server. */
export const promptOf = ({ id }: Arrival): string => `call ${id}`;

/** The key of a scenario's account, as a client is given it. */
export const keyOf = (account: string): string => `key-of-${account}`;

interface Read {
  url: URL;
  key: string;
  body: string;
  signal: AbortSignal | undefined;
}

async function read(input: string | URL | Request, init: RequestInit | undefined): Promise<Read> {
  // The body is taken as the client gave it, and not awaited where it is a string.
  if (input instanceof Request) return readRequest(input);
  const url = new URL(input);
  const headers = new Headers(init?.headers);
  const body = typeof init?.body === "string" ? init.body : "";
  return { url, key: keyIn(url, headers), body, signal: init?.signal ?? undefined };
}

async function readRequest(request: Request): Promise<Read> {
  const url = new URL(request.url);
  const body = await request.text();
  return { url, key: keyIn(url, request.headers), body, signal: request.signal };
}

const keyIn = (url: URL, headers: Headers): string =>
  headers.get("x-goog-api-key") ?? url.searchParams.get("key") ?? "";

function answer({ text, model, inputTokens, outputTokens }: Reply): Response {
  return Response.json({
    candidates: [{ content: { role: "model", parts: [{ text }] }, finishReason: "STOP", index: 0 }],
    usageMetadata: {
      promptTokenCount: inputTokens,
      candidatesTokenCount: outputTokens,
      totalTokenCount: inputTokens + outputTokens,
    },
    modelVersion: model,
    responseId: "bench",
  });
}

/** Where a continued answer begins: the request quotes the end of what is there, which is to be repeated. */
function continuedFrom(body: string, whole: string): number {
  const end = /<<<(.*?)>>>/s.exec(body)?.[1];
  return end === undefined ? 0 : Math.max(0, whole.indexOf(end));
}

function streamed(world: World, ask: Ask, body: string): Response {
  const messages = world.stream(ask, continuedFrom(body, textOf(ask.call)));
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await messages.next();
      if (done) return controller.close();
      controller.enqueue(encoder.encode(`data: ${JSON.stringify(value)}\r\n\r\n`));
    },
  });
  return new Response(stream, { headers: { "content-type": "text/event-stream" } });
}

/** A `fetch` that asks the server of a run in Gemini's own protocol, for packages that are measured as they are. */
export function geminiFetch({ scenario, seed, world }: Setting): typeof fetch {
  const calls = new Map(scenario.arrivals(seed).map((call) => [promptOf(call), call]));
  return async (input, init) => {
    const { url, key, body, signal } = await read(input, init);
    const model = /models\/([^:]+):/.exec(url.pathname)?.[1] ?? "";
    const call = calls.get(/call \d+/.exec(body)?.[0] ?? "");
    if (!call) throw new Error("a request of no call");
    const ask = { call, model, account: key.slice(keyOf("").length), signal };
    if (url.pathname.endsWith(":streamGenerateContent")) return streamed(world, ask, body);
    try {
      return answer(
        await world.send({ call, model, account: key.slice(keyOf("").length), signal }),
      );
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const type = { "content-type": "application/json; charset=UTF-8" };
      return new Response(error.body, { status: error.status, headers: type });
    }
  };
}
