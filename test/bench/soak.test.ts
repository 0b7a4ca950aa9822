import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { soak } from "@holdfast/bench";
import { expect, test } from "vitest";

test("60,000 calls of every sort leave memory flat: users, models, conversations, failures, streams, waits", async () => {
  setFlagsFromString("--expose-gc");
  globalThis.gc = runInNewContext("gc") as typeof globalThis.gc;
  const looks = await soak({ calls: 60_000, every: 20_000 });
  const [first, , last] = looks;
  expect(last).toMatchObject({ calls: 60_000, waiting: 0 });
  expect(last!.answered + last!.failed).toBe(60_000);
  expect(last!.failed).toBeGreaterThan(200);
  expect(last!.closed).toBeGreaterThan(200);
  expect(last!.domains).toBeLessThanOrEqual(5_001);
  // What is remembered of users and conversations fills up to its bounds; 40,000 calls that left a trace each, however
  // small, would be more.
  expect(last!.heap - first!.heap).toBeLessThan(10e6);
});
