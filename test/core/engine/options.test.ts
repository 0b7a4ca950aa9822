import { attempted, createPolicy, type PolicyEvent, type PolicyOptions } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { badKey, internal, overloaded } from "../../support/failures.ts";
import { accounts, rejection, setUp } from "./set-up.ts";

describe("defaults", () => {
  test("serve a person at a screen; a preset serves a job; what is given wins", () => {
    expect(createPolicy().settings).toMatchObject({
      attempts: 30,
      patience: 10_000,
      deadline: 600_000,
      attemptTimeout: 300_000,
      firstContentTimeout: 300_000,
      stallTimeout: 60_000,
      afterContent: "fail",
      order: "in-order",
      maxWaiting: 10_000,
      quotaWindow: 60_000,
    });
    expect(createPolicy({ preset: "batch" }).settings).toMatchObject({
      patience: 600_000,
      deadline: 86_400_000,
    });
    expect(createPolicy({ preset: "batch", deadline: 5 }).settings).toMatchObject({
      patience: 600_000,
      deadline: 5,
    });
    expect(createPolicy({ stallTimeout: 7, afterContent: "continue" }).settings).toMatchObject({
      stallTimeout: 7,
      afterContent: "continue",
    });
  });

  test("hold where an option is undefined", () => {
    const options = { deadline: undefined, breaker: undefined } as unknown as PolicyOptions;
    expect(createPolicy(options).settings).toMatchObject({ deadline: 600_000, breaker: {} });
  });
});

describe("backoff", () => {
  test.each([
    [{ base: 100, factor: 3, jitter: "none" }, [100, 300, 900]],
    [{ base: 100, factor: 3, cap: 200, jitter: "none" }, [100, 200, 200]],
  ] as const)("%o waits so long before each attempt", async (backoff, delays) => {
    const { clock, policy, server, times } = setUp({ attempts: 4, backoff });
    await clock.run(rejection(policy.execute(server({ "*": internal() }))));
    expect(
      times()
        .slice(1)
        .map((at, nth) => at - times()[nth]!),
    ).toEqual(delays);
  });

  test("has full jitter unless it is told otherwise", async () => {
    const delays = new Set<number>();
    for (let seed = 1; seed <= 20; seed += 1) {
      const { clock, policy, server, times } = setUp(
        { attempts: 2, backoff: { base: 1_000 } },
        { seed },
      );
      await clock.run(rejection(policy.execute(server({ "*": internal() }))));
      delays.add(times()[1]!);
      expect(times()[1]).toBeLessThan(1_000);
    }
    expect(delays.size).toBe(20);
  });
});

