import { poisson } from "../arrivals.ts";
import { models, type Scenario } from "../scenario.ts";
import { anyTime, keys, plainCounting } from "./common.ts";

/** Streams that stall, break off, or bring nothing. */
export const streamScenarios: readonly Scenario[] = [
  {
    name: "S8",
    variant: "broken streams",
    title:
      "streams of 400 tokens at 100 a second: 5 % stall for ever, 3 % break off, 2 % are empty, 2 % have a malformed call",
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
        stalls: 0.05,
        cuts: 0.03,
        empty: 0.02,
        malformed: 0.02,
        firstToken: { median: 800, sigma: 0.5 },
        tokensPerSecond: 100,
      },
    },
  },
];
