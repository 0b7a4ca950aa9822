import { type Arrival } from "../arrivals.ts";
import { type Setting } from "../contender.ts";
import { Refused } from "../world/world.ts";

/** The prompt by which a call is known again at the server. */
export const promptOf = ({ id }: Arrival): string => `call ${id}`;

function urlOf(input: string | URL | Request): string {
  if (input instanceof Request) return input.url;
  return input instanceof URL ? input.href : input;
}

/** The key of a scenario's account, as a client is given it. */
export const keyOf = (account: string): string => `key-of-${account}`;

function answer(text: string, about: { model: string; input: number; output: number }): Response {
  return Response.json({
    candidates: [{ content: { role: "model", parts: [{ text }] }, finishReason: "STOP", index: 0 }],
    usageMetadata: {
      promptTokenCount: about.input,
      candidatesTokenCount: about.output,
      totalTokenCount: about.input + about.output,
    },
    modelVersion: about.model,
    responseId: "bench",
  });
}

/** A `fetch` that asks the server of a run in Gemini's own protocol, for packages that are measured as they are. */
export function geminiFetch({ scenario, seed, world }: Setting): typeof fetch {
  const calls = new Map(scenario.arrivals(seed).map((call) => [promptOf(call), call]));
  return async (input, init) => {
    const url = new URL(urlOf(input));
    const model = /models\/([^:]+):/.exec(url.pathname)?.[1] ?? "";
    const request = input instanceof Request ? input : undefined;
    const headers = new Headers(init?.headers ?? request?.headers);
    const key = headers.get("x-goog-api-key") ?? url.searchParams.get("key") ?? "";
    const body = typeof init?.body === "string" ? init.body : await request?.text();
    const prompt = /call \d+/.exec(body ?? "")?.[0] ?? "";
    const call = calls.get(prompt);
    if (!call) throw new Error(`no call says ${prompt}`);
    const signal = init?.signal ?? request?.signal;
    try {
      const reply = await world.send({ call, model, account: key.slice("key-of-".length), signal });
      return answer(reply.text, { model, input: reply.inputTokens, output: reply.outputTokens });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const type = { "content-type": "application/json; charset=UTF-8" };
      return new Response(error.body, { status: error.status, headers: type });
    }
  };
}
