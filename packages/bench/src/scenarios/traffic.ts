import { readFileSync } from "node:fs";

import { type Arrival, bursty, conversational, doomed, readTrace } from "../arrivals.ts";
import { models, type Scenario } from "../scenario.ts";
import { anyTime, keys, plainCounting } from "./common.ts";
import { at, type Rates } from "./rates.ts";

const minute = 60_000;

/** An hour of real work: bursts above the quota, an outage in its middle, and some calls that nothing can mend. */
function traffic(variant: string, arrivals: (seed: number) => Arrival[], rates: Rates): Scenario[] {
  const { rpm, outage } = rates.busy;
  const limits = { rpm, tpm: (1_000_000 * rpm) / 300 };
  return [true, false].map((told) => ({
    name: "S10",
    variant: at(`${told ? "told" : "learned"}, ${variant}`, rates),
    title: `57 minutes of bursty traffic, ${rpm} requests and ${Math.round(limits.tpm).toLocaleString("en")} tokens per minute and model, an outage of ${(outage.until - outage.from) / minute} minutes, 2 % of the calls beyond mending`,
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
      outages: [{ model: models.primary, ...outage }],
    },
  }));
}

/** With made-up traffic always, and with a trace where a file is given. */
export function trafficScenarios(rates: Rates, trace?: string): Scenario[] {
  const shape = {
    perSecond: (2.6 * rates.busy.rpm) / 300,
    until: 57 * minute,
    peakPerMinute: (632 * rates.busy.rpm) / 300,
  };
  const bursts = (seed: number): Arrival[] => conversational(bursty(shape, seed), seed);
  const madeUp = traffic("made-up bursts", bursts, rates);
  if (trace === undefined) return madeUp;
  const real = readTrace(readFileSync(trace, "utf8"));
  return [...madeUp, ...traffic("trace", () => real, rates)];
}
