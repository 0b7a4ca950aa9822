/** The numbers of a scenario's world: how much is allowed, how long things last, how often requests fail. Times are ms. */
export interface Rates {
  /** Put after the name of each variant; nothing for those that are published. */
  name: string;
  /** Requests per minute and project, and how many keys a pool has. */
  quota: { rpm: number; tokens: number; keys: number; rpd: number };
  /** How long a model is down. */
  outages: readonly {
    variant: string;
    lasts: number;
    mostSeeds?: number;
    mostPeerSeeds?: number;
  }[];
  /** Shares of requests that fail by themselves. */
  shares: readonly number[];
  /** The dip of a server of 20 a second, and the share of its capacity that is asked of it. */
  dip: { variant: string; lasts: number; perSecond: number };
  /** A busy hour: its quota of requests, and its outage. */
  busy: { rpm: number; outage: { from: number; until: number } };
  /** How streams break, as shares. */
  streams: { stalls: number; cuts: number; empty: number; malformed: number };
}

const minute = 60_000;
const few = { mostSeeds: 5, mostPeerSeeds: 2 };

/** Those that results are published of. */
export const published: Rates = {
  name: "",
  quota: { rpm: 10, tokens: 250_000, keys: 5, rpd: 250 },
  outages: [
    { variant: "5 minutes", lasts: 5 * minute },
    // The median length of an outage of the OpenAI API (AtLarge, ICPE'25).
    { variant: "75 minutes", lasts: 75 * minute, ...few },
  ],
  shares: [0.1, 0.3, 0.6],
  dip: { variant: "a minute's dip", lasts: minute, perSecond: 5 },
  busy: { rpm: 300, outage: { from: 12 * minute, until: 45 * minute } },
  streams: { stalls: 0.05, cuts: 0.03, empty: 0.02, malformed: 0.02 },
};

/** Others, with which nothing was tuned: they show whether what is published holds elsewhere. */
export const others: readonly Rates[] = [
  {
    name: "less",
    quota: { rpm: 5, tokens: 120_000, keys: 3, rpd: 100 },
    outages: [
      { variant: "1 minute", lasts: minute },
      { variant: "20 minutes", lasts: 20 * minute, ...few },
    ],
    shares: [0.05, 0.2, 0.5],
    dip: { variant: "half a minute's dip", lasts: minute / 2, perSecond: 8 },
    busy: { rpm: 120, outage: { from: 20 * minute, until: 30 * minute } },
    streams: { stalls: 0.02, cuts: 0.06, empty: 0.04, malformed: 0.01 },
  },
  {
    name: "more",
    quota: { rpm: 30, tokens: 500_000, keys: 8, rpd: 400 },
    outages: [
      { variant: "2 minutes", lasts: 2 * minute },
      { variant: "45 minutes", lasts: 45 * minute, ...few },
    ],
    shares: [0.15, 0.4, 0.75],
    dip: { variant: "two minutes' dip", lasts: 2 * minute, perSecond: 10 },
    busy: { rpm: 500, outage: { from: 5 * minute, until: 50 * minute } },
    streams: { stalls: 0.08, cuts: 0.02, empty: 0.01, malformed: 0.04 },
  },
];

/** The name of a variant at these rates. */
export const at = (variant: string, { name }: Rates): string =>
  name ? `${variant}; ${name}` : variant;
