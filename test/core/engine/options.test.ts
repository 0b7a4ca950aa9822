import { attempted, createPolicy, type PolicyEvent, type PolicyOptions } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { checkOptions } from "../../../packages/core/src/settings.ts";
import { badKey, internal, overloaded } from "../../support/failures.ts";
import { accounts, rejection, setUp } from "./set-up.ts";

const key = "AIzaSyFake-key-0123456789";
const account = (more: object): PolicyOptions => ({
  accounts: [{ name: "main", apiKey: key, ...more }],
});
const bad = (options: object): PolicyOptions => options;

describe("an option that cannot be", () => {
  test.each<[string, PolicyOptions, RegExp]>([
    ["unknown", bad({ retries: 3 }), /retries.*no such option.*attempts/],
    ["preset", bad({ preset: "fast" }), /preset is "fast": give one of .*"interactive".*"batch"/],
    ["order", bad({ order: "random" }), /order is "random": .*"in-order".*"balanced"/],
    [
      "afterContent",
      bad({ afterContent: "go on" }),
      /afterContent is "go on": .*"fail".*"continue"/,
    ],
    ["patience", { patience: -1 }, /patience is -1: give a number of at least 0/],
    ["deadline", { deadline: NaN }, /deadline is NaN: give a number/],
    ["attemptTimeout", bad({ attemptTimeout: "5s" }), /attemptTimeout is "5s": give a number/],
    ["firstContentTimeout", { firstContentTimeout: -5 }, /firstContentTimeout is -5/],
    ["stallTimeout", { stallTimeout: -5 }, /stallTimeout is -5/],
    ["attempts", { attempts: 0 }, /attempts is 0: give a number of at least 1/],
    ["maxWaiting", { maxWaiting: -1 }, /maxWaiting is -1/],
    ["quotaWindow", { quotaWindow: 0 }, /quotaWindow is 0/],
    ["concurrency", { concurrency: 0 }, /concurrency is 0/],
    ["backoff.base", { backoff: { base: -1 } }, /backoff\.base is -1/],
    ["backoff.cap", { backoff: { cap: -1 } }, /backoff\.cap is -1/],
    [
      "backoff.factor",
      { backoff: { factor: 0.5 } },
      /backoff\.factor is 0\.5: give a number of at least 1/,
    ],
    [
      "backoff.jitter",
      bad({ backoff: { jitter: "half" } }),
      /backoff\.jitter is "half": .*"full".*"none"/,
    ],
    ["limits", { limits: { m: { rpm: -3 } } }, /limits\["m"\]\.rpm is -3/],
    [
      "fallbacks",
      bad({ fallbacks: { m: "n" } }),
      /fallbacks\["m"\] is "n": give a list of model names/,
    ],
    ["chain", bad({ chain: ["m", ""] }), /chain\[1\] is "": give model names/],
    [
      "catalogue",
      bad({ catalogue: { "rate-limit": {} } }),
      /catalogue\["rate-limit"\].*no such kind/,
    ],
    [
      "the kind of a rule",
      bad({ rules: { "rate-limit": { action: "next" } } }),
      /rules\["rate-limit"\].*no such kind/,
    ],
    [
      "a field of a rule",
      bad({ rules: { timeout: { next: true } } }),
      /rules\["timeout"\]\.next.*a rule has .*action/,
    ],
    [
      "what a rule does",
      bad({ rules: { timeout: { action: "stop" } } }),
      /rules\["timeout"\]\.action is "stop": .*"wait"/,
    ],
    [
      "how often a rule repeats",
      { rules: { timeout: { attempts: 0 } } },
      /rules\["timeout"\]\.attempts is 0/,
    ],
    [
      "the backoff of a rule",
      { rules: { timeout: { backoff: { base: -1 } } } },
      /rules\["timeout"\]\.backoff\.base is -1/,
    ],
    ["accounts", { accounts: [] }, /accounts is "empty": give at least one account/],
    ["accounts that are no list", bad({ accounts: "main" }), /accounts is "main"/],
    [
      "an account without a name",
      account({ name: " " }),
      /accounts\[0\]\.name is " ": give the account a name/,
    ],
    [
      "two accounts of one name",
      { accounts: [...accounts("a"), ...accounts("a")] },
      /accounts\[1\]\.name is "a": two accounts/,
    ],
    [
      "a key that is undefined",
      account({ apiKey: undefined }),
      /"main" has no key: accounts\[0\]\.apiKey is undefined.*environment variable/,
    ],
    ["a key that is empty", account({ apiKey: "  " }), /"main" has no key/],
    ["a key with a line break", account({ apiKey: `${key}\nx` }), /"main".*copy it anew/],
    [
      "an endpoint in clear",
      account({ baseURL: "http://relay.example" }),
      /accounts\[0\]\.baseURL is "http:\/\/relay\.example".*https/,
    ],
    [
      "an endpoint that is no URL",
      account({ baseURL: "relay" }),
      /accounts\[0\]\.baseURL is "relay": give a whole URL/,
    ],
    [
      "an endpoint with a password",
      account({ baseURL: "https://u:secret@relay.example" }),
      /leave user and password out/,
    ],
    [
      "limits of an account",
      account({ limits: { m: { tpm: -1 } } }),
      /accounts\[0\]\.limits\["m"\]\.tpm is -1/,
    ],
  ])("is refused with field, value and remedy: %s", (_, options, message) => {
    const make = (): unknown => createPolicy(options);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
    expect(make).not.toThrow(/AIzaSyFake|secret/);
  });

  test.each([
    ["deadline", { deadline: -1 }],
    ["patience", { patience: NaN }],
    ["attemptTimeout", { attemptTimeout: -1 }],
    ["tokens", { tokens: -1 }],
    ["requests", { requests: NaN }],
  ])("is refused in a call as well, and nothing is sent: %s", async (name, options) => {
    const { policy, server, sent } = setUp();
    const error = await rejection(policy.execute(server({ "*": "ok" }), options));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(`the call's ${name} is ${Object.values(options)[0]}`);
    expect(sent).toEqual([]);
  });

  test.each([
    "http://localhost:8080",
    "http://127.0.0.1:8080/",
    "http://[::1]:1",
    "https://relay.example/",
  ])("is no endpoint such as %s", (baseURL) => {
    const [main] = checkOptions(account({ baseURL })).accounts;
    expect(main?.baseURL).toBe(baseURL.replace(/\/$/, ""));
  });
});

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
