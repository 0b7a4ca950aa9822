// One policy through one scenario with one seed, in virtual time.
import { createVirtualClock, type VirtualClock } from "@holdfast/gemini-simulator";

import { type Arrival } from "./arrivals.ts";
import { type Contender, PartialError, type Serve } from "./contender.ts";
import { type Scenario } from "./scenario.ts";
import { virtualTimers } from "./virtual-timers.ts";
import { compare, textOf } from "./world/text.ts";
import { type Seen, World } from "./world/world.ts";

/** How one call ended. */
export interface Ended {
  call: Arrival;
  /**
   * `answered` within its deadline; `failed` with an error or by an answer of last resort; `lost`: never settled, or
   * "answered" with nothing or with another call's answer.
   */
  how: "answered" | "failed" | "lost";
  /** Virtual ms from arrival to the end. */
  latency: number;
  /** Of a streamed call: characters that should have been handed on and were not, and those too many. */
  characters?: { whole: number; lost: number; extra: number };
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
  // Streams pass through the AI SDK, whoever holds them.
  const patched = contender.timers ?? scenario.weather.streams !== undefined;
  const restore = patched ? virtualTimers(clock) : () => {};
  try {
    const world = new World(scenario, seed, clock);
    const setting = { scenario, seed, clock, world };
    const start = scenario.weather.streams ? contender.stream : contender.start;
    if (!start) throw new Error(`${contender.name} streams nothing`);
    const serve = await start(setting);
    const all = await serveAll(serve, { contender, scenario, seed, clock });
    return {
      ended: all,
      requests: world.log,
      discovery: contender.discovery?.(scenario, seed) ?? 0,
    };
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
  const all: Ended[] = [];
  const one = async (call: Arrival): Promise<void> => {
    const end = new AbortController();
    const over = new AbortController();
    const late = new DOMException("the caller's deadline has passed", "TimeoutError");
    // A little later than the policy's own deadline, so that its own report comes first.
    clock.sleep(scenario.deadline + 1, over.signal).then(
      () => end.abort(late),
      () => {},
    );
    const about = { contender, scenario, call };
    const result = await serve(call, end.signal).then(
      (text) => succeeded(about, { text, latency: clock.now() - call.at }),
      (error: unknown) => failed(about, { error, latency: clock.now() - call.at }),
    );
    all.push(result);
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
  return withLost(arrivals, all);
}

interface About {
  contender: Contender;
  scenario: Scenario;
  call: Arrival;
}

function succeeded(
  { scenario, call }: About,
  { text, latency }: { text: string; latency: number },
): Ended {
  const inTime = latency <= scenario.deadline ? "answered" : "failed";
  if (scenario.weather.streams) {
    const whole = textOf(call);
    const differs = compare(text, whole);
    const how = differs.lost || differs.extra ? "lost" : inTime;
    return {
      call,
      how,
      latency,
      model: scenario.model,
      characters: { whole: whole.length, ...differs },
    };
  }
  const [, id, model] = /^answer \d+ to call (\d+) by (.+)$/.exec(text) ?? [];
  // What answers in the last resort is not the server's, and no answer.
  if (model === undefined) return { call, how: text ? "failed" : "lost", latency };
  return { call, how: Number(id) === call.id ? inTime : "lost", latency, model };
}

/** A call that failed has lost nothing silently; what was handed on twice before it failed counts all the same. */
function failed(
  { contender, scenario, call }: About,
  { error, latency }: { error: unknown; latency: number },
): Ended {
  const reported = contender.diagnose?.(error);
  const end: Ended = {
    call,
    how: "failed",
    latency,
    ...(reported === undefined ? {} : { reported }),
  };
  if (!scenario.weather.streams) return end;
  const whole = textOf(call);
  const text = error instanceof PartialError ? error.text : "";
  const { extra } = whole.startsWith(text) ? { extra: 0 } : compare(text, whole);
  return { ...end, characters: { whole: whole.length, lost: 0, extra } };
}

/** Adds the calls that never settled. */
function withLost(arrivals: readonly Arrival[], all: Ended[]): Ended[] {
  if (all.length === arrivals.length) return all;
  const settled = new Set(all.map(({ call }) => call.id));
  const lost = arrivals.filter(({ id }) => !settled.has(id));
  return [...all, ...lost.map((call) => ({ call, how: "lost" as const, latency: Infinity }))];
}
