import { createPolicy } from "@holdfast/core";
import { createVirtualClock, type VirtualClock } from "@holdfast/gemini-simulator";
import { describe, expect, test } from "vitest";

/** A server that works its queue off in order, also what nobody waits for any more: `rate` requests a second. */
function makeServer(clock: VirtualClock, rate: (now: number) => number) {
  let free = 0;
  let requests = 0;
  return {
    requests: () => requests,
    async serve(): Promise<string> {
      requests += 1;
      const begin = Math.max(free, clock.now());
      free = begin + 1_000 / rate(begin);
      await clock.sleep(free - clock.now());
      return "ok";
    },
  };
}

describe("a server that serves a quarter of the traffic for a minute", () => {
  const dip = { from: 60_000, until: 120_000 };

  /** Offers 15 calls a second for six minutes to a server that takes 20. */
  async function run(seed: number) {
    const clock = createVirtualClock({ seed });
    const policy = createPolicy(
      { limits: { "*": { rpm: 1e6 } }, attemptTimeout: 10_000, deadline: 60_000 },
      { clock },
    );
    const server = makeServer(clock, (now) => (now >= dip.from && now < dip.until ? 5 : 20));
    const count = 15 * 360;
    let [answered, lastFailure] = [0, 0];
    const calls = Array.from({ length: count }, async (_, nth) => {
      await clock.sleep(nth * (1_000 / 15));
      try {
        await policy.execute(() => server.serve(), { model: "m" });
        answered += 1;
      } catch {
        lastFailure = clock.now();
      }
    });
    await clock.run(Promise.all(calls));
    return { answered: answered / count, lastFailure, amplification: server.requests() / count };
  }

  test.each([1, 2, 3])(
    "recovers, and is not asked more often than it is called (seed %d)",
    async (seed) => {
      const { answered, lastFailure, amplification } = await run(seed);
      expect(amplification).toBeLessThan(1.3);
      expect(answered).toBeGreaterThan(0.8);
      expect(lastFailure).toBeLessThan(dip.until + 150_000);
    },
  );
});
