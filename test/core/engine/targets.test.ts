import { type CallOptions, type PolicyOptions } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import {
  badKey,
  badRegion,
  internal,
  overloaded,
  quotaError,
  unknownModel,
} from "../../support/failures.ts";
import { accounts, rejection, setUp } from "./set-up.ts";

const minute = 60_000;
const hour = 60 * minute;

describe("the order of targets", () => {
  const three = accounts("a", "b", "c");
  const cases: [string, PolicyOptions, { call: CallOptions; order: string[] }][] = [
    [
      "chain: each model falls back to those after it",
      { chain: ["x", "y", "z"] },
      { call: { model: "y" }, order: ["default/y", "default/z"] },
    ],
    [
      "chain: its first serves a call that names no model",
      { chain: ["x", "y"] },
      { call: {}, order: ["default/x", "default/y"] },
    ],
    [
      "fallbacks: by the model asked for, not transitive",
      { fallbacks: { x: ["y"], y: ["z"] } },
      { call: { model: "x" }, order: ["default/x", "default/y"] },
    ],
    [
      "fallbacks of *: for any model without its own",
      { fallbacks: { x: ["y"], "*": ["z"] } },
      { call: { model: "w" }, order: ["default/w", "default/z"] },
    ],
    [
      "accounts: inside a model in order",
      { accounts: three, chain: ["x", "y"] },
      { call: { model: "x" }, order: ["a/x", "b/x", "c/x", "a/y", "b/y", "c/y"] },
    ],
    [
      "sameModel: no fallback",
      { accounts: accounts("a", "b"), chain: ["x", "y"] },
      { call: { model: "x", sameModel: true }, order: ["a/x", "b/x"] },
    ],
    [
      "account: pinned to one",
      { accounts: three, chain: ["x", "y"] },
      { call: { model: "x", account: "b" }, order: ["b/x", "b/y"] },
    ],
    [
      "candidates: instead of the policy's models",
      { chain: ["x", "y"] },
      {
        call: { candidates: ["v", { model: "w", provider: "openai", account: "own" }] },
        order: ["default/v", "own/w"],
      },
    ],
    [
      "a provider before the name, where it has accounts",
      {
        accounts: [
          ...accounts("a"),
          { name: "o", apiKey: "sk-fake-0123456789", provider: "openai" },
        ],
        chain: ["x", "openai:gpt"],
      },
      { call: {}, order: ["a/x", "o/gpt"] },
    ],
  ];
  test.each(cases)("%s", async (_, options, { call, order }) => {
    const { clock, policy, server, targets, ofType } = setUp({
      rules: { "model-not-found": { action: "next" } },
      ...options,
    });
    // Everything of Google is unknown until the last target is reached.
    await clock.run(rejection(policy.execute(server({ "*": badKey() }), call)));
    expect(ofType("call-start")[0]?.targets).toEqual(order);
    expect(targets()[0]).toBe(order[0]);
  });

  test("balanced: the account with the most quota left comes first", async () => {
    const limits = { "*": { rpm: 10 } };
    for (const order of ["balanced", "in-order"] as const) {
      const { clock, policy, server, targets } = setUp({
        accounts: accounts("a", "b"),
        limits,
        order,
      });
      for (let nth = 0; nth < 4; nth += 1)
        await clock.run(policy.execute(server({ "*": "ok" }), { model: "m" }));
      const atB = targets().filter((name) => name === "b/m").length;
      expect(atB).toBe(order === "balanced" ? 2 : 0);
    }
  });

  test("tells an attempt which candidate it serves", async () => {
    const { policy } = setUp();
    const { value } = await policy.execute(({ candidate }) => String(candidate), {
      candidates: ["v", "w"],
    });
    expect(value).toBe("0");
  });

  test("follows a list of candidates that the application changes between calls", async () => {
    const { policy } = setUp();
    const candidates = ["v", "w"];
    const served = async (): Promise<unknown> =>
      (await policy.execute(({ model }) => model, { candidates })).value;
    expect(await served()).toBe("v");
    candidates.reverse();
    expect(await served()).toBe("w");
  });

  test("is refused where nothing can serve the call, with what there is", async () => {
    const { policy } = setUp({ accounts: accounts("a", "b") });
    const run = (call: CallOptions) => rejection(policy.execute(() => "never", call));
    expect(String(await run({ model: "m", account: "c" }))).toMatch(/^TypeError: .*"c".*"a", "b"/);
    expect(String(await run({ candidates: [{ model: "gpt", provider: "openai" }] }))).toMatch(
      /^TypeError: .*openai/,
    );
    expect(String(await run({ candidates: [] }))).toMatch(/^TypeError: .*candidates/);
  });
});

