// What a project may use of a model, as the server counts it; exact, for fixed windows and for sliding ones.

/** Limits of one project for one model; what is missing is unlimited. */
export interface QuotaLimits {
  rpm?: number;
  tpm?: number;
  rpd?: number;
}

/** How the server counts. */
export interface Counting {
  /** `fixed` windows end together at whole minutes of the wall clock; a `sliding` one looks back from each request. */
  window: "fixed" | "sliding";
  /** Whether a refused request uses quota as well. */
  countRefused: boolean;
  /** What a refusal for the day advises, in ms; real ones lie. */
  dayHint: number;
}

/** Why a request is refused. */
export interface Exceeded {
  metric: "rpm" | "tpm" | "rpd";
  limit: number;
  /** Milliseconds that the refusal advises to wait. */
  wait: number;
}

interface Used {
  at: number;
  tokens: number;
}

/** What was used of one project's quota for one model. */
export class QuotaCounter {
  readonly #limits: QuotaLimits;
  readonly #counting: Counting;
  #recent: Used[] = [];
  #head = 0;
  #tokens = 0;
  #minute = -1;
  #day = "";
  #today = 0;

  constructor(limits: QuotaLimits, counting: Counting) {
    this.#limits = limits;
    this.#counting = counting;
  }

  /** Counts a request at `wall` (ms since the epoch), or says what it exceeds. */
  take(tokens: number, wall: number): Exceeded | undefined {
    this.#forget(wall);
    const exceeded = this.#exceeded(tokens, wall);
    if (!exceeded || this.#counting.countRefused) {
      this.#recent.push({ at: wall, tokens });
      this.#tokens += tokens;
      if (!exceeded || exceeded.metric !== "rpd") this.#today += 1;
    }
    return exceeded;
  }

  #forget(wall: number): void {
    if (this.#limits.rpd !== undefined) this.#turnDay(wall);
    const minute = Math.floor(wall / 60_000);
    const since = this.#counting.window === "fixed" ? minute * 60_000 - 1 : wall - 60_000;
    this.#minute = minute;
    let entry = this.#recent[this.#head];
    while (entry && entry.at <= since) {
      this.#tokens -= entry.tokens;
      this.#head += 1;
      entry = this.#recent[this.#head];
    }
    if (this.#head > 500 && this.#head * 2 > this.#recent.length) {
      this.#recent = this.#recent.slice(this.#head);
      this.#head = 0;
    }
  }

  #turnDay(wall: number): void {
    const day = pacificDate(wall);
    if (day !== this.#day) [this.#day, this.#today] = [day, 0];
  }

  #exceeded(tokens: number, wall: number): Exceeded | undefined {
    const { rpm, tpm, rpd } = this.#limits;
    if (rpd !== undefined && this.#today >= rpd)
      return { metric: "rpd", limit: rpd, wait: this.#counting.dayHint };
    const requests = this.#recent.length - this.#head;
    if (rpm !== undefined && requests + 1 > rpm)
      return { metric: "rpm", limit: rpm, wait: this.#wait(requests + 1 - rpm, wall) };
    if (tpm !== undefined && this.#tokens + tokens > tpm)
      return {
        metric: "tpm",
        limit: tpm,
        wait: this.#waitForTokens(this.#tokens + tokens - tpm, wall),
      };
    return undefined;
  }

  #wait(excess: number, wall: number): number {
    if (this.#counting.window === "fixed") return (this.#minute + 1) * 60_000 - wall;
    const entry = this.#recent[this.#head + excess - 1];
    return entry ? entry.at + 60_000 - wall : 60_000;
  }

  #waitForTokens(excess: number, wall: number): number {
    if (this.#counting.window === "fixed") return (this.#minute + 1) * 60_000 - wall;
    let left = excess;
    for (let index = this.#head; index < this.#recent.length; index += 1) {
      const entry = this.#recent[index];
      left -= entry?.tokens ?? 0;
      if (entry && left <= 0) return entry.at + 60_000 - wall;
    }
    return 60_000;
  }
}

const dates = new Intl.DateTimeFormat("en-CA", {
  timeZone: "America/Los_Angeles",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});
let known = { hour: -1, date: "" };

/** The date in California at `wall`: daily quotas are counted by it. */
export function pacificDate(wall: number): string {
  // Midnight in California falls on a whole hour, so a date holds for the hour it was asked in.
  const hour = Math.floor(wall / 3_600_000);
  if (hour !== known.hour) known = { hour, date: dates.format(wall) };
  return known.date;
}