describe("limits", () => {
  test.each([
    ["requests of a minute", { rpm: 2 }, {}, 60_250],
    ["tokens of a minute", { tpm: 100 }, { tokens: 50 }, 60_250],
    ["what the quota counts, such as the texts of a batch", { rpm: 20 }, { requests: 10 }, 60_250],
  ])("hold back what is over them: %s", async (...[, limit, call, at]) => {
    for (const options of [
      { limits: { "*": limit } },
      { limits: { m: limit } },
      { accounts: [{ ...accounts("a")[0]!, limits: { m: limit } }] },
    ]) {
      const { clock, policy, server, times } = setUp(options);
      const three = [1, 2, 3].map(() =>
        policy.execute(server({ "*": "ok" }), { model: "m", ...call }),
      );
      await clock.run(Promise.all(three));
      expect(Math.max(...times())).toBe(at);
    }
  });

  test("hold back the requests of a day until midnight Pacific", async () => {
    for (const options of [
      { limits: { "*": { rpd: 2 } } },
      { accounts: [{ ...accounts("a")[0]!, limits: { m: { rpd: 2 } } }] },
    ]) {
      const { clock, policy, server, times } = setUp({ ...options, preset: "batch" });
      const three = [1, 2, 3].map(() => policy.execute(server({ "*": "ok" }), { model: "m" }));
      await clock.run(Promise.all(three));
      const midnight = 12 * 3_600_000;
      expect(Math.max(...times())).toBeGreaterThanOrEqual(midnight);
      expect(Math.max(...times())).toBeLessThan(midnight + 5_000);
    }
  });

  test("come from the catalogue for a tier, and nobody else's tier", async () => {
    const [one] = accounts("a");
    const models = {
      limits: (_: string, tier: string) => (tier === "free" ? { rpm: 1 } : undefined),
    };
    for (const tier of ["free", "tier-1"]) {
      const { clock, policy, server, times } = setUp({ accounts: [{ ...one!, tier }], models });
      const two = [1, 2].map(() => policy.execute(server({ "*": "ok" }), { model: "m" }));
      await clock.run(Promise.all(two));
      expect(Math.max(...times())).toBe(tier === "free" ? 60_250 : 0);
    }
  });

  test("count in a minute that tests may shorten", async () => {
    const { clock, policy, server, times } = setUp({
      limits: { "*": { rpm: 1 } },
      quotaWindow: 1_000,
    });
    await clock.run(Promise.all([1, 2].map(() => policy.execute(server({ "*": "ok" })))));
    expect(times()[1]).toBeLessThan(1_100);
  });

  test("refuse at once a request that is larger than a minute allows", async () => {
    const { clock, policy, server, sent } = setUp({ limits: { "*": { tpm: 1_000 } } });
    const error = await rejection(
      policy.execute(server({ "*": "ok" }), { model: "m", tokens: 1_001 }),
    );
    expect(error).toMatchObject({ reason: "preflight" });
    expect(String(error)).toMatch(/1001 tokens.*1000/);
    expect([sent.length, clock.now()]).toEqual([0, 0]);
  });
});

describe("a limit of nothing, such as the catalogue knows of a tier", () => {
  test("is told as such, and nothing is sent", async () => {
    const [one] = accounts("a");
    const { policy, server, sent } = setUp({ accounts: [{ ...one!, tier: "free" }] });
    const error = await rejection(
      policy.execute(server({ "*": "ok" }), { model: "gemini-2.5-pro" }),
    );
    expect(error).toMatchObject({ reason: "preflight" });
    expect(String(error)).toMatch(/a\/gemini-2\.5-pro allow no request at all/);
    expect(sent).toEqual([]);
  });
});

describe("onEvent", () => {
  test("hears every event with its time, also what `on` hears until it is ended", async () => {
    const heard: PolicyEvent[] = [];
    const { policy, server, events, clock } = setUp();
    const end = policy.on((event) => void heard.push(event));
    await clock.run(policy.execute(server({ "*": [overloaded(), "ok"] }), { model: "m" }));
    expect(heard).toEqual(events);
    expect(events.map(({ type }) => type)).toEqual([
      "call-start",
      "attempt-start",
      "attempt-end",
      "decision",
      "wait-start",
      "wait-end",
      "attempt-start",
      "attempt-end",
      "call-end",
    ]);
    expect(events.every(({ at }) => at >= clock.wall() - 60_000)).toBe(true);
    end();
    await clock.run(policy.execute(server({ "*": "ok" })));
    expect(heard.length).toBeLessThan(events.length);
  });

  test("may throw: that is warned of once, and the call goes on", async () => {
    const warnings: PolicyEvent[] = [];
    const { policy, server } = setUp({
      onEvent(event) {
        if (event.type === "warning") warnings.push(event);
        else throw new Error("listener trouble");
      },
    });
    expect((await policy.execute(server({ "*": "ok" }))).value).toBe("ok");
    expect(warnings).toMatchObject([{ code: "listener-threw" }]);
  });
});

