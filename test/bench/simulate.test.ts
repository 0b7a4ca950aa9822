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

  test("refuses options that a policy cannot have", async () => {
    await expect(simulate({ patience: -1 }, flaky(), { seeds })).rejects.toThrow(TypeError);
  });
});
