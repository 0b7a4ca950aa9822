// Random policies, calls and faults for the properties of the engine, and what really happened to them.
import {
  attempted,
  type Attempted,
  type Executed,
  type PolicyEvent,
  type PolicyOptions,
  type Target,
} from "@holdfast/core";
import { createVirtualClock, type VirtualClock } from "@holdfast/gemini-simulator";
import * as fc from "fast-check";

import { quotaOpening } from "../../../packages/core/src/board/board.ts";
import { execute } from "../../../packages/core/src/execute.ts";
import { Plans } from "../../../packages/core/src/plans.ts";
import { PolicyEngine } from "../../../packages/core/src/policy-engine.ts";
import { checkOptions } from "../../../packages/core/src/settings.ts";
import { Shared } from "../../../packages/core/src/shared.ts";
import {
  badKey,
  badRegion,
  badRequest,
  internal,
  overloaded,
  quotaError,
  unknownModel,
} from "../../support/failures.ts";

const keyOf = (name: string): string => `AIzaSyFake-key-of-${name}-0123456789abc`;

type FaultName =
  | "overloaded"
  | "internal"
  | "bad-key"
  | "bad-region"
  | "bad-request"
  | "unknown-model"
  | "quota"
  | "quota-unnamed"
  | "zero"
  | "day"
  | "network"
  | "odd";

/** What an attempt may meet, by name; each carries the key it was made with, as clients' errors do. */
const faults: Record<FaultName, () => Error> = {
  overloaded: () => overloaded(),
  internal: () => internal(),
  "bad-key": badKey,
  "bad-region": badRegion,
  "bad-request": badRequest,
  "unknown-model": () => unknownModel("m"),
  quota: () => quotaError({ limit: 7, retryDelay: "9s" }),
  "quota-unnamed": () => quotaError({ retryDelay: "2s" }),
  zero: () => quotaError({ limit: 0 }),
  day: () =>
    quotaError({
      limit: 50,
      retryDelay: "3s",
      id: "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
    }),
  network: () =>
    Object.assign(new TypeError("fetch failed"), {
      cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }),
    }),
  odd: () => new Error("what is this?"),
};

/** What one attempt meets, and how long it takes. */
interface Fate {
  what:
    | FaultName
    | "ok"
    | "hang"
    | "deaf"
    | "empty"
    | "blocked"
    | "stream"
    | "broken-stream"
    | "throws-nothing";
  takes: number;
}

/** One call as a scenario has it. */
interface CallPlan {
  after: number;
  abortAfter: number | undefined;
  deadline: number | undefined;
  patience: number | undefined;
  priority: number;
  affinity: string | undefined;
  tokens: number;
  model: string;
}

/** A policy, calls and what they meet. */
export interface Chance {
  seed: number;
  accounts: number;
  named: boolean;
  models: number;
  rpm: number | undefined;
  /** Whether the limit is told for fixed minutes. */
  fixed: boolean;
  options: PolicyOptions;
  calls: CallPlan[];
  fates: Fate[];
}

const ms = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const fate: fc.Arbitrary<Fate> = fc.record({
  what: fc.oneof(
    { weight: 4, arbitrary: fc.constant("ok" as const) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        "hang",
        "deaf",
        "empty",
        "blocked",
        "stream",
        "broken-stream",
        "throws-nothing",
      ),
    },
    { weight: 8, arbitrary: fc.constantFrom(...(Object.keys(faults) as FaultName[])) },
  ),
  takes: fc.oneof(ms(50), ms(8_000)),
});

