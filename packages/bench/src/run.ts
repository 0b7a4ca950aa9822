// One policy through one scenario with one seed, in virtual time.
import { createVirtualClock, type VirtualClock } from "@holdfast/gemini-simulator";

import { type Arrival } from "./arrivals.ts";
import { type Contender, type Serve } from "./contender.ts";
import { type Scenario } from "./scenario.ts";
import { virtualTimers } from "./virtual-timers.ts";
import { type Seen, World } from "./world/world.ts";

/** How one call ended. */
export interface Ended {
  call: Arrival;
  /** `answered` within its deadline; `failed` with an error; `lost`: never settled, or "answered" with nothing. */
  how: "answered" | "failed" | "lost";
  /** Virtual ms from arrival to the end. */
  latency: number;
  /** The model that served it. */
  model?: string;
  /** The kind of failure that was reported, for contenders that name kinds. */
  reported?: string;
}

/** What a run showed. */
export interface Run {
  ended: Ended[];
  requests: readonly Seen[];
  /** Requests that finding out costs a bound. */
  discovery: number;
}

/** Runs `contender` through `scenario`. */
export async function runOnce(
  contender: Contender,
  scenario: Scenario,
  seed: number,
): Promise<Run> {
  const clock = createVirtualClock({ start: scenario.start(seed), seed: seed + 1 });
  const restore = contender.timers ? virtualTimers(clock) : () => {};
  try {
    const world = new World(scenario, seed, clock);
    const serve = await contender.start({ scenario, seed, clock, world });
    const ended = await serveAll(serve, { contender, scenario, seed, clock });
    return { ended, requests: world.log, discovery: contender.discovery?.(scenario, seed) ?? 0 };
  } finally {
    restore();
  }
}

interface Drive {
  contender: Contender;
  scenario: Scenario;
  seed: number;
  clock: VirtualClock;
}

async function serveAll(
  serve: Serve,
  { contender, scenario, seed, clock }: Drive,
): Promise<Ended[]> {
  const arrivals = scenario.arrivals(seed);
  const ended: Ended[] = [];
  const one = async (call: Arrival): Promise<void> => {
    const end = new AbortController();
    const over = new AbortController();
    const late = new DOMException("the caller's deadline has passed", "TimeoutError");
    // A little later than the policy's own deadline, so that its own report comes first.
    clock.sleep(scenario.deadline + 1, over.signal).then(
      () => end.abort(late),
      () => {},
    );
    try {
      const text = await serve(call, end.signal);
      const latency = clock.now() - call.at;
      const how = !text ? "lost" : latency <= scenario.deadline ? "answered" : "failed";
      const model = text.split(" by ")[1];
      ended.push({ call, how, latency, ...(model === undefined ? {} : { model }) });
    } catch (error) {
      const reported = contender.diagnose?.(error);
      const latency = clock.now() - call.at;
      ended.push({ call, how: "failed", latency, ...(reported === undefined ? {} : { reported }) });
    }
    over.abort();
  };
  const arrive = async (): Promise<void> => {
    for (const call of arrivals) {
      if (call.at > clock.now()) await clock.sleep(call.at - clock.now());
      void one(call);
    }
  };
  void arrive();
  const last = arrivals.at(-1)?.at ?? 0;
  await clock.advance(last + scenario.deadline * 2 + 60_000);
  return withLost(arrivals, ended);
}

/** Adds the calls that never settled. */
function withLost(arrivals: readonly Arrival[], ended: Ended[]): Ended[] {
  if (ended.length === arrivals.length) return ended;
  const settled = new Set(ended.map(({ call }) => call.id));
  const lost = arrivals.filter(({ id }) => !settled.has(id));
  return [...ended, ...lost.map((call) => ({ call, how: "lost" as const, latency: Infinity }))];
}
