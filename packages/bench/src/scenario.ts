import { type FaultName } from "@holdfast/gemini-simulator";

import { type Arrival } from "./arrivals.ts";
import { type Counting, type QuotaLimits } from "./world/quota.ts";

/** A key and the project it belongs to. */
export interface Key {
  account: string;
  project: string;
  /** What every request with this key meets. */
  fault?: FaultName;
}

/** How streams fare: shares of all requests, each by itself. */
export interface StreamWeather {
  /** Stop for ever, somewhere in their text. */
  stalls: number;
  /** Break off somewhere in their text: half of them by a reset, half by a clean end without a finish reason. */
  cuts: number;
  /** End at once with STOP and nothing in them. */
  empty: number;
  /** End at once with MALFORMED_FUNCTION_CALL. */
  malformed: number;
  /** Of a lognormal distribution, in ms. */
  firstToken: { median: number; sigma: number };
  tokensPerSecond: number;
}

/** How Gemini is on that day. Durations are ms. */
interface Weather {
  /** Limits by model, the same for every project. */
  limits?: Readonly<Record<string, QuotaLimits>>;
  counting: Counting;
  /** Projects that have no quota at all. */
  zeroQuota?: readonly string[];
  /** Times in which a model answers 503 to everything. */
  outages?: readonly { model: string; from: number; until: number }[];
  /** The share of requests, each by itself, that a model answers 503. */
  overload?: Readonly<Record<string, number>>;
  /** Calls are streamed. */
  streams?: StreamWeather;
  /** A model that serves one after another, in order of arrival. What its client gave up is served all the same. */
  queue?: {
    model: string;
    perSecond: number;
    dips: readonly { from: number; until: number; perSecond: number }[];
  };
}

/** One thing that can happen to an application, exactly described. */
export interface Scenario {
  /** `S1` … */
  name: string;
  variant: string;
  /** What it is about, in a sentence. */
  title: string;
  /** The model asked for, and the one to fall back to. */
  model: string;
  fallback?: string;
  keys: readonly Key[];
  /** Whether policies that can be told limits are told, and projects named. */
  told: boolean;
  /** Limit of a whole call. */
  deadline: number;
  /** Limit of one attempt, where the scenario has one. */
  attemptTimeout?: number;
  /** How long a stream may pause, for whoever can be told. */
  stallTimeout?: number;
  /** Wall time (ms since the epoch) at which it begins. */
  start: (seed: number) => number;
  arrivals: (seed: number) => Arrival[];
  weather: Weather;
  /** When the fault is over, for scenarios whose recovery is measured. */
  faultEnd?: number;
  /** Seeds that are run at most; long scenarios need fewer for the same number of calls. */
  mostSeeds?: number;
  /** The same for published packages and whoever floods, whose calls take a hundred times as long to simulate. */
  mostPeerSeeds?: number;
}

/** The models that scenarios use, and what they cost (US dollars per million tokens; the fallback's share is the scenario's). */
export const models = { primary: "gemini-2.5-pro", fallback: "gemini-2.5-flash" } as const;

/** How long things take at the server, in ms. */
export const times = {
  /** Median of a lognormal distribution with sigma 0.5. */
  service: { median: 3_000, sigma: 0.5 },
  /** The fallback is this much slower, and costs this much more. */
  fallback: { slower: 1.3, dearer: 2 },
  refusal: 150,
  overloaded: 1_500,
} as const;
