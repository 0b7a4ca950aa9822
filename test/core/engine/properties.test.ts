import { inspect } from "node:util";

import { GaveUpError, type GiveUpReason, type Target } from "@holdfast/core";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import {
  type Chance,
  chance,
  type Ended,
  type Made,
  type Outcome,
  play,
} from "./world-of-chance.ts";

const runs = Number(process.env["PROPERTY_RUNS"] ?? 250);
const seed = Number(process.env["PROPERTY_SEED"] ?? 20_261_123);

let properties = 0;

/** Holds of every scenario; each property meets others. */
async function always(
  holds: (outcome: Outcome, scenario: Chance) => void | Promise<void>,
): Promise<void> {
  properties += 1;
  await fc.assert(
    fc.asyncProperty(chance, async (scenario) => holds(await play(scenario), scenario)),
    { numRuns: runs, seed: seed + properties },
  );
}

const slow = 300_000;

const targetsOf = ({ trace }: { trace: { attempts: readonly { target: string }[] } }): string[] =>
  trace.attempts.map(({ target }) => target);

const tracesOf = ({ ended }: Outcome): string =>
  JSON.stringify(ended.map(({ result, error }) => result?.trace ?? (error as GaveUpError).trace));

const madeBy = (made: readonly Made[], call: number): Made[] =>
  made.filter((one) => one.call === call);

test(
  "every call settles exactly once, and at once when it is aborted",
  async () => {
    await always(({ ended, events }) => {
      for (const one of ended) {
        expect(one.settled).toBe(1);
        expect(one.endedAt).toBeLessThanOrEqual(Math.min(one.deadlineAt, one.abortedAt));
        const strange = one.error !== undefined && !GaveUpError.isInstance(one.error);
        expect(strange ? one.error : one.reason).toBe(one.reason);
      }
      const ends = events.flatMap((event) => (event.type === "call-end" ? [event.call] : []));
      expect(new Set(ends).size).toBe(ends.length);
      expect(ends).toHaveLength(ended.length);
    });
  },
  slow,
);

test(
  "attempts stay within bounds, and none is made after the deadline, the abort or the end of its call",
  async () => {
    await always(({ ended, made, engine }) => {
      ended.forEach((one, call) => {
        const own = madeBy(made, call);
        expect(own.length).toBeLessThanOrEqual(engine.settings.attempts);
        for (const { at, late } of own) {
          expect(late).toBe(false);
          expect(at).toBeLessThan(one.deadlineAt);
          expect(at).toBeLessThanOrEqual(one.abortedAt);
        }
      });
    });
  },
  slow,
);

/** What an answer closes for every later attempt, as it says itself; in these scenarios nothing reopens in time. */
const closes: Partial<
  Record<Made["what"], (target: Made["target"]) => (other: Made["target"]) => boolean>
> = {
  "bad-key": (target) => (other) => other.account === target.account,
  "bad-region": () => () => true,
  zero: (target) => (other) => other.name === target.name,
  day: (target) => (other) => other.name === target.name,
  "unknown-model": (target) => (other) => other.model === target.model,
};

test(
  "nothing is sent into what an answer said is closed",
  async () => {
    await always(({ made }, { named }) => {
      for (const one of made) {
        // Accounts without a project may turn out to share one, so what a quota closes is not theirs alone.
        const closed =
          !named && (one.what === "zero" || one.what === "day")
            ? undefined
            : closes[one.what]?.(one.target);
        if (!closed) continue;
        const after = made.filter(({ at, target }) => at > one.endedAt && closed(target));
        expect(after.map(({ target, at }) => `${target.name} at ${at}`)).toEqual([]);
      }
    });
  },
  slow,
);

test(
  "nothing is sent before the moment that a refusal named",
  async () => {
    await always(({ made }, { named }) => {
      fc.pre(named);
      for (const one of made) {
        const hint = { quota: 9_000, "quota-unnamed": 2_000 }[one.what as string];
        if (hint === undefined || one.endedAt === Infinity) continue;
        const early = made.filter(
          ({ at, target }) =>
            target.name === one.target.name && at > one.endedAt && at < one.endedAt + hint,
        );
        expect(early).toEqual([]);
      }
    });
  },
  slow,
);

test(
  "a limit that was told is exceeded in no window",
  async () => {
    await always(({ made }, { rpm, fixed }) => {
      if (rpm === undefined || fixed) return;
      for (const { at, target } of made) {
        const window = made.filter(
          (other) => other.target.name === target.name && other.at >= at && other.at < at + 60_000,
        );
        expect(window.length).toBeLessThanOrEqual(rpm);
      }
    });
  },
  slow,
);

test(
  "a limit that was told for fixed minutes is exceeded in no minute of the clock",
  async () => {
    await always(({ made, clock }, { rpm, fixed, fates }) => {
      // Refusals that name the end of a window correct what is known of the server's minutes.
      if (rpm === undefined || !fixed || fates.some(({ what }) => what === "quota")) return;
      const start = clock.wall() - clock.now();
      // Node.js 20 has no `Map.groupBy`.
      const minutes = new Map<string, number>();
      for (const { at, target } of made) {
        const minute = `${target.name} ${Math.floor((start + at) / 60_000)}`;
        minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
      }
      for (const sent of minutes.values()) expect(sent).toBeLessThanOrEqual(rpm);
    });
  },
  slow,
);

