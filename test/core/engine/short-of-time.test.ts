import { type CallOptions } from "@holdfast/core";
import { createVirtualClock } from "@holdfast/gemini-simulator";
import { describe, expect, test } from "vitest";

import { type CallState } from "../../../packages/core/src/call-state.ts";
import { type Answered, Room } from "../../../packages/core/src/room.ts";
import { accounts, type Bench, setUp } from "./set-up.ts";

/** Lets the policy see that answers of a model take `ms`. */
async function show({ clock, policy }: Bench, where: CallOptions, ms: number): Promise<void> {
  await clock.run(policy.execute(() => clock.sleep(ms), where));
}

describe("a call with less time left than answers take", () => {
  test("does not hold up who stands behind it, though another account opens for it later", async () => {
    const bench = setUp({ accounts: accounts("a", "b") });
    const { clock, policy, server, sent } = bench;
    await show(bench, { model: "m" }, 10_000);
    const shown = clock.now();
    policy.close("target:a m", 1_000);
    policy.close("target:b m", 5_000);
    const call = server({ "*": "ok" }, { takes: 100 });
    const calls = [7_000, 60_000].map((deadline) =>
      policy.execute(call, { model: "m", deadline, input: deadline }),
    );
    await clock.run(Promise.all(calls));
    expect(sent.map(({ at, target, input }) => [at - shown, target, input])).toEqual([
      [1_000, "a/m", 60_000],
      [1_000, "a/m", 7_000],
    ]);
  });

  test("goes at once where others wait for another model only", async () => {
    const bench = setUp();
    const { clock, policy, server, ofType } = bench;
    await show(bench, { model: "m" }, 10_000);
    policy.close("target:default n", 2_000);
    const call = server({ "*": "ok" });
    const other = policy.execute(call, { model: "n" });
    const { trace } = await policy.execute(call, { model: "m", deadline: 5_000 });
    expect(trace.waits).toEqual([]);
    await clock.run(other);
    expect(ofType("wait-start")).toHaveLength(1);
  });

  test("goes as soon as nobody who has more time waits any longer", async () => {
    const bench = setUp({ concurrency: 1 });
    const { clock, policy, server, sent } = bench;
    await show(bench, { model: "m" }, 10_000);
    const shown = clock.now();
    const first = policy.execute(() => clock.sleep(3_000), { model: "m" });
    const call = server({ "*": "ok" }, { takes: 500 });
    const deadlines = [6_000, 8_000, 60_000, 50_000];
    const rest = deadlines.map((deadline) =>
      policy.execute(call, { model: "m", deadline, input: deadline }),
    );
    await clock.run(Promise.all([first, ...rest]));
    // Of those that are late already, the one that is least so has the best chance.
    expect(sent.map(({ at, input }) => [at - shown, input])).toEqual([
      [3_000, 50_000],
      [3_500, 60_000],
      [4_000, 8_000],
      [4_500, 6_000],
    ]);
  });

  test("is hedged all the same once nobody else waits", async () => {
    const bench = setUp({ accounts: accounts("a", "b"), hedge: { delay: 2_000, share: 1 } });
    const { clock, policy, server, sent } = bench;
    await show(bench, { model: "m", account: "a" }, 1_900);
    await show(bench, { model: "m", account: "b" }, 1_900);
    const shown = clock.now();
    policy.close("target:a m", 1_000);
    policy.close("target:b m", 1_000);
    const quick = server({ "*": "ok" });
    const slow = policy.execute(
      (target, context) => (context.attempt === 1 ? clock.sleep(30_000) : quick(target, context)),
      { model: "m", deadline: 4_500 },
    );
    const other = policy.execute(quick, { model: "m", deadline: 90_000 });
    await clock.run(Promise.all([slow, other]));
    expect(sent.map(({ at, target }) => [at - shown, target])).toEqual([
      [1_000, "a/m"],
      [3_000, "b/m"],
    ]);
  });
});

/** As much of a call as the waiting room looks at. */
const state = (nth: number): CallState =>
  ({
    id: nth,
    plan: { key: "m" },
    out: [],
    options: {},
    deadlineAt: 60_000 + nth,
    patience: 0,
  }) as unknown as CallState;

describe("the waiting room", () => {
  const calls = 2_000;

  /** So many calls that are all short of time wait for one place, which is free again after each. */
  function crowd(joinMeanwhile = false) {
    const clock = createVirtualClock({ seed: 1 });
    let asked = 0;
    let joined: Promise<unknown> | undefined;
    const room = new Room<Answered>(clock, (_, yields) => {
      asked += 1;
      if (joinMeanwhile && asked === 2) joined = room.wait(state(0), waiting);
      if (!yields) return { action: "go" };
      return { ...waiting, until: Infinity, passes: true };
    });
    const waiting: Answered = { action: "wait", choosy: false, own: false, until: 0 };
    const all = Array.from({ length: calls }, (_, nth) => room.wait(state(nth + 1), waiting));
    return { clock, room, all, asked: () => asked, joined: () => joined };
  }

  test("asks each of the many that are short of time twice at most", async () => {
    const { clock, all, asked, room } = crowd();
    await clock.run(Promise.all(all));
    expect(asked()).toBeLessThanOrEqual(2 * calls);
    expect(room.size).toBe(0);
  });

  test("keeps a call that comes while another one is being asked", async () => {
    const { clock, all, joined, room } = crowd(true);
    await clock.run(Promise.all(all));
    expect(await clock.run(joined()!)).toMatchObject({ action: "go" });
    expect(clock.now()).toBe(0);
    expect(room.size).toBe(0);
  });
});
