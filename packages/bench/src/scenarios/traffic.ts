import { readFileSync } from "node:fs";

import { type Arrival, bursty, conversational, doomed, readTrace } from "../arrivals.ts";
import { models, type Scenario } from "../scenario.ts";
import { anyTime, keys, plainCounting } from "./common.ts";

const minute = 60_000;
const limits = { rpm: 300, tpm: 1_000_000 };

/** An hour of real work: bursts above the quota, an outage in its middle, and some calls that nothing can mend. */
function traffic(variant: string, arrivals: (seed: number) => Arrival[]): Scenario[] {
  return [true, false].map((told) => ({
    name: "S10",
    variant: `${told ? "told" : "learned"}, ${variant}`,
    title:
      "57 minutes of bursty traffic, 300 requests and 1,000,000 tokens per minute and model, an outage of 33 minutes, 2 % of the calls beyond mending",
    model: models.primary,
    fallback: models.fallback,
    keys: keys(1),
    told,
    deadline: 300_000,
    start: anyTime,
    mostSeeds: 5,
    mostPeerSeeds: 2,
    arrivals: (seed: number) => doomed(arrivals(seed), 0.02, seed),
    weather: {
      limits: { [models.primary]: limits, [models.fallback]: limits },
      counting: plainCounting,
      outages: [{ model: models.primary, from: 12 * minute, until: 45 * minute }],
    },
  }));
}

/** With made-up traffic always, and with a trace where a file is given. */
export function trafficScenarios(trace?: string): Scenario[] {
  const madeUp = traffic("made-up bursts", (seed) =>
    conversational(bursty({ perSecond: 2.6, until: 57 * minute, peakPerMinute: 632 }, seed), seed),
  );
  if (trace === undefined) return madeUp;
  const real = readTrace(readFileSync(trace, "utf8"));
  return [...madeUp, ...traffic("trace", () => real)];
}