test(
  "every permit is given back once: nothing runs, waits, tests or sleeps any more",
  async () => {
    await always(({ shared, clock }) => {
      for (const { running } of shared.running.values()) expect(running).toBe(0);
      for (const { flying } of shared.board.domains.all.values()) expect(flying).toBe(0);
      for (const { lease, flow } of shared.board.closures.values()) {
        expect(lease).toBeLessThanOrEqual(clock.now());
        expect(flow?.running ?? 0).toBe(0);
      }
      expect(shared.room.size).toBe(0);
      expect(shared.room.held).toBe(0);
      expect(clock.sleeping).toBe(0);
    });
  },
  slow,
);

type Proof = (error: GaveUpError, one: Ended, outcome: Outcome) => boolean;

/** How many other calls waited for the board when a call asked to wait for the last time, as the events tell it. */
function othersWaiting({ id }: Ended, { events }: Outcome): number {
  const waiting = new Set<number>();
  let others = 0;
  for (const event of events) {
    if (event.type === "call-end" && event.call === id) break;
    if (event.type === "wait-end") waiting.delete(event.call);
    if (event.type !== "wait-start" || event.why === "backoff") continue;
    if (event.call === id) others = waiting.size;
    waiting.add(event.call);
  }
  return others;
}

/** Whether a call has seen for itself that a target cannot help: it failed there, or with its account or model. */
const hasLeft = ({ trace }: GaveUpError, { name, account, model }: Target): boolean =>
  trace.attempts.some(
    (one) => one.failure && (one.target === name || one.account === account || one.model === model),
  );

/** What the trace of a call must show for each reason. */
const proofs: Record<GiveUpReason, Proof> = {
  "not-retryable": ({ attempts }) => attempts.at(-1)?.failure !== undefined,
  "targets-exhausted": ({ attempts }) =>
    attempts.length > 0 && attempts.every(({ failure }) => failure),
  "attempts-exhausted": ({ attempts }, _, { engine }) =>
    attempts.length >= engine.settings.attempts,
  deadline: ({ trace, failure }, one) =>
    one.startedAt + trace.duration >= one.deadlineAt || failure?.sure === "suspected",
  "all-closed"(error, { closedUntil = [], deadlineAt }) {
    const open = closedUntil.filter(({ at }) => at < deadlineAt);
    return open.length < closedUntil.length && open.every(({ target }) => hasLeft(error, target));
  },
  "too-many-waiting": (_, one, outcome) =>
    othersWaiting(one, outcome) >= outcome.engine.settings.maxWaiting,
  preflight: () => false,
  interrupted: () => false,
};

test(
  "no more calls wait than the policy allows",
  async () => {
    await always(({ mostWaiting, engine }) => {
      expect(mostWaiting).toBeLessThanOrEqual(engine.settings.maxWaiting);
    });
  },
  slow,
);

test(
  "every call that fails ends with a reason of the closed list, and its trace proves it",
  async () => {
    await always((outcome) => {
      outcome.ended.forEach((one, call) => {
        const { error } = one;
        const sent = madeBy(outcome.made, call).map(({ target }) => target.name);
        expect(one.result ? targetsOf(one.result) : sent).toEqual(sent);
        if (one.result) return;
        if (error === one.reason) return;
        expect(GaveUpError.isInstance(error) ? "" : inspect(error)).toBe("");
        const gaveUp = error as GaveUpError;
        expect(
          proofs[gaveUp.reason](gaveUp, one, outcome) ? "" : `${gaveUp.reason}: ${gaveUp.message}`,
        ).toBe("");
        expect(targetsOf(gaveUp)).toEqual(sent);
      });
    });
  },
  slow,
);

test(
  "no key is in any event, trace or error, however it is printed",
  async () => {
    await always(({ ended, events, shared }) => {
      const printed: string[] = [
        JSON.stringify(events),
        inspect(events, { depth: 20 }),
        inspect(shared.board, { depth: 20 }),
      ];
      for (const { error, result, reason } of ended) {
        if (result)
          printed.push(JSON.stringify(result.trace), inspect(result.trace, { depth: 20 }));
        if (error === undefined || error === reason) continue;
        const { stack, message, cause } = error as Error;
        printed.push(
          inspect(error, { depth: 20 }),
          `${error as Error}`,
          JSON.stringify(error),
          stack ?? "",
          message,
          inspect(cause, { depth: 20 }),
        );
      }
      expect(printed.filter((text) => text.includes("AIzaSyFake"))).toEqual([]);
    });
  },
  slow,
);

test(
  "the same seed gives the same events and traces",
  async () => {
    await always(async (outcome, scenario) => {
      const again = await play(scenario);
      expect(JSON.stringify(again.events)).toBe(JSON.stringify(outcome.events));
      expect(tracesOf(again)).toBe(tracesOf(outcome));
    });
  },
  slow,
);
