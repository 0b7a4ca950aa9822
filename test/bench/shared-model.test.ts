import { sharedModelLosses } from "@holdfast/bench";
import { expect, test } from "vitest";

test("calls that share a model object are all answered while its first target is down, with Holdfast alone", async () => {
  const losses = await sharedModelLosses([2, 20]);
  const lostBy = (name: string): number[] =>
    losses.filter((one) => one.name === name).map(({ lost }) => lost);
  expect(lostBy("holdfast")).toEqual([0, 0, 0, 0]);
  // Without losses elsewhere the measurement would show nothing.
  expect(Math.min(...lostBy("ai-retry"), ...lostBy("ai-fallback"))).toBeGreaterThan(0);
});
