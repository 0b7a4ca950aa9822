import { type Clock, setAlarm } from "./clock.ts";

/** One coarse alarm that finds out when parts stop coming; a tick costs next to nothing. */
export interface StallWatch {
  /** A part came. */
  tick(): void;
  stop(): void;
}

/** Calls `onStall` once no tick came for `ms` (found out within an eighth more). */
export function watchStall(clock: Clock, ms: number, onStall: () => void): StallWatch {
  if (ms === Infinity) return { tick() {}, stop() {} };
  const step = ms / 8;
  let ticks = 0;
  let seen = 0;
  let quiet = 0;
  const look = (): void => {
    quiet = ticks === seen ? quiet + 1 : 0;
    seen = ticks;
    if (quiet >= 8) onStall();
    else alarm = setAlarm(clock, step, look);
  };
  let alarm = setAlarm(clock, step, look);
  return {
    tick() {
      ticks += 1;
    },
    stop: () => alarm.callOff(),
  };
}
