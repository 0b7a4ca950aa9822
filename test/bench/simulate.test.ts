import { allScenarios, compare, poisson, type Scenario, simulate } from "@holdfast/bench";
import { describe, expect, test } from "vitest";

function flaky(): Scenario {
  const found = allScenarios().find(({ name, variant }) => name === "S4b" && variant === "p=0.6");
  if (!found) throw new Error("no such scenario");
  return { ...found, arrivals: (seed) => poisson({ perSecond: 2, until: 60_000 }, seed) };
}

const seeds = [0, 1];

describe("a what-if", () => {
  test("shows what a policy would come to, beside the best that is possible", async () => {
    const row = await simulate({}, flaky(), { seeds });
    expect(row).toMatchObject({ scenario: "S4b", policy: "policy", seeds: 2, answered: 1 });
    expect(row.regret?.answered).toBe(0);
  });

  test("compares two policies on the same calls", async () => {
    const [one, many] = await compare({ one: { attempts: 1, fallbacks: {} }, many: {} }, flaky(), {
      seeds,
    });
    expect(one?.policy).toBe("one");
    expect(one?.calls).toBe(many?.calls);
    expect(one?.attemptsPerAnswer).toBeGreaterThan(1);
    expect(one?.answered).toBeLessThan(0.7);
    expect(many?.answered).toBe(1);
  });

  test("puts a policy's own accounts into the scenario's projects", async () => {
    const pool = allScenarios().find(
      ({ name, variant }) => name === "S6d" && variant === "learned",
    );
    if (!pool) throw new Error("no such scenario");
    const dead = { accounts: [{ name: "mine", apiKey: "AIza-of-mine" }] };
    const row = await simulate(dead, pool, { seeds: [0] });
    // The first project of that pool has a revoked key.
    expect(row.answered).toBe(0);
  });

  test("gives a policy's own models the weather of the scenario's", async () => {
    const asked = new Set<string>();
    const row = await simulate(
      {
        chain: ["gemini-3.8-flash", "gemini-3.6-flash", "gemini-3.5-flash-lite"],
        rules: () => ({ action: "next" }),
        onEvent(event) {
          if (event.type === "attempt-start") asked.add(event.model);
        },
      },
      flaky(),
      { seeds },
    );
    expect([...asked]).toEqual(["gemini-3.8-flash", "gemini-3.6-flash"]);
    // Six in ten fail at the first model, and its fallback is healthy.
    expect(row.answered).toBe(1);
    expect(row.fallback).toBeGreaterThan(0.4);
    expect(row.attemptsPerAnswer).toBeLessThan(2);
  });

  test("calls a policy's own functions", async () => {
    const called = { classify: 0, degrade: 0 };
    const row = await simulate(
      {
        accounts: [
          { name: "main", apiKey: "AIza-of-main", project: "mine" },
          { name: "spare", apiKey: "AIza-of-spare", project: "mine" },
        ],
        fallbacks: {},
        attempts: 1,
        classify() {
          called.classify += 1;
          return undefined;
        },
        degrade() {
          called.degrade += 1;
          return "sorry";
        },
      },
      flaky(),
      { seeds: [0] },
    );
    expect(called.classify).toBeGreaterThan(0);
    expect(called.degrade).toBe(called.classify);
    // An answer of last resort is none of a model's.
    expect(row.answered).toBeCloseTo(1 - called.degrade / row.calls);
    expect(row.lost).toBe(0);
  });

  test("asks for the model it is told to", async () => {
    const row = await simulate({ chain: ["gemini-x", "gemini-y"] }, flaky(), {
      seeds: [0],
      model: "gemini-y",
    });
    expect(row.attemptsPerAnswer).toBeGreaterThan(2);
  });

  test("refuses options that a policy cannot have", async () => {
    await expect(simulate({ patience: -1 }, flaky(), { seeds })).rejects.toThrow(TypeError);
  });
});
