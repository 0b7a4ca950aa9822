import { createPolicy, memoryStore, type PolicyOptions } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { answeredOf, busiest, makeWorld, traffic } from "../support/world.ts";

const names = ["a", "b", "c", "d", "e"];
const keyOf = (name: string): string => `AIzaSyFake-key-of-${name}-0123456789`;
const accounts = names.map((name) => ({ name, apiKey: keyOf(name) }));
const google = "https://generativelanguage.googleapis.com";
const rpm = { limits: [{ requestsPerMinute: 10 }] };
const known = (...more: object[]) =>
  names.map((name, nth) => ({ name, key: keyOf(name), ...more[nth] }));

describe("five projects of 10 requests a minute each", () => {
  const scenario = { accounts: known(), quotas: rpm };
  const projects = accounts.map((one) => ({ ...one, project: one.name }));

  test("answer a burst of 200 in four windows, without one refusal, when the limit is told", async () => {
    const world = makeWorld(scenario, { accounts: projects, limits: { "*": { rpm: 10 } } });
    const results = await traffic(world, { count: 200, model: "gemini-3.8-flash" });
    expect(answeredOf(results)).toBe(200);
    expect(world.log.count()).toBe(200);
    expect(world.clock.now()).toBeLessThan(200_000);
    for (const name of names) expect(busiest(world.log.all({ account: name }), 60_000)).toBe(10);
  });

  test("answer it with few refusals when the limit has to be learned", async () => {
    const world = makeWorld(scenario, { accounts: projects });
    const results = await traffic(world, { count: 200, model: "gemini-3.8-flash" });
    expect(answeredOf(results)).toBe(200);
    expect(world.log.count() / 200).toBeLessThan(1.2);
    expect(world.clock.now()).toBeLessThan(260_000);
  });
});

describe("five keys of one project", () => {
  test("are recognised as one quota, and a burst of 40 is answered with few refusals", async () => {
    const one = { project: "p" };
    const world = makeWorld(
      { accounts: known(one, one, one, one, one), quotas: rpm },
      { accounts },
    );
    const results = await traffic(world, { count: 40, model: "gemini-3.8-flash" });
    expect(answeredOf(results)).toBe(40);
    // Until one has answered they take as much as one account would: two requests beyond the ten, one for the second
    // account and one that confirms it.
    expect(world.log.count({ status: 429 })).toBeLessThanOrEqual(4);
    expect(world.clock.now()).toBeLessThan(260_000);
  });
});

const types = ({ events }: ReturnType<typeof makeWorld>) =>
  events.flatMap(({ type }) => (type.startsWith("accounts-") ? [type] : []));

const waiting = (results: readonly PromiseSettledResult<{ trace: { waits: unknown[] } }>[]) =>
  results.filter((one) => one.status === "fulfilled" && one.value.trace.waits.length > 0);

describe("accounts without a project", () => {
  const model = "gemini-3.8-flash";
  const [a, b] = accounts.slice(0, 2);
  const two = { accounts: [a!, b!] };
  /** What another program sends with the key of `b`, which the policy knows nothing of. */
  const another = (world: ReturnType<typeof makeWorld>, count: number): Promise<unknown> =>
    Promise.all(
      Array.from({ length: count }, async () =>
        world.ask(
          { ...b!, model, name: `b/${model}`, account: "b", provider: "google", rank: 0 },
          {
            signal: new AbortController().signal,
            attempt: 1,
            attemptAtTarget: 1,
            input: "",
            failures: [],
          },
        ),
      ),
    );

  test("that were taken for one project by mistake are two as soon as one serves while the other may not", async () => {
    const world = makeWorld({ accounts: known(), quotas: rpm }, { ...two, order: "balanced" });
    const mistaken = world.clock.sleep(20_000).then(() => another(world, 5));
    const results = await traffic(world, { count: 180, gap: 4_000, model });
    await mistaken;
    expect(types(world)).toEqual(["accounts-merged", "accounts-parted"]);
    expect(answeredOf(results)).toBe(180);
    // 15 a minute is more than one account takes: nobody waits any more once both serve.
    expect(waiting(results.slice(45))).toEqual([]);
    expect(world.log.count({ status: 429 })).toBeLessThanOrEqual(3);
  });

  test("are two again after a while where nothing shows what they are", async () => {
    const world = makeWorld({ accounts: known(), quotas: rpm }, two);
    const mistaken = another(world, 9);
    const results = await traffic(world, { count: 180, gap: 4_000, model });
    await mistaken;
    expect(types(world)[0]).toBe("accounts-merged");
    expect(answeredOf(results)).toBe(180);
    expect(waiting(results.slice(76))).toEqual([]);
    expect(world.log.count({ status: 429 })).toBeLessThanOrEqual(4);
  });

  test("that are of one project stay one, at the price of a few refusals", async () => {
    const one = { project: "p" };
    const world = makeWorld({ accounts: known(one, one), quotas: rpm }, two);
    const results = await traffic(world, { count: 300, gap: 6_500, model });
    expect(answeredOf(results)).toBe(300);
    expect(types(world)).not.toContain("accounts-parted");
    const busy = makeWorld({ accounts: known(one, one), quotas: rpm }, { ...two, maxWaiting: 1e4 });
    const all = await traffic(busy, { count: 90, gap: 100, model });
    expect(answeredOf(all)).toBe(90);
    expect(types(busy)).not.toContain("accounts-parted");
    expect(busy.log.count({ status: 429 })).toBeLessThanOrEqual(6);
    expect(busy.clock.now()).toBeLessThan(600_000);
  });
});

