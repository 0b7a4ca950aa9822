import { createPolicy, type Policy } from "@holdfast/core";
import { createVirtualClock } from "@holdfast/gemini-simulator";
import { describe, expect, test } from "vitest";

import { type CallState } from "../../../packages/core/src/call-state.ts";
import { execute } from "../../../packages/core/src/execute.ts";
import { PolicyEngine } from "../../../packages/core/src/policy-engine.ts";
import { Room } from "../../../packages/core/src/room.ts";
import { checkOptions } from "../../../packages/core/src/settings.ts";
import { Shared } from "../../../packages/core/src/shared.ts";
import { badKey, overloaded, quotaError, unknownModel } from "../../support/failures.ts";
import { rejection } from "./set-up.ts";

/** How many entries all collections of an object hold, however deep. */
function entriesOf(value: unknown, seen = new Set<object>()): number {
  if (typeof value !== "object" || value === null || seen.has(value)) return 0;
  seen.add(value);
  const inside =
    value instanceof Map
      ? [...value.values()]
      : value instanceof Set
        ? [...value]
        : Object.values(value);
  const own =
    value instanceof Map || value instanceof Set || Array.isArray(value) ? inside.length : 0;
  return inside.reduce<number>((sum, one) => sum + entriesOf(one, seen), own);
}

function open(options: Parameters<typeof checkOptions>[0] = {}) {
  const clock = createVirtualClock();
  const shared = new Shared(clock);
  const engine = new PolicyEngine(shared, checkOptions(options));
  return {
    clock,
    shared,
    call: (nth: number, answer: () => string, affinity?: string) =>
      execute(engine, answer, { model: `model-${nth}`, ...(affinity ? { affinity } : {}) }),
  };
}

const throwing = (error: Error) => (): string => {
  throw error;
};

describe("200,000 calls with ever new models and conversations", () => {
  const most = 120_000;

  test("leave the board, the conversations and the plans within bounds", async () => {
    const { shared, call } = open({ concurrency: 10 });
    let largest = 0;
    for (let nth = 0; nth < 200_000; nth += 1) {
      await call(nth, () => "ok", `chat-${nth}`);
      if (nth % 20_000 === 19_999) largest = Math.max(largest, entriesOf(shared));
    }
    expect(shared.calls).toBe(200_000);
    expect(largest).toBeLessThan(most);
    expect(shared.board.domains.all.size).toBeLessThanOrEqual(5_001);
    expect(shared.running.size).toBeLessThanOrEqual(5_001);
    expect(shared.conversations.size).toBeLessThanOrEqual(10_000);
  }, 60_000);
});

describe("20,000 calls that fail, each at a scope of its own", () => {
  test.each([
    ["unknown models", () => unknownModel("x")],
    ["quotas without end", () => quotaError({ limit: 0 })],
    ["refused minutes", () => quotaError({ limit: 5, retryDelay: "3600s" })],
    ["overloads", overloaded],
  ])(
    "leave the board within bounds: %s",
    async (_, failure) => {
      const { shared, call } = open({ attempts: 1, deadline: 1_000, hedge: {} });
      const error = failure();
      for (let nth = 0; nth < 20_000; nth += 1) await rejection(call(nth, throwing(error)));
      const { board } = shared;
      for (const map of [
        board.closures,
        board.evidence,
        board.budgets,
        board.domains.all,
        shared.latencies,
      ])
        expect(map.size).toBeLessThanOrEqual(5_001);
      expect(entriesOf(shared)).toBeLessThan(120_000);
    },
    60_000,
  );
});

const waiting = (signal: AbortSignal): CallState =>
  ({
    id: 1,
    plan: { key: "k" },
    out: [],
    options: {},
    deadlineAt: 1e8,
    patience: 0,
    signal,
  }) as never;

describe("one busy model", () => {
  test("keeps no more of its requests than its minute needs", async () => {
    const { shared, call, clock } = open({ limits: { "*": { rpm: 1_000 } } });
    for (let nth = 0; nth < 60; nth += 1) {
      await clock.run(Promise.all(Array.from({ length: 500 }, () => call(0, () => "ok"))));
      await clock.advance(30_000);
    }
    const [domain] = shared.board.domains.all.values();
    expect(domain?.log.length).toBeLessThan(3_000);
  });

  test("leaves nothing of the calls that waited", async () => {
    const clock = createVirtualClock();
    const policy: Policy = createPolicy({ limits: { "*": { rpm: 100 } } }, { clock });
    const controller = new AbortController();
    const calls = Array.from({ length: 1_000 }, (_, nth) =>
      policy.execute(() => "ok", { model: "m", ...(nth % 2 ? { signal: controller.signal } : {}) }),
    );
    const settled = Promise.allSettled(calls);
    await clock.advance(5_000);
    controller.abort(new Error("gone"));
    await clock.run(settled);
    expect(policy.status().waiting).toBe(0);
    expect(clock.sleeping).toBe(0);
  });

  test("forgets waiting calls that went away long before their turn", async () => {
    const clock = createVirtualClock();
    const room = new Room(clock, () => ({ action: "wait", choosy: false, until: 1e9 }));
    const stays = new AbortController();
    const last = room.wait(waiting(stays.signal), { action: "wait", choosy: false, until: 1e9 });
    for (let nth = 0; nth < 20_000; nth += 1) {
      const controller = new AbortController();
      const gone = room.wait(waiting(controller.signal), {
        action: "wait",
        choosy: false,
        until: 1e9,
      });
      controller.abort("gone");
      expect(await gone).toBeUndefined();
    }
    expect(room.size).toBe(1);
    expect(room.held).toBeLessThan(5_000);
    stays.abort("done");
    expect(await last).toBeUndefined();
    expect(room.held).toBe(0);
  });

  test("keeps no key of accounts that derived policies had once", async () => {
    const clock = createVirtualClock();
    const policy = createPolicy({}, { clock });
    for (let nth = 0; nth < 50; nth += 1) {
      const derived = policy.with({
        accounts: [{ name: `user-${nth}`, apiKey: `AIzaSyFake-key-of-user-${nth}-0123` }],
      });
      const error = await clock.run(rejection(derived.execute(throwing(badKey()), { model: "m" })));
      expect(error).toMatchObject({ status: 400 });
    }
    expect(policy.status().closed.length).toBe(50);
  });
});