describe("allow", () => {
  const relay = { ...accounts("relay")[0]!, baseURL: "https://relay.example" };
  const mixed = accounts("a", "b").map((one, nth) => ({ ...one, tier: nth ? "tier-1" : "free" }));
  test.each<[string, PolicyOptions, string[]]>([
    ["a relay", { accounts: [relay] }, ["relay"]],
    ["a relay that is trusted", { accounts: [relay], allow: { relays: true } }, []],
    ["free and paid accounts side by side", { accounts: mixed }, ["mixed-tiers"]],
    ["the same, as it is meant", { accounts: mixed, allow: { mixedTiers: true } }, []],
    ["one's own machine", { accounts: [{ ...relay, baseURL: "http://127.0.0.1:8080" }] }, []],
  ])("%s warns as often as it must: once or never", async (_, options, codes) => {
    const { policy, server, ofType } = setUp(options);
    policy.with({ patience: 1 });
    await policy.execute(server({ "*": "ok" }), { model: "m" });
    expect(ofType("warning").map(({ code }) => code)).toEqual(codes);
  });
});

describe("models", () => {
  test("say what a name stands for, so that two names share one quota", async () => {
    const { clock, policy, server, times } = setUp({
      limits: { "*": { rpm: 1 } },
      models: { resolve: () => "real" },
    });
    await clock.run(
      Promise.all(["one", "two"].map((model) => policy.execute(server({ "*": "ok" }), { model }))),
    );
    expect(Math.max(...times())).toBe(60_250);
  });

  test("say which window is larger, where an input did not fit", async () => {
    const tooLong = Object.assign(
      new Error(
        "The input token count (2000) exceeds the maximum number of tokens allowed (1000).",
      ),
      { status: 400 },
    );
    const { clock, policy, server, targets } = setUp({
      chain: ["small", "smaller", "large"],
      models: { window: (name) => ({ small: 1_000, smaller: 500, large: 9_000 })[name] },
    });
    await clock.run(policy.execute(server({ "default/small": tooLong, "*": "ok" })));
    expect(targets()).toEqual(["default/small", "default/large"]);
  });

  test("say what to warn of when another one answered", async () => {
    const { policy, ofType } = setUp({
      models: {
        served: (asked, served) => (asked === served ? undefined : `${served} for ${asked}`),
      },
    });
    for (const modelVersion of ["m", "n", "n"])
      await policy.execute(() => attempted("x", { modelVersion }), { model: "m" });
    expect(ofType("warning")).toMatchObject([{ code: "other-model-served", message: "n for m" }]);
  });
});

describe("a store", () => {
  test("that fails is warned of and done without", async () => {
    const broken = {
      load: () => Promise.reject(new Error("no disk")),
      save: () => Promise.reject(new Error("no disk")),
    };
    const { clock, policy, server, ofType } = setUp({ store: broken });
    expect(
      await clock.run(
        policy.execute(server({ "*": [badKey(), "ok"] }), { model: "m" }).catch(() => "gave up"),
      ),
    ).toBe("gave up");
    await clock.run(policy.flush());
    expect(ofType("warning").map(({ code }) => code)).toEqual(["store-failed", "store-failed"]);
  });

  test("that never answers holds the first call up for no more than two seconds", async () => {
    const silent = { load: () => new Promise<never>(() => {}), save: async () => {} };
    const { clock, policy, server } = setUp({ store: silent });
    await clock.run(policy.execute(server({ "*": "ok" })));
    expect(clock.now()).toBe(2_000);
  });
});

describe("a call's own patience", () => {
  test("lets it wait for the better model where the policy would take the lesser one", async () => {
    const { clock, policy, server, targets } = setUp({
      chain: ["m", "n"],
      limits: { m: { rpm: 1 } },
    });
    const call = server({ "*": "ok" });
    await policy.execute(call);
    await clock.run(policy.execute(call));
    await clock.run(policy.execute(call, { patience: 100_000 }));
    expect(targets()).toEqual(["default/m", "default/n", "default/m"]);
  });
});
