import { poisson } from "../arrivals.ts";
import { models, type Scenario } from "../scenario.ts";
import { anyTime, keys, plainCounting } from "./common.ts";

/** A server near its capacity slows down for a minute; whether it ever recovers depends on who retries. */
export const loadScenarios: readonly Scenario[] = [
  {
    name: "S5",
    variant: "a minute's dip",
    title:
      "15 calls a second at a server of 20 a second, which does 5 for a minute; clients wait 10 s, what they give up is served all the same",
    model: models.primary,
    keys: keys(1),
    told: true,
    deadline: 60_000,
    attemptTimeout: 10_000,
    start: anyTime,
    mostSeeds: 5,
    mostPeerSeeds: 2,
    arrivals: (seed) => poisson({ perSecond: 15, until: 1_800_000 }, seed),
    faultEnd: 360_000,
    weather: {
      counting: plainCounting,
      queue: {
        model: models.primary,
        perSecond: 20,
        dips: [{ from: 300_000, until: 360_000, perSecond: 5 }],
      },
    },
  },
];
