import { type Alarm, type Clock, setAlarm } from "./clock.ts";

/** One coarse alarm that finds out when parts stop coming; a tick costs next to nothing. */
export interface StallWatch {
  /** A part came. */
  tick(): void;
  stop(): void;
}

const never: StallWatch = { tick() {}, stop() {} };

/** Calls `onStall` once no tick came for `ms` (found out within an eighth more). */
export function watchStall(clock: Clock, ms: number, onStall: () => void): StallWatch {
  return ms === Infinity ? never : new Watch(clock, ms / 8, onStall);
}

class Watch implements StallWatch {
  readonly #clock: Clock;
  readonly #step: number;
  readonly #onStall: () => void;
  #alarm: Alarm;
  #ticked = false;
  #quiet = 0;

  constructor(clock: Clock, step: number, onStall: () => void) {
    this.#clock = clock;
    this.#step = step;
    this.#onStall = onStall;
    this.#alarm = setAlarm(clock, step, this.#look);
  }

  tick(): void {
    this.#ticked = true;
  }

  stop(): void {
    this.#alarm.callOff();
  }

  readonly #look = (): void => {
    this.#quiet = this.#ticked ? 0 : this.#quiet + 1;
    this.#ticked = false;
    if (this.#quiet >= 8) this.#onStall();
    else this.#alarm = setAlarm(this.#clock, this.#step, this.#look);
  };
}
