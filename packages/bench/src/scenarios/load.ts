import { poisson } from "../arrivals.ts";
import { models, type Scenario } from "../scenario.ts";
import { anyTime, keys, plainCounting } from "./common.ts";
import { at, type Rates } from "./rates.ts";

/** A server near its capacity slows down for a while; whether it ever recovers depends on who retries. */
export function loadScenarios(rates: Rates): Scenario[] {
  const { lasts, perSecond } = rates.dip;
  const dip = { from: 300_000, until: 300_000 + lasts, perSecond };
  return [
    {
      name: "S5",
      variant: at(rates.dip.variant, rates),
      title: `15 calls a second at a server of 20 a second, which does ${perSecond} for ${lasts / 1_000} s; clients wait 10 s, what they give up is served all the same`,
      model: models.primary,
      keys: keys(1),
      told: true,
      deadline: 60_000,
      attemptTimeout: 10_000,
      start: anyTime,
      mostSeeds: 5,
      mostPeerSeeds: 2,
      arrivals: (seed) => poisson({ perSecond: 15, until: 1_800_000 }, seed),
      faultEnd: dip.until,
      weather: {
        counting: plainCounting,
        queue: { model: models.primary, perSecond: 20, dips: [dip] },
      },
    },
  ];
}
