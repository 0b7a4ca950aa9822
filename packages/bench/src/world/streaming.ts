// How streams of answers come, break off, stall, or bring nothing.
import { type VirtualClock } from "@holdfast/gemini-simulator";

import { chance, lognormal } from "../random.ts";
import { type StreamWeather } from "../scenario.ts";
import { refusal } from "./refusals.ts";
import { chunkLength } from "./text.ts";

interface Fate {
  what: "whole" | "stalls" | "is-reset" | "ends-early" | "is-empty" | "is-malformed";
  /** The share of the text after which it happens. */
  after: number;
}

/** Whose luck it is. */
export interface Luck {
  seed: number;
  call: number;
  /** Which request of the call, from 1. */
  nth: number;
}

/** What becomes of the nth stream of a call. */
export function fateOf({ stalls, cuts, empty, malformed }: StreamWeather, luck: Luck): Fate {
  const { seed, call, nth } = luck;
  const draw = chance(seed, 51, call, nth);
  const after = chance(seed, 52, call, nth);
  if (draw < stalls) return { what: "stalls", after };
  if (draw < stalls + cuts)
    return { what: chance(seed, 53, call, nth) < 0.5 ? "is-reset" : "ends-early", after };
  if (draw < stalls + cuts + empty) return { what: "is-empty", after: 0 };
  if (draw < stalls + cuts + empty + malformed) return { what: "is-malformed", after: 0 };
  return { what: "whole", after: 1 };
}

/** A stream that is to be sent: its text, what becomes of it, and who listens. */
export interface Sending {
  text: string;
  model: string;
  weather: StreamWeather;
  luck: Luck;
  clock: VirtualClock;
  signal: AbortSignal | undefined;
}

function message(text: string, model: string, finishReason?: string): object {
  const candidate = { content: { role: "model", parts: [{ text }] }, index: 0 };
  return {
    candidates: [finishReason === undefined ? candidate : { ...candidate, finishReason }],
    modelVersion: model,
    responseId: "bench",
  };
}

function never(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}

/** The messages of a stream, each at its time. Throws as a socket does when the connection is reset. */
export async function* messagesOf(sending: Sending): AsyncGenerator<object, void> {
  const { text, model, weather, luck, clock, signal } = sending;
  const first = lognormal(weather.firstToken, luck.seed, 54, luck.call, luck.nth);
  await clock.sleep(Math.round(first), signal);
  const { what, after } = fateOf(weather, luck);
  if (what === "is-empty" || what === "is-malformed") {
    const fault = what === "is-empty" ? "empty-stop" : "malformed-function-call";
    yield JSON.parse(refusal(fault, model).body) as object;
    return;
  }
  const end = what === "whole" ? text.length : Math.floor(text.length * after);
  const every = (1_000 * chunkLength) / 4 / weather.tokensPerSecond;
  for (let at = 0; at < end; at += chunkLength) {
    await clock.sleep(every, signal);
    const last = what === "whole" && at + chunkLength >= text.length;
    yield message(
      text.slice(at, Math.min(at + chunkLength, end)),
      model,
      last ? "STOP" : undefined,
    );
  }
  if (what === "stalls") await never(signal);
  if (what === "is-reset")
    throw new TypeError("terminated", {
      cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }),
    });
}
