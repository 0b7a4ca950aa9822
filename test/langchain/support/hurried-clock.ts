import { type Clock, systemClock } from "@holdfast/core";

/** Waits longer than this are limits, not waits, and hold. */
const longestWait = 90_000;

/**
 * A clock for policies over real HTTP: waits are over at once and are counted as if they had lasted, limits (deadlines,
 * timeouts) stay what they are.
 */
export function hurriedClock(): Clock & { waited: number[] } {
  const waited: number[] = [];
  let ahead = 0;
  return {
    waited,
    now: () => systemClock.now() + ahead,
    wall: () => systemClock.wall() + ahead,
    random: () => 0.5,
    async sleep(ms, signal) {
      if (ms > longestWait) return systemClock.sleep(ms, signal);
      await systemClock.sleep(0, signal);
      ahead += ms;
      waited.push(ms);
    },
  };
}
