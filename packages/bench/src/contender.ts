import { type VirtualClock } from "@holdfast/gemini-simulator";

import { type Arrival } from "./arrivals.ts";
import { type Scenario } from "./scenario.ts";
import { type World } from "./world/world.ts";

/** What a policy is run in. */
export interface Setting {
  scenario: Scenario;
  seed: number;
  clock: VirtualClock;
  world: World;
}

/** What was handed on of a stream before it failed. */
export class PartialError extends Error {
  readonly text: string;

  constructor(text: string, cause: unknown) {
    super("the stream failed", { cause });
    this.text = text;
  }
}

/** Serves one call: resolves with the answer's text. The signal ends at the call's deadline. */
export type Serve = (call: Arrival, signal: AbortSignal) => Promise<string>;

/** A policy that is measured. */
export interface Contender {
  /** As `--policy` and the tables call it. */
  name: string;
  /**
   * `ours`; `real`: the published package itself; `port`: its published algorithm, written anew; `habit`: what people
   * write by hand; `bound`: the best that is possible.
   */
  origin: "ours" | "real" | "port" | "habit" | "bound";
  /** In a sentence: which version, in which configuration. */
  about: string;
  /** Whether it can be told limits: then variants that tell them differ from those that do not. */
  tellable?: boolean;
  /** Whether it takes its time from timers of the platform, which are then virtual. */
  timers?: boolean;
  /** Where it can serve the scenario at all. @default everywhere */
  applies?: (scenario: Scenario) => boolean;
  start: (setting: Setting) => Serve | Promise<Serve>;
  /** Serves streamed calls: resolves with the whole text that was handed on; a partial one comes in `PartialError`. */
  stream?: (setting: Setting) => Serve;
  /** Goes on with streams that break after their first content; the others are measured beside a bound that does not. */
  continues?: boolean;
  /** The kind of failure it reports for a call it gave up, if it names kinds. */
  diagnose?: (error: unknown) => string | undefined;
  /** Requests that finding out costs, beyond what its world saw: for bounds. */
  discovery?: (scenario: Scenario, seed: number) => number;
}
