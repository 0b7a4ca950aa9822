import { poisson } from "../arrivals.ts";
import { models, type Scenario } from "../scenario.ts";
import { anyTime, keys, plainCounting } from "./common.ts";
import { at, type Rates } from "./rates.ts";

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Streams that stall, break off, or bring nothing. */
export const streamScenarios = (rates: Rates): Scenario[] => [
  {
    name: "S8",
    variant: at("broken streams", rates),
    title: `streams of 400 tokens at 100 a second: ${percent(rates.streams.stalls)} stall for ever, ${percent(rates.streams.cuts)} break off, ${percent(rates.streams.empty)} are empty, ${percent(rates.streams.malformed)} have a malformed call`,
    model: models.primary,
    keys: keys(1),
    told: true,
    deadline: 180_000,
    stallTimeout: 20_000,
    start: anyTime,
    arrivals: (seed) => poisson({ perSecond: 1, until: 300_000 }, seed),
    weather: {
      counting: plainCounting,
      streams: {
        ...rates.streams,
        firstToken: { median: 800, sigma: 0.5 },
        tokensPerSecond: 100,
      },
    },
  },
];
