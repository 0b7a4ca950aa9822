import { type Counting, pacificDate, type QuotaLimits } from "../world/quota.ts";

const minute = 60_000;
const hour = 3_600_000;

interface Entry {
  at: number;
  tokens: number;
}

/**
 * The quota of one project for one model as somebody keeps it who knows the server's windows. With sliding windows
 * requests must be entered in the order of their times.
 */
export class Ledger {
  readonly #limits: QuotaLimits;
  readonly #sliding: boolean;
  /** What lies in each fixed window. */
  readonly #windows = new Map<number, { requests: number; tokens: number }>();
  readonly #days = new Map<string, number>();
  #entries: Entry[] = [];

  constructor(limits: QuotaLimits, counting: Counting) {
    this.#limits = limits;
    this.#sliding = counting.window === "sliding";
  }

  /** The first moment from `wall` on at which a request of so many tokens is let in. */
  opening(tokens: number, wall: number): number {
    let at = this.#sliding ? Math.max(wall, this.#entries.at(-1)?.at ?? -Infinity) : wall;
    for (let next = this.#next(tokens, at); next > at; next = this.#next(tokens, at)) at = next;
    return at;
  }

  /** Enters a request. */
  take(tokens: number, wall: number): void {
    const index = Math.floor(wall / minute);
    const used = this.#windows.get(index) ?? { requests: 0, tokens: 0 };
    this.#windows.set(index, { requests: used.requests + 1, tokens: used.tokens + tokens });
    if (this.#sliding) {
      this.#entries = this.#entries.filter(({ at }) => at > wall - minute);
      this.#entries.push({ at: wall, tokens });
    }
    if (this.#limits.rpd === undefined) return;
    const day = pacificDate(wall);
    this.#days.set(day, (this.#days.get(day) ?? 0) + 1);
  }

  /** A later moment when `at` is too early, else `at`. */
  #next(tokens: number, at: number): number {
    const { rpd = Infinity } = this.#limits;
    if (rpd < Infinity && (this.#days.get(pacificDate(at)) ?? 0) >= rpd) return nextDay(at);
    return this.#sliding ? this.#nextSliding(tokens, at) : this.#nextFixed(tokens, at);
  }

  #nextFixed(tokens: number, at: number): number {
    const { rpm = Infinity, tpm = Infinity } = this.#limits;
    const index = Math.floor(at / minute);
    const used = this.#windows.get(index) ?? { requests: 0, tokens: 0 };
    return used.requests >= rpm || used.tokens + tokens > tpm ? (index + 1) * minute : at;
  }

  /** When enough of the last minute has left the window. */
  #nextSliding(tokens: number, at: number): number {
    const { rpm = Infinity, tpm = Infinity } = this.#limits;
    let requests = 1;
    let sum = tokens;
    for (const entry of this.#entries.toReversed()) {
      if (entry.at <= at - minute) return at;
      requests += 1;
      sum += entry.tokens;
      if (requests > rpm || sum > tpm) return entry.at + minute;
    }
    return at;
  }
}

/** The next midnight in California, which falls on a whole hour. */
function nextDay(wall: number): number {
  const today = pacificDate(wall);
  let at = (Math.floor(wall / hour) + 1) * hour;
  while (pacificDate(at) === today) at += hour;
  return at;
}