const options = fc.record(
  {
    attempts: fc.integer({ min: 1, max: 12 }),
    patience: ms(20_000),
    deadline: fc.integer({ min: 1, max: 120_000 }),
    attemptTimeout: fc.integer({ min: 100, max: 20_000 }),
    order: fc.constantFrom("in-order" as const, "balanced" as const),
    concurrency: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant("adaptive" as const)),
    maxWaiting: fc.integer({ min: 0, max: 4 }),
    breaker: fc.constantFrom(false as const, { calls: 2, streak: 3, silence: 2_000 }),
    budget: fc.constantFrom(false as const, { capacity: 10 }),
    hedge: fc.constantFrom(false as const, { delay: 700, share: 1 }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<PolicyOptions>;

const callPlan: fc.Arbitrary<CallPlan> = fc.record({
  after: fc.oneof(fc.constant(0), ms(30_000)),
  abortAfter: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: ms(20_000) },
  ),
  deadline: maybe(fc.integer({ min: 1, max: 90_000 })),
  patience: maybe(ms(20_000)),
  priority: fc.integer({ min: -1, max: 1 }),
  affinity: maybe(fc.constantFrom("x", "y")),
  tokens: ms(500),
  model: fc.constantFrom("m0", "m1"),
});

export const chance: fc.Arbitrary<Chance> = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  accounts: fc.integer({ min: 1, max: 3 }),
  named: fc.boolean(),
  models: fc.integer({ min: 1, max: 3 }),
  rpm: maybe(fc.integer({ min: 1, max: 6 })),
  fixed: fc.boolean(),
  options,
  calls: fc.array(callPlan, { minLength: 1, maxLength: 8 }),
  fates: fc.array(fate, { minLength: 1, maxLength: 12 }),
});

/** An attempt that was really made. */
export interface Made {
  call: number;
  target: Target;
  at: number;
  what: Fate["what"];
  /** When it was over. */
  endedAt: number;
  /** Whether the caller had aborted, or the call had settled, when it began. */
  late: boolean;
}

/** How a call ended. */
export interface Ended {
  plan: CallPlan;
  /** What events and traces call it. */
  id: number;
  /** When it gave up since all was closed: until when the board kept each target of its plan closed. */
  closedUntil: { target: Target; at: number }[] | undefined;
  startedAt: number;
  endedAt: number;
  deadlineAt: number;
  abortedAt: number;
  reason: unknown;
  result: Executed<string> | undefined;
  error: unknown;
  settled: number;
}

/** What became of a scenario. */
export interface Outcome {
  clock: VirtualClock;
  shared: Shared;
  engine: PolicyEngine;
  events: PolicyEvent[];
  made: Made[];
  ended: Ended[];
  /** The most calls that waited for the board at the same time. */
  mostWaiting: number;
}

function withKey(error: Error, target: Target): Error {
  const { apiKey = "" } = target;
  error.message += ` (key ${apiKey})`;
  return Object.assign(error, {
    url: `https://generativelanguage.googleapis.com/v1beta/models/x?key=${apiKey}`,
    requestHeaders: { "x-goog-api-key": apiKey },
  });
}

function replyOf({ what }: Fate, target: Target, clock: VirtualClock): string | Attempted<string> {
  if (what === "ok") return "ok";
  if (what === "empty") return attempted("", { answer: { finishReason: "STOP" } });
  if (what === "blocked") return attempted("", { answer: { blockReason: "SAFETY" } });
  if (what === "stream")
    return attempted("stream", { settled: clock.sleep(3_000), usage: { inputTokens: 20 } });
  if (what === "broken-stream")
    return attempted("stream", {
      settled: clock.sleep(2_000).then(() => {
        throw withKey(new Error("terminated"), target);
      }),
    });
  throw what === "throws-nothing"
    ? (undefined as never)
    : withKey(faults[what as FaultName](), target);
}

function optionsOf(scenario: Chance): PolicyOptions {
  const { accounts, named, models, rpm, fixed, options: rest } = scenario;
  return {
    ...rest,
    chain: Array.from({ length: models }, (_, nth) => `m${nth}`),
    accounts: Array.from({ length: accounts }, (_, nth) => ({
      name: `a${nth}`,
      apiKey: keyOf(`a${nth}`),
      ...(named ? { project: `p${nth}` } : {}),
    })),
    ...(rpm === undefined
      ? {}
      : { limits: { "*": { rpm, ...(fixed ? { window: "fixed" as const } : {}) } } }),
  };
}

