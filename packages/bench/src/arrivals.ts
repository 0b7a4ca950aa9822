// When calls arrive, and how large they are.
import { chance, lognormal, sequence } from "./random.ts";

/** What is wrong with a call that nothing can mend. */
export type Doom = "invalid-argument" | "blocked-prompt" | "foreign-file" | "unknown-model";

/** One call as its application makes it. */
export interface Arrival {
  /** From 0, in order of arrival. */
  id: number;
  /** Virtual milliseconds. */
  at: number;
  inputTokens: number;
  outputTokens: number;
  /** What every attempt of this call meets, for calls that nothing can mend. */
  doomed?: Doom;
  /** Another model than the scenario's: a misspelt one. */
  model?: string;
}

/** What calls are given when nothing else is said. */
const plain = { inputTokens: 1_000, outputTokens: 400 };

/** All at the same moment. */
export function burst(count: number): Arrival[] {
  return Array.from({ length: count }, (_, id) => ({ id, at: 0, ...plain }));
}

/** A Poisson process from `from` until `until` (ms). */
export function poisson(
  { perSecond, from = 0, until }: { perSecond: number; from?: number; until: number },
  seed: number,
): Arrival[] {
  const next = sequence(seed, 11);
  const arrivals: Arrival[] = [];
  let at = from;
  for (;;) {
    at += (-Math.log(1 - next()) / perSecond) * 1_000;
    if (at >= until) return arrivals;
    arrivals.push({ id: arrivals.length, at: Math.round(at), ...plain });
  }
}

/** This many calls at uniformly random moments until `until` (ms). */
export function scattered(
  { count, until }: { count: number; until: number },
  seed: number,
): Arrival[] {
  const times = Array.from({ length: count }, (_, id) => Math.floor(chance(seed, 12, id) * until));
  return times.toSorted((one, other) => one - other).map((at, id) => ({ id, at, ...plain }));
}

/**
 * Gives calls the prompt and answer lengths of conversations: lognormal, fitted to the Azure LLM inference trace 2023
 * "conv" (Azure Public Dataset, CC-BY-4.0: prompts of median 1020 and mean 1155 tokens, answers of median 129 and mean 211).
 */
export function conversational(arrivals: readonly Arrival[], seed: number): Arrival[] {
  return arrivals.map((call) => ({
    ...call,
    inputTokens: Math.min(
      14_000,
      Math.round(lognormal({ median: 860, sigma: 0.77 }, seed, 13, call.id)),
    ),
    outputTokens: Math.min(
      1_000,
      Math.round(lognormal({ median: 129, sigma: 0.99 }, seed, 14, call.id)),
    ),
  }));
}

/**
 * Bursty traffic: a Poisson process whose rate changes every few seconds by a heavy-tailed factor, so that inter-arrival
 * times vary far more than those of an even stream (about as the Azure "code" trace does).
 */
export function bursty(
  { perSecond, until, peakPerMinute }: { perSecond: number; until: number; peakPerMinute: number },
  seed: number,
): Arrival[] {
  const next = sequence(seed, 15);
  const arrivals: Arrival[] = [];
  let end = 0;
  let rate = 0;
  for (let at = 0; at < until;) {
    if (at >= end) {
      end = at + 10_000 + 50_000 * next();
      rate =
        next() < 0.45
          ? perSecond * 0.05
          : Math.min(peakPerMinute / 60, perSecond * (0.6 + 2.6 * next()));
    }
    at += (-Math.log(1 - next()) / rate) * 1_000;
    if (at > end) at = end;
    else if (at < until) arrivals.push({ id: arrivals.length, at: Math.round(at), ...plain });
  }
  return arrivals;
}

const dooms: readonly Doom[] = [
  "invalid-argument",
  "blocked-prompt",
  "foreign-file",
  "unknown-model",
];

/** Makes this share of the calls such as nothing can mend. */
export function doomed(arrivals: readonly Arrival[], share: number, seed: number): Arrival[] {
  return arrivals.map((call) => {
    if (chance(seed, 16, call.id) >= share) return call;
    const doom = dooms[Math.floor(chance(seed, 17, call.id) * dooms.length)] ?? "invalid-argument";
    const misspelt = doom === "unknown-model" ? { model: `gemini-2.5-prp-${call.id}` } : {};
    return { ...call, doomed: doom, ...misspelt };
  });
}

/**
 * The arrivals of a trace file in the format of the Azure LLM inference traces
 * (https://github.com/Azure/AzurePublicDataset: TIMESTAMP, ContextTokens, GeneratedTokens).
 * @throws Error that names the line that is none
 */
export function readTrace(text: string): Arrival[] {
  const [head = "", ...lines] = text.split("\n").filter((line) => line.trim());
  if (!/^TIMESTAMP,ContextTokens,GeneratedTokens/i.test(head))
    throw new Error("a trace begins with TIMESTAMP,ContextTokens,GeneratedTokens");
  const rows = lines.map((line, index) => {
    const [time = "", input, output] = line.trim().split(",");
    // Microseconds and beyond are more than a date holds.
    const at = Date.parse(`${time.replace(" ", "T").slice(0, 23)}Z`);
    const [inputTokens, outputTokens] = [Number(input), Number(output)];
    if (Number.isNaN(at + inputTokens + outputTokens))
      throw new Error(`line ${index + 2} is no request: ${line}`);
    return { at, inputTokens, outputTokens };
  });
  const start = Math.min(...rows.map(({ at }) => at));
  return rows
    .toSorted((one, other) => one.at - other.at)
    .map(({ at, ...tokens }, id) => ({ id, at: at - start, ...tokens }));
}
