import { type PolicyOptions } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { overloaded } from "../../support/failures.ts";
import { setUp } from "./set-up.ts";

/** How a call ended, and when it began, in ms. */
interface End {
  at: number;
  ok: boolean;
}

/** Two calls a second to one model that is down for a while, and takes `takes` ms for an answer. */
async function outage(
  options: PolicyOptions,
  { until, takes, calls }: { until: number; takes: number; calls: number },
): Promise<{ ends: End[]; sent: number[] }> {
  const { clock, policy, server, times } = setUp(options);
  const down = (): boolean => clock.now() >= 20_000 && clock.now() < until;
  const call = server({ "*": () => (down() ? overloaded() : "ok") }, { takes });
  const all = Array.from({ length: calls }, async (_, nth) => {
    const at = nth * 500;
    await clock.sleep(at);
    return policy.execute(call, { model: "m" }).then(
      () => ({ at, ok: true }),
      () => ({ at, ok: false }),
    );
  });
  return { ends: await clock.run(Promise.all(all)), sent: times() };
}

describe("after an outage that outlasted the deadlines of the calls that wait", () => {
  const options: PolicyOptions = { deadline: 20_000, patience: 0 };

  test("the model is tested by a call that has time for an answer, and serves again within seconds", async () => {
    const { ends } = await outage(options, { until: 120_000, takes: 3_000, calls: 400 });
    // Those that began well before its end could not be helped.
    const after = ends.filter(({ at }) => at > 120_000);
    expect(after.filter(({ ok }) => !ok)).toEqual([]);
  });

  test("a test that ends with its call's own deadline counts as no failure", async () => {
    const { clock, policy, server, ofType } = setUp({
      deadline: 20_000,
      breaker: { calls: 2, streak: 2 },
    });
    let healthy = false;
    const quick = server({ "*": () => (healthy ? "ok" : overloaded()) });
    for (const _ of [1, 2]) await clock.run(policy.execute(quick, { model: "m" }).catch(() => {}));
    expect(ofType("breaker-change").map(({ state }) => state)).toContain("open");
    healthy = true;
    const slow = server({ "*": "ok" }, { takes: 3_000 });
    const closures = ofType("scope-close").length;
    await clock.run(policy.execute(slow, { model: "m", deadline: 25_000 }).catch(() => {}));
    await clock.run(policy.execute(slow, { model: "m", deadline: 1_000 }).catch(() => {}));
    expect(ofType("scope-close")).toHaveLength(closures);
  });
});

test("a call that waits alone may test a model even where it has hardly time for an answer", async () => {
  const { clock, policy, server } = setUp({ breaker: { calls: 1, streak: 1 } });
  let healthy = true;
  const call = server({ "*": () => (healthy ? "ok" : overloaded()) }, { takes: 3_000 });
  const ask = (deadline: number): Promise<unknown> =>
    clock.run(
      policy.execute(call, { model: "m", deadline }).then(
        () => "ok",
        () => "failed",
      ),
    );
  expect(await ask(10_000)).toBe("ok");
  healthy = false;
  expect(await ask(4_000)).toBe("failed");
  healthy = true;
  await clock.advance(60_000);
  expect(await ask(3_100)).toBe("ok");
});

test("where a quota is too small for the traffic, no request is spent on a call that has no time for its answer", async () => {
  const { clock, policy, server } = setUp({ limits: { m: { rpm: 10 } }, deadline: 60_000 });
  const call = server({ "*": "ok" }, { takes: 5_000 });
  const all = Array.from({ length: 200 }, async (_, nth) => {
    await clock.sleep(nth * 3_000);
    return policy.execute(call, { model: "m" }).then(
      () => true,
      () => false,
    );
  });
  const served = (await clock.run(Promise.all(all))).filter(Boolean).length;
  // Ten minutes of twenty calls each, and ten requests each.
  expect(served).toBeGreaterThanOrEqual(100);
});