describe("a failure leaves what it says is bad", () => {
  const [first, second] = accounts("one", "two");
  const relay = { ...accounts("relay")[0]!, baseURL: "https://relay.example/" };
  const cases: [string, PolicyOptions, { at: string; failure: Error; to: string | undefined }][] = [
    [
      "a dead key: to the next account",
      { accounts: [first!, second!] },
      { at: "one/m", failure: badKey(), to: "two/m" },
    ],
    [
      "a blocked region: to a relay, not to another account there",
      { accounts: [first!, second!, relay], allow: { relays: true } },
      { at: "one/m", failure: badRegion(), to: "relay/m" },
    ],
    [
      "an unknown model: to the next model, not to another account",
      { accounts: [first!, second!], chain: ["m", "n"] },
      { at: "one/m", failure: unknownModel("m"), to: "one/n" },
    ],
    [
      "no quota: to another project",
      { accounts: [first!, { ...second!, project: "one" }, relay], allow: { relays: true } },
      { at: "one/m", failure: quotaError({ limit: 0 }), to: "relay/m" },
    ],
    [
      "an overload that lasts: to an upstream of its own, not to another key",
      { accounts: [first!, second!, relay], allow: { relays: true } },
      { at: "one/m", failure: overloaded(), to: "relay/m" },
    ],
    [
      "an overload that lasts, and nowhere else to go: to another key all the same",
      { accounts: [first!, second!] },
      { at: "one/m", failure: overloaded(), to: "two/m" },
    ],
    [
      "an overload behind a relay of the same upstream: to the next model",
      {
        accounts: [first!, { ...relay, via: "google" }],
        chain: ["m", "n"],
        allow: { relays: true },
      },
      { at: "one/m", failure: overloaded(), to: "one/n" },
    ],
    [
      "errors of the server: to the next account",
      { accounts: [first!, second!] },
      { at: "one/m", failure: internal(), to: "two/m" },
    ],
  ];
  test.each(cases)("%s", async (_, options, { at: where, failure, to }) => {
    const { clock, policy, server, targets } = setUp(options);
    await clock.run(policy.execute(server({ [where]: failure, "*": "ok" }), { model: "m" }));
    expect([...new Set(targets())]).toEqual([where, to]);
  });

  test("billed together: a spend limit closes every project of the billing account", async () => {
    const spend = Object.assign(
      new Error("Your project has exceeded its spend-based rate limit. Please retry later."),
      { status: 429 },
    );
    const { clock, policy, server, targets } = setUp({
      accounts: accounts("a", "b", "c").map((one) =>
        one.name === "c" ? one : { ...one, billingAccount: "ours" },
      ),
    });
    await clock.run(policy.execute(server({ "a/m": spend, "*": "ok" }), { model: "m" }));
    expect(targets()).toEqual(["a/m", "c/m"]);
  });
});

describe("a conversation", () => {
  test("stays with the target that served it, while others begin at the first", async () => {
    const { clock, policy, server, targets } = setUp({ accounts: accounts("a", "b") });
    const call = (affinity?: string) =>
      clock.run(
        policy.execute(server({ "a/m": [badKey(), "ok"], "*": "ok" }), {
          model: "m",
          ...(affinity ? { affinity } : {}),
        }),
      );
    await call("chat-1");
    policy.open("account:a");
    await call("chat-1");
    await call("chat-2");
    await call();
    await call("chat-1");
    expect(targets()).toEqual(["a/m", "b/m", "b/m", "a/m", "a/m", "b/m"]);
  });

  test("goes elsewhere when its target is closed", async () => {
    const { clock, policy, server, targets } = setUp({ accounts: accounts("a", "b") });
    const call = () =>
      clock.run(policy.execute(server({ "*": "ok" }), { model: "m", affinity: "chat" }));
    await call();
    policy.close("account:a", hour);
    await call();
    expect(targets()).toEqual(["a/m", "b/m"]);
  });
});

