import { type Call, type CallOptions, type PolicyOptions } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { internal } from "../../support/failures.ts";
import { accounts, rejection, setUp } from "./set-up.ts";

const two = { accounts: accounts("a", "b") };
const soon = { ...two, hedge: { delay: 1_000, share: 1 } };

/** Runs one call whose attempts take as long as their account says; `Infinity`: for ever, deaf to its signal. */
function run(options: PolicyOptions, takes: Record<string, number>, call: CallOptions = {}) {
  const bench = setUp(options);
  const aborted: string[] = [];
  const attempt: Call<string> = async ({ account }, { signal }) => {
    bench.sent.push({ target: account, at: bench.clock.now(), input: undefined });
    signal.addEventListener("abort", () => aborted.push(account));
    const ms = takes[account] ?? 0;
    if (ms === Infinity) return new Promise<never>(() => {});
    await bench.clock.sleep(ms, signal);
    return account;
  };
  return {
    ...bench,
    aborted,
    attempt,
    outcome: bench.policy.execute(attempt, { model: "m", ...call }),
  };
}

describe("a hedge", () => {
  test("starts a second attempt elsewhere when the first takes unusually long, and the faster one wins", async () => {
    const { clock, outcome, sent, aborted, ofType } = run(soon, { a: 30_000, b: 500 });
    const { value, trace } = await clock.run(outcome);
    expect(value).toBe("b");
    expect(sent.map(({ target, at }) => [target, at])).toEqual([
      ["a", 0],
      ["b", 1_000],
    ]);
    expect(trace).toMatchObject({
      servedBy: "b/m",
      duration: 1_500,
      attempts: [{}, { role: "hedge" }],
    });
    expect(aborted).toEqual(["a"]);
    expect(ofType("hedge-start")).toHaveLength(1);
    expect(clock.sleeping).toBe(0);
  });

  test("loses to the first attempt when that one is faster after all", async () => {
    const { clock, outcome, aborted } = run(soon, { a: 1_200, b: 9_000 });
    expect((await clock.run(outcome)).value).toBe("a");
    expect(aborted).toEqual(["b"]);
    expect(clock.sleeping).toBe(0);
  });

  test.each<[string, PolicyOptions, CallOptions]>([
    ["by default", two, {}],
    ["where an answer comes soon enough", { ...two, hedge: { delay: 40_000, share: 1 } }, {}],
    ["for a call whose tools have effects", soon, { unsafe: true }],
    [
      "into the same project and model, which share one quota",
      { ...soon, accounts: accounts("a", "b").map((one) => ({ ...one, project: "p" })) },
      {},
    ],
    ["beyond its share of the calls", { ...two, hedge: { delay: 1_000, share: 0 } }, {}],
    ["before enough answers were seen to know what is long", { ...two, hedge: { share: 1 } }, {}],
    ["for a call that is pinned to one account", soon, { account: "a" }],
  ])("is not made %s", async (_, options, call) => {
    const { clock, outcome, sent } = run(options, { a: 30_000 }, call);
    expect((await clock.run(outcome)).value).toBe("a");
    expect(sent).toHaveLength(1);
  });

  test("learns from the answers what is long", async () => {
    const { clock, policy } = setUp({ ...two, hedge: { share: 1 } });
    const call = (ms: number, unsafe = false) =>
      policy.execute(
        async ({ account }) => {
          await clock.sleep(account === "a" ? ms : 10);
          return account;
        },
        { model: "m", unsafe },
      );
    for (let nth = 1; nth <= 40; nth += 1) await clock.run(call(100 * nth, true));
    const { value, trace } = await clock.run(call(60_000));
    expect(value).toBe("b");
    expect(trace.duration).toBeGreaterThanOrEqual(3_700);
    expect(trace.duration).toBeLessThanOrEqual(4_000);
  });

  test("that fails leaves the first attempt running", async () => {
    const { clock, policy, sent } = setUp(soon);
    const call = policy.execute(
      async ({ account }) => {
        sent.push({ target: account, at: clock.now(), input: undefined });
        if (account === "b") throw internal();
        await clock.sleep(5_000);
        return account;
      },
      { model: "m" },
    );
    expect((await clock.run(call)).value).toBe("a");
    expect(sent).toHaveLength(2);
  });

  test("and the first attempt may both fail: the call goes on", async () => {
    const { clock, policy, server, sent } = setUp(soon);
    const replies = { "a/m": [internal(), "ok"], "b/m": [internal(), "ok"] };
    const call = policy.execute(server(replies, { takes: 3_000 }), { model: "m" });
    expect((await clock.run(call)).value).toBe("ok");
    expect(sent.length).toBeGreaterThanOrEqual(3);
  });

  test("ends with the first attempt when the caller aborts", async () => {
    const controller = new AbortController();
    const { clock, outcome, aborted } = run(
      soon,
      { a: 30_000, b: 30_000 },
      { signal: controller.signal },
    );
    const seen = rejection(outcome);
    await clock.advance(2_000);
    controller.abort("gone");
    expect(await seen).toBe("gone");
    expect(aborted.toSorted()).toEqual(["a", "b"]);
    expect(clock.sleeping).toBe(0);
  });

  test("gives back its place, whoever wins, and leaves no timer even of an attempt deaf to its signal", async () => {
    for (const takes of [
      { a: 1_100, b: Infinity },
      { a: Infinity, b: 500 },
    ]) {
      const { clock, outcome, policy, attempt } = run({ ...soon, concurrency: 2 }, takes);
      await clock.run(outcome);
      expect(clock.sleeping).toBe(0);
      expect(await clock.run(policy.execute(attempt, { model: "m" }))).toBeDefined();
    }
  });

  test("closes nothing: the loser says nothing of its target", async () => {
    const { clock, policy, attempt } = run(soon, { a: 30_000, b: 100 });
    for (let nth = 0; nth < 30; nth += 1) await clock.run(policy.execute(attempt, { model: "m" }));
    expect(policy.status().closed).toEqual([]);
  });

  test("counts in the quota of where it is sent", async () => {
    const { clock, outcome, policy } = run(
      { ...soon, limits: { "*": { rpm: 5 } } },
      { a: 9_000, b: 100 },
    );
    await clock.run(outcome);
    expect(policy.status().domains.map(({ requests }) => requests)).toEqual([1, 1]);
  });
});
