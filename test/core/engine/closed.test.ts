import { describe, expect, test } from "vitest";

import { badKey, badRegion, overloaded, quotaError, unknownModel } from "../../support/failures.ts";
import { accounts, rejection, setUp } from "./set-up.ts";

const hour = 3_600_000;
const dayQuota = (): Error =>
  quotaError({
    limit: 20,
    retryDelay: "36s",
    id: "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
  });
const refusedTwenty = (nth: number): Error | string =>
  nth <= 20 ? quotaError({ limit: 10, retryDelay: "1s" }) : "ok";
const zeroQuota = (): Error => quotaError({ limit: 0, retryDelay: "20s" });

describe("a call whose every target is closed for hours", () => {
  test.each([
    ["a dead key", badKey],
    ["a blocked region", badRegion],
    ["an unknown model", () => unknownModel("m")],
    ["no quota at all", zeroQuota],
    ["a spent day", dayQuota],
  ])("fails at once, without an attempt, once another call has met %s", async (_, failure) => {
    const { clock, policy, server, sent } = setUp();
    const call = () =>
      clock.run(rejection(policy.execute(server({ "*": failure() }), { model: "m" })));
    await call();
    await clock.advance(10);
    const before = clock.now();
    const error = await call();
    expect(error).toMatchObject({ reason: "all-closed" });
    expect(String(error)).toMatch(
      /Every target is closed; default\/m opens first, in \d+ (min|h).*: .* is closed \(.+\)\.$/,
    );
    expect(clock.now()).toBe(before);
    expect(sent).toHaveLength(1);
    expect(clock.sleeping).toBe(0);
  });

  test("is tested by one call an hour, and open again when that is answered", async () => {
    const { clock, policy, server, sent, ofType } = setUp();
    const call = (deadline = 500) =>
      policy.execute(server({ "*": [badKey(), badKey(), "ok"] }, { takes: 100 }), {
        model: "m",
        deadline,
      });
    await clock.run(rejection(call()));
    await clock.advance(hour - 1_000);
    expect(await clock.run(rejection(call()))).toMatchObject({ reason: "all-closed" });
    expect(sent).toHaveLength(1);
    await clock.advance(1_000);
    await clock.run(Promise.all(Array.from({ length: 5 }, () => rejection(call()))));
    expect(sent).toHaveLength(2);
    await clock.advance(hour);
    const five = await clock.run(Promise.all(Array.from({ length: 5 }, () => call())));
    expect(five.map(({ value }) => value)).toEqual(Array(5).fill("ok"));
    expect(ofType("scope-open")).toHaveLength(1);
    expect(policy.status().closed).toEqual([]);
  });

  test("waits for the day to end when its deadline allows, even the call that found it spent", async () => {
    const start = Date.UTC(2026, 10, 23, 20);
    const { clock, policy, server, times } = setUp({ preset: "batch" }, { start });
    const reply = () => (clock.wall() < Date.UTC(2026, 10, 24, 8) ? dayQuota() : "ok");
    const { value } = await clock.run(policy.execute(server({ "*": reply }), { model: "m" }));
    expect(value).toBe("ok");
    expect(times().length).toBeLessThanOrEqual(5);
    expect(start + times().at(-1)!).toBeGreaterThanOrEqual(Date.UTC(2026, 10, 24, 8));
    expect(start + times().at(-1)!).toBeLessThan(Date.UTC(2026, 10, 24, 8, 1));
  });

  test("is tested by another call after a minute when the one that tested it has left without a word", async () => {
    const { clock, policy, server } = setUp();
    await clock.run(rejection(policy.execute(server({ "*": badKey() }), { model: "m" })));
    await clock.advance(hour);
    void policy
      .execute(() => new Promise<never>(() => {}), {
        model: "m",
        attemptTimeout: Infinity,
        deadline: Infinity,
      })
      .catch(() => {});
    const next = policy.execute(() => "ok", { model: "m" });
    const before = clock.now();
    expect((await clock.run(next)).value).toBe("ok");
    expect(clock.now() - before).toBe(60_000);
  });
});

