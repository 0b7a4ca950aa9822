// A server that queues what it cannot serve at once: by the time that attempts run into their limits, all that was sent
// meanwhile is lost, and is served all the same. Little's law tells it before: what is under way takes as long as it
// takes to answer that many.

/** Answers in a row that took far longer than usual. */
export interface LateAnswers {
  /** Monotonic ms: when the first of them came. */
  since: number;
  count: number;
  /** Sum of what they took, in ms. */
  total: number;
}

/** An answer that takes so many times as long as is typical is late, and so many in a row are no chance. */
const late = 10;
const enough = 10;
/** Waits of this share of an attempt's limit are too long. */
const tooLong = 0.5;

/** Whether an answer took far longer than is typical (ms; 0 where nobody knows). */
export const isLate = (duration: number, typical: number): boolean =>
  typical > 0 && duration > late * typical;

/** Takes in a late answer that came at `now` after `duration` ms. */
export function seeLate(
  before: LateAnswers | undefined,
  duration: number,
  now: number,
): LateAnswers {
  const { since, count, total } = before ?? { since: now, count: 0, total: 0 };
  return { since, count: count + 1, total: total + duration };
}

/** Whether what is sent now would wait for a great part of its time limit behind the `flying` that are under way. */
export function isCrowded(
  { count, since }: LateAnswers,
  { flying, limit, now }: { flying: number; limit: number; now: number },
): boolean {
  if (count < enough) return false;
  const each = (now - since) / (count - 1);
  return flying * each > limit * tooLong;
}
