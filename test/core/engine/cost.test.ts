import { attempted, type GaveUpError, type PolicyOptions } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { accounts, rejection, setUp } from "./set-up.ts";

const usage = { inputTokens: 1_000, outputTokens: 100 };
const prices = { m: { input: 2, output: 10 }, n: { input: 1, output: 4 } };

const empty = () => attempted("", { usage, answer: { finishReason: "STOP" } });
const refused = () => attempted("x", { usage, answer: { blockReason: "SAFETY" } });

/** What a call cost that one target answered with the usage above. */
async function costOf(options: PolicyOptions, model: string, used: object = usage) {
  const { policy } = setUp(options);
  const { trace } = await policy.execute(() => attempted("x", { usage: used }), { model });
  return trace.cost;
}

describe("a trace", () => {
  test("tells what each attempt cost, and all of them, failed ones too", async () => {
    const { clock, policy, ofType } = setUp({
      chain: ["m", "n"],
      prices,
      rules: { "empty-response": { action: "next" } },
      accept: (_, value) => (value === "" ? "empty-response" : undefined),
    });
    const call = policy.execute(({ model }) => attempted(model === "m" ? "" : "x", { usage }));
    const { trace } = await clock.run(call);
    expect(trace.attempts.map(({ cost }) => cost)).toEqual([0.003, 0.0014]);
    expect(trace.cost).toBeCloseTo(0.0044, 10);
    expect(trace.usage).toEqual({ inputTokens: 2_000, outputTokens: 200 });
    expect(JSON.parse(JSON.stringify(trace))).toMatchObject({ cost: trace.cost });
    expect(ofType("attempt-end").map(({ cost }) => cost)).toEqual([0.003, 0.0014]);
    expect(ofType("call-end")).toMatchObject([{ cost: trace.cost, usage: trace.usage }]);
  });

  test("tells it of a call that gave up, and of one whose caller left", async () => {
    const { clock, policy, ofType } = setUp({ prices, attempts: 2 });
    const error = await clock.run(rejection(policy.execute(empty, { model: "m" })));
    expect((error as GaveUpError).trace.cost).toBe(0.006);
    const controller = new AbortController();
    const gone = rejection(policy.execute(empty, { model: "m", signal: controller.signal }));
    await clock.advance(0);
    controller.abort(new Error("gone"));
    await gone;
    expect(ofType("call-end").map(({ cost, outcome }) => [cost, outcome])).toEqual([
      [0.006, "gave-up"],
      [0.003, "cancelled"],
    ]);
  });

  test("tells of a stream when it has ended", async () => {
    const { clock, policy, ofType } = setUp({ prices });
    const settled = clock.sleep(5_000).then(() => ({ usage }));
    const { trace } = await policy.execute(() => attempted("x", { settled }), { model: "m" });
    expect(trace.cost).toBeUndefined();
    await clock.advance(6_000);
    expect(trace.cost).toBe(0.003);
    expect(ofType("attempt-settled")).toMatchObject([{ cost: 0.003, usage }]);
  });

  test("tells nothing where no price is known, or nobody counted", async () => {
    expect(await costOf({ prices }, "unknown")).toBeUndefined();
    expect(await costOf({ prices }, "m", {})).toBeUndefined();
    const { policy, clock } = setUp({ chain: ["m", "n"], prices: { n: prices.n } });
    const error = await clock.run(rejection(policy.execute(refused, { model: "m" })));
    expect(error).toMatchObject({ failure: { kind: "content-blocked-prompt" } });
    expect(JSON.stringify((error as GaveUpError).trace)).not.toContain("cost");
  });
});

describe("a price", () => {
  test("has another rate for input from a cache, and for requests that are long", async () => {
    const long = { above: 10_000, input: 4, output: 20, cachedInput: 0.4 };
    const dear = { prices: { m: { input: 2, output: 10, cachedInput: 0.2, long } } };
    const cached = { ...usage, cachedInputTokens: 500 };
    expect(await costOf(dear, "m", cached)).toBeCloseTo(0.0021, 10);
    const more = { inputTokens: 10_001, outputTokens: 100, cachedInputTokens: 1 };
    expect(await costOf(dear, "m", more)).toBeCloseTo(0.0420004, 10);
  });

  test("is the catalogue's for Google's own endpoint, unless the policy says otherwise", async () => {
    expect(await costOf({}, "gemini-2.5-pro")).toBeCloseTo(0.00225, 10);
    const own = { prices: { "gemini-2.5-pro": { input: 1, output: 1 } } };
    expect(await costOf(own, "gemini-2.5-pro")).toBeCloseTo(0.0011, 10);
  });

  test("of a name is that of the model that answers it on the day", async () => {
    for (const [start, cost] of [
      ["2026-10-01", 0.0024],
      ["2026-11-23", 0.001125],
      ["2027-01-02", 0.00225],
    ] as const) {
      const { policy } = setUp({}, { start: Date.parse(start) });
      const { trace } = await policy.execute(() => attempted("x", { usage }), {
        model: "gemini-3.5-flash",
      });
      expect(trace.cost).toBeCloseTo(cost, 10);
    }
  });

  test("is nothing on the free tier, and not known of a relay until it is given", async () => {
    const [one] = accounts("a");
    const free = { accounts: [{ ...one!, tier: "free" }] };
    expect(await costOf(free, "gemini-2.5-flash")).toBe(0);
    const relay = {
      accounts: [{ ...one!, baseURL: "https://relay.example" }],
      allow: { relays: true },
    };
    expect(await costOf(relay, "gemini-2.5-pro")).toBeUndefined();
    expect(await costOf({ ...relay, prices }, "m")).toBe(0.003);
  });

  test.each([
    [{ m: { output: 1 } }, /prices\["m"\].input is undefined/],
    [{ m: { input: -1, output: 1 } }, /prices\["m"\]\.input is -1/],
    [{ m: { input: 1, output: 1, long: { above: 1, input: 1 } } }, /prices\["m"\]\.long\.output/],
  ])("that cannot be is refused: %o", (wrong, message) => {
    expect(() => setUp({ prices: wrong } as PolicyOptions)).toThrow(message);
  });
});