describe("a scope that is closed", () => {
  test("is left alone by the calls of a derived policy as well", async () => {
    const { clock, policy, server, targets } = setUp({ accounts: accounts("a", "b") });
    const call = server({ "a/m": badKey(), "*": "ok" });
    await clock.run(policy.execute(call, { model: "m" }));
    await clock.run(policy.with({ patience: 0 }).execute(call, { model: "m" }));
    expect(targets()).toEqual(["a/m", "b/m", "b/m"]);
  });

  test("stays closed when a later refusal names an earlier moment", async () => {
    const { clock, policy, server, times } = setUp();
    const replies = [
      quotaError({ limit: 50, retryDelay: "50s" }),
      quotaError({ limit: 50, retryDelay: "5s" }),
      "ok",
    ];
    const call = () => policy.execute(server({ "*": replies }, { takes: 100 }), { model: "m" });
    await clock.run(Promise.all([call(), call()]));
    expect(Math.min(...times().slice(2))).toBeGreaterThanOrEqual(50_100);
  });

  test("is shown to a person, and opens and closes by hand", async () => {
    const { clock, policy, server, sent } = setUp();
    const call = () => policy.execute(server({ "*": [badKey(), "ok"] }), { model: "m" });
    await clock.run(rejection(call()));
    const [closed] = policy.status().closed;
    expect(closed).toMatchObject({
      scope: "account:default",
      kind: "invalid-api-key",
      sure: "stated",
      testing: false,
    });
    expect(closed?.opensIn).toBe(hour);
    policy.open("account:default");
    expect((await clock.run(call())).value).toBe("ok");
    policy.close("account:default", 1_000);
    expect((await clock.run(call())).trace.waits).toMatchObject([{ duration: 1_000 }]);
    expect(sent).toHaveLength(3);
  });

  test("lets waiting calls in at once when it is opened by hand", async () => {
    const { clock, policy } = setUp();
    policy.close("endpoint:google", 300_000);
    const call = policy.execute(() => "ok", { model: "m" });
    await clock.advance(1_000);
    policy.open("endpoint:google");
    await clock.advance(1);
    expect((await call).trace.waits).toMatchObject([{ duration: 1_000 }]);
  });

  test("by a spend limit opens after minutes, by one test", async () => {
    const { clock, policy, server, targets } = setUp({ accounts: accounts("a", "b") });
    const spend = Object.assign(
      new Error("Your project has exceeded its spend-based rate limit. Please retry later."),
      { status: 429 },
    );
    const call = () => policy.execute(server({ "a/m": [spend, "ok"], "*": "ok" }), { model: "m" });
    await clock.run(call());
    const [closed] = policy.status().closed;
    expect(closed?.kind).toMatch(/^rate-limit-spend$|^spend-cap$/);
    await clock.advance(closed!.opensIn);
    await clock.run(call());
    expect(targets()).toEqual(["a/m", "b/m", "a/m"]);
  });
});

describe("the breaker", () => {
  const storm = { takes: 200 };

  test("closes an overloaded model for all once enough calls saw it fail, and opens it by one test", async () => {
    const { clock, policy, server, ofType, sent } = setUp({ backoff: { base: 100, factor: 1 } });
    let healthy = false;
    const call = server({ "*": () => (healthy ? "ok" : overloaded()) }, storm);
    const calls = Array.from({ length: 10 }, () => policy.execute(call, { model: "m" }));
    await clock.advance(20_000);
    expect(ofType("breaker-change")[0]).toMatchObject({
      state: "open",
      scope: "upstream-model:google m",
    });
    const during = sent.length;
    await clock.advance(60_000);
    expect(sent.length - during).toBeLessThan(20);
    healthy = true;
    await clock.run(Promise.all(calls));
    for (let nth = 0; nth < 80; nth += 1) await clock.run(policy.execute(call, { model: "m" }));
    expect(ofType("breaker-change").at(-1)).toMatchObject({ state: "closed" });
    expect(policy.status().closed).toEqual([]);
  });

  test("is not moved by one poisonous request, however often it is sent", async () => {
    const { clock, policy, server, ofType } = setUp({
      attempts: 60,
      backoff: { base: 10, factor: 1 },
    });
    await clock.run(rejection(policy.execute(server({ "*": overloaded() }), { model: "m" })));
    expect(ofType("breaker-change")).toEqual([]);
    expect(policy.status().closed).toEqual([]);
  });

  test("is not moved by refused quotas", async () => {
    const { clock, policy, server, ofType } = setUp();
    const calls = Array.from({ length: 20 }, () =>
      policy.execute(server({ "*": refusedTwenty }, storm), { model: "m" }),
    );
    await clock.run(Promise.all(calls));
    expect(ofType("breaker-change")).toEqual([]);
  });

  test("blames nobody when different hosts fail together: the network is ours", async () => {
    const [one, two] = accounts("a", "b");
    const { clock, policy, server, ofType } = setUp({
      accounts: [
        { ...one!, baseURL: "https://one.example" },
        { ...two!, baseURL: "https://two.example" },
      ],
      allow: { relays: true },
    });
    let up = false;
    const down = Object.assign(new TypeError("fetch failed"), {
      cause: Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }),
    });
    const call = server({ "*": () => (up ? "ok" : down) }, storm);
    const calls = Array.from({ length: 30 }, () => policy.execute(call, { model: "m" }));
    await clock.advance(40_000);
    expect(ofType("scope-close")).toEqual([]);
    up = true;
    await clock.run(Promise.all(calls));
  });
});