describe("an account that is no good", () => {
  test.each([
    ["invalid-key", "invalid-api-key"],
    ["expired-key", "api-key-expired"],
    ["leaked-key", "api-key-leaked"],
    ["project-suspended", "project-suspended"],
    ["billing-required", "billing-required"],
    ["api-disabled", "api-not-enabled"],
  ] as const)("(%s) is asked once, and every call is answered", async (fault, kind) => {
    const world = makeWorld({ accounts: known({ fault }) }, { accounts: accounts.slice(0, 2) });
    const results = await traffic(world, { count: 30, gap: 1_000, model: "gemini-3.8-flash" });
    expect(answeredOf(results)).toBe(30);
    expect(world.log.count({ account: "a" })).toBe(1);
    expect(world.policy.status().closed).toMatchObject([{ kind }]);
  });

  test("(no quota at all, limit: 0) is asked once an hour", async () => {
    const quotas = { limits: [{ project: "a", requestsPerMinute: 0 }] };
    const world = makeWorld({ accounts: known(), quotas }, { accounts: accounts.slice(0, 2) });
    const results = await traffic(world, { count: 25, gap: 300_000, model: "gemini-3.8-flash" });
    expect(answeredOf(results)).toBe(25);
    expect(world.log.count({ account: "a" })).toBeLessThanOrEqual(3);
  });

  test("(a region that is blocked) leads to the relay, and no other key is tried there", async () => {
    const options: PolicyOptions = {
      accounts: [
        ...accounts.slice(0, 2),
        { name: "relay", apiKey: "relay-key-0123456789", baseURL: `${google}/relay` },
      ],
      allow: { relays: true },
    };
    const endpoints = [
      { name: "google", path: "", fault: "region-blocked" as const },
      { name: "relay", path: "/relay" },
    ];
    const world = makeWorld({ endpoints }, options);
    const results = await traffic(world, { count: 20, gap: 1_000, model: "gemini-3.8-flash" });
    expect(answeredOf(results)).toBe(20);
    expect(world.log.count({ endpoint: "google" })).toBe(1);
    expect(world.log.count({ endpoint: "relay" })).toBe(20);
  });

  test("(its spend limit reached) rests for minutes while another project serves", async () => {
    const world = makeWorld(
      { accounts: known(), rules: [{ fault: "spend-rate", account: "a", until: 120_000 }] },
      { accounts: accounts.slice(0, 2) },
    );
    const results = await traffic(world, { count: 60, gap: 10_000, model: "gemini-3.8-flash" });
    expect(answeredOf(results)).toBe(60);
    expect(world.log.count({ account: "a", fault: "spend-rate" })).toBeLessThanOrEqual(3);
    expect(world.log.count({ account: "a", status: 200 })).toBeGreaterThan(20);
  });
});

describe("a quota of the day", () => {
  const start = Date.UTC(2026, 10, 23, 8);
  const day = { quotas: { limits: [{ requestsPerDay: 20 }], dayHint: "seconds" as const } };
  const single = { accounts: accounts.slice(0, 1), deadline: 40 * 3_600_000 };
  const model = "gemini-3.8-flash";

  test.each([
    ["an ordinary day of 24 hours", "2026-11-23T08:00:00Z", 24],
    ["the day of 25 hours", "2026-11-01T07:00:00Z", 25],
    ["the day of 23 hours", "2027-03-14T08:00:00Z", 23],
  ])("opens at midnight Pacific, to the second: %s", async (_, from, hours) => {
    const world = makeWorld(
      day,
      { ...single, limits: { "*": { rpd: 20 } } },
      { start: Date.parse(from) },
    );
    const results = await traffic(world, { count: 21, gap: 1_000, model });
    expect(answeredOf(results)).toBe(21);
    expect(world.log.count()).toBe(21);
    const last = world.log.last()!.elapsed;
    expect(last).toBeGreaterThanOrEqual(hours * 3_600_000);
    expect(last).toBeLessThan(hours * 3_600_000 + 5_000);
  });

  test("that is learned is asked again sparsely, whatever moment its refusals name", async () => {
    const quotas = { limits: [{ model, requestsPerDay: 20 }], dayHint: "seconds" as const };
    const own = makeWorld(
      { quotas },
      { ...single, fallbacks: { [model]: ["gemini-3.5-flash-lite"] } },
      { start },
    );
    const results = await traffic(own, { count: 120, gap: 600_000, model });
    expect(answeredOf(results)).toBe(120);
    expect(own.log.count({ status: 429 })).toBeLessThanOrEqual(6);
    expect(own.log.count({ model, status: 200 })).toBe(20);
  });

  test("survives a restart through the store: nothing is sent to find it out again", async () => {
    const store = memoryStore();
    const options = { ...single, limits: { "*": { rpd: 20 } }, store };
    const world = makeWorld(day, options, { start });
    await traffic(world, { count: 20, gap: 1_000, model });
    await world.policy.flush();
    const again = createPolicy({ ...options, deadline: 60_000 }, { clock: world.clock });
    const call = again.execute(world.ask, { model });
    await expect(world.clock.run(call)).rejects.toMatchObject({ reason: "all-closed" });
    expect(world.log.count()).toBe(20);
  });

  test("a dead key is tried once by the next process, whose key may be a new one, and so is a blocked place", async () => {
    const store = memoryStore();
    const options = { accounts: accounts.slice(0, 2), store };
    const world = makeWorld(
      { accounts: known({ fault: "leaked-key" }, { fault: "region-blocked" }) },
      options,
    );
    await traffic(world, { count: 1, model });
    await world.policy.flush();
    const again = createPolicy(options, { clock: world.clock });
    await world.clock.run(again.execute(world.ask, { model }).catch(() => {}));
    expect(
      again
        .status()
        .closed.map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(["api-key-leaked", "region-unsupported"]);
    expect(world.log.count({ account: "a" })).toBe(2);
    expect(world.log.count({ account: "b" })).toBe(2);
  });
});
