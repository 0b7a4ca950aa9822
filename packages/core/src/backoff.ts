/** How delays between attempts at one target grow, when the provider names none. */
export interface BackoffOptions {
  /** Ceiling of the first delay, in ms. @default by kind of failure: 1000 for an overloaded model */
  base?: number;
  /** The longest delay, in ms. @default by kind of failure: 20000 for an overloaded model */
  cap?: number;
  /** What the ceiling is multiplied by from one attempt to the next. @default 2 */
  factor?: number;
  /** `full`: between zero and the ceiling, which keeps clients from marching in step. `none`: the ceiling itself. @default "full" */
  jitter?: "full" | "none";
}

/** Milliseconds to wait after failed attempt number `attempt` (from 1); `random` is uniform in [0, 1). */
export function backoffDelay(
  { base = 1_000, cap = 20_000, factor = 2, jitter = "full" }: BackoffOptions,
  attempt: number,
  random: number,
): number {
  const ceiling = Math.min(cap, base * factor ** (attempt - 1));
  return jitter === "none" ? ceiling : random * ceiling;
}

/**
 * A delay the provider asked for, and a little more, so that calls that were told the same moment do not come back
 * in one instant. Never earlier than asked.
 */
export function hintedDelay(retryAfter: number, random: number): number {
  return retryAfter + random * Math.min(5_000, retryAfter * 0.1 + 500);
}