describe("a pinned call", () => {
  test("waits for its account rather than take another", async () => {
    const { clock, policy, server, targets } = setUp({ accounts: accounts("a", "b") });
    policy.close("account:b", 5_000);
    const { trace } = await clock.run(
      policy.execute(server({ "*": "ok" }), { model: "m", account: "b" }),
    );
    expect(targets()).toEqual(["b/m"]);
    expect(trace.duration).toBe(5_000);
  });
});

const at = (time: string): number => Date.parse(`2026-11-23T${time}:00Z`);

describe("a schedule", () => {
  test.each([
    ["inside its hours", "10:30", { from: "10:00", to: "11:00" }, 0],
    ["before them", "09:50", { from: "10:00", to: "11:00" }, 10],
    ["at their end", "11:00", { from: "10:00", to: "11:00" }, 23 * 60],
    ["over midnight, late", "23:30", { from: "22:00", to: "06:00" }, 0],
    ["over midnight, early", "05:59", { from: "22:00", to: "06:00" }, 0],
    ["over midnight, by day", "21:30", { from: "22:00", to: "06:00" }, 30],
  ])("%s lets a call wait exactly as long as it must", async (...[, time, hours, minutes]) => {
    const { clock, policy, server } = setUp(
      { preset: "batch", schedules: [{ timeZone: "UTC", ...hours }] },
      { start: at(time) },
    );
    const { trace } = await clock.run(policy.execute(server({ "*": "ok" }), { model: "m" }));
    expect(trace.duration).toBe(minutes * minute);
  });

  test("counts in its own time zone", async () => {
    const schedules = [{ timeZone: "Asia/Shanghai", from: "00:30", to: "08:30" }];
    const { clock, policy, server } = setUp({ preset: "batch", schedules }, { start: at("15:30") });
    const { trace } = await clock.run(policy.execute(server({ "*": "ok" }), { model: "m" }));
    expect(trace.duration).toBe(hour);
  });

  test.each([
    // At 1:00 UTC of the last Sunday of March clocks in Berlin go from 2:00 to 3:00, in October from 3:00 to 2:00.
    ["the night that is an hour short", "2026-03-28T21:00:00Z", "06:00", "2026-03-29T04:00:00Z"],
    ["the night that is an hour long", "2026-10-24T21:00:00Z", "06:00", "2026-10-25T05:00:00Z"],
    [
      "hours that begin with the time that is left out",
      "2026-03-28T21:00:00Z",
      "02:30",
      "2026-03-29T01:00:00Z",
    ],
    [
      "hours that begin in the time that comes twice",
      "2026-10-24T21:00:00Z",
      "02:30",
      "2026-10-25T00:30:00Z",
    ],
  ])("begins on time in %s", async (...[, start, from, opens]) => {
    const { clock, policy, server } = setUp(
      { preset: "batch", schedules: [{ timeZone: "Europe/Berlin", from, to: "20:00" }] },
      { start: Date.parse(start) },
    );
    await clock.run(policy.execute(server({ "*": "ok" }), { model: "m" }));
    expect(new Date(clock.wall()).toISOString()).toBe(new Date(opens).toISOString());
  });

  test("of a model or an account concerns nobody else", async () => {
    const timeZone = "UTC";
    const options = {
      accounts: accounts("a", "b"),
      chain: ["m", "n"],
      schedules: [
        { timeZone, model: "m", from: "01:00", to: "02:00" },
        { timeZone, account: "a", from: "01:00", to: "02:00" },
      ],
    };
    const { clock, policy, server, targets } = setUp(options);
    await clock.run(policy.execute(server({ "*": "ok" })));
    expect(targets()).toEqual(["b/n"]);
  });

  test.each([
    [
      { timeZone: "Mars/Olympus", from: "01:00", to: "02:00" },
      /schedules\[0\]\.timeZone.*Mars\/Olympus.*Asia\/Shanghai/,
    ],
    [{ timeZone: "UTC", from: "25:00", to: "02:00" }, /schedules\[0\]\.from.*25:00.*22:30/],
    [{ timeZone: "UTC", from: "01:00", to: "2" }, /schedules\[0\]\.to/],
    [{ timeZone: "UTC", from: "01:00", to: "01:00" }, /schedules\[0\]\.to.*01:00/],
  ])("that cannot be is refused with field, value and remedy: %o", (schedule, message) => {
    expect(() => setUp({ schedules: [schedule] })).toThrow(message);
  });
});