/** Until when the board keeps each target of a call's plan closed. */
function closedUntil(
  { shared, engine }: Pick<Outcome, "shared" | "engine">,
  { model, tokens }: CallPlan,
): { target: Target; at: number }[] {
  const { board } = shared;
  const moment = shared.moment();
  const asked = { need: { requests: 1, tokens }, moment, window: { length: 60_000, margin: 250 } };
  return new Plans(engine.settings).for({ model }, moment.wall).targets.map((target) => {
    const domain = board.domains.of(target, moment.now);
    const { at } = board.opening(target, domain, moment);
    return { target, at: Math.max(at, quotaOpening(board, domain, asked).at) };
  });
}

/** Plays a scenario to its end. */
export async function play(scenario: Chance): Promise<Outcome> {
  const clock = createVirtualClock({ seed: scenario.seed });
  const shared = new Shared(clock);
  const events: PolicyEvent[] = [];
  const engine = new PolicyEngine(shared, checkOptions(optionsOf(scenario)));
  const made: Made[] = [];
  const byId = new Map<number, Ended>();
  let mostWaiting = 0;
  shared.listen((event) => {
    events.push(event);
    mostWaiting = Math.max(mostWaiting, shared.room.size);
    const ending =
      event.type === "call-end" && event.reason === "all-closed" && byId.get(event.call);
    if (ending) ending.closedUntil = closedUntil({ shared, engine }, ending.plan);
  });

  const one = async (plan: CallPlan, number: number): Promise<Ended> => {
    await clock.sleep(plan.after);
    const controller = new AbortController();
    const reason = new Error(`call ${number} was cancelled`);
    const startedAt = clock.now();
    const { deadline, patience, affinity, priority, tokens, model } = plan;
    const ended: Ended = {
      plan,
      id: shared.calls + 1,
      closedUntil: undefined,
      startedAt,
      endedAt: -1,
      reason,
      result: undefined,
      error: undefined,
      settled: 0,
      deadlineAt: startedAt + (deadline ?? engine.settings.deadline),
      abortedAt: Infinity,
    };
    byId.set(ended.id, ended);
    const timer = new AbortController();
    if (plan.abortAfter !== undefined)
      clock.sleep(plan.abortAfter, timer.signal).then(
        () => {
          ended.abortedAt = clock.now();
          controller.abort(reason);
        },
        () => {},
      );
    const attempt = async (target: Target, { signal }: { signal: AbortSignal }) => {
      const fateOf =
        scenario.fates[(made.length * 7 + target.name.length + number) % scenario.fates.length]!;
      const record: Made = {
        call: number,
        target,
        at: clock.now(),
        what: fateOf.what,
        endedAt: Infinity,
        late: controller.signal.aborted || ended.settled > 0,
      };
      made.push(record);
      if (fateOf.what === "deaf") return new Promise<never>(() => {});
      await clock.sleep(fateOf.what === "hang" ? 1e9 : fateOf.takes, signal);
      record.endedAt = clock.now();
      return replyOf(fateOf, target, clock);
    };
    await execute(engine, attempt, {
      model,
      priority,
      tokens,
      signal: controller.signal,
      ...(deadline === undefined ? {} : { deadline }),
      ...(patience === undefined ? {} : { patience }),
      ...(affinity === undefined ? {} : { affinity }),
    }).then(
      (result) => {
        ended.settled += 1;
        ended.result = result;
      },
      (error: unknown) => {
        ended.settled += 1;
        ended.error = error;
      },
    );
    ended.endedAt = clock.now();
    timer.abort();
    return ended;
  };

  const ended = await clock.run(Promise.all(scenario.calls.map(one)));
  // Streams go on after their calls.
  await clock.advance(10_000);
  return { clock, shared, engine, events, made, ended, mostWaiting };
}
