// What one call knows. It lives in `execute` and nowhere else.
import { type Moment } from "./board/board.ts";
import { type Need } from "./board/quota.ts";
import { type Failure } from "./failure.ts";
import { type CallOptions } from "./options.ts";
import { type AttemptRecord, type WaitRecord } from "./outcome.ts";
import { type Plan } from "./plan.ts";
import { type Settings } from "./settings.ts";
import { type Taken } from "./taken.ts";
import { type PlannedTarget } from "./target.ts";

/** The state of one call under a policy. */
export interface CallState {
  readonly id: number;
  readonly settings: Settings;
  readonly options: CallOptions;
  readonly plan: Plan;
  readonly need: Need;
  readonly signal: AbortSignal | undefined;
  readonly began: Moment;
  readonly deadlineAt: number;
  /** What is left of the patience: only waits for a better target while a lesser one was open use it up. */
  patience: number;
  /** Whom to ask whether the call may go. */
  readonly taker: { take(state: CallState, moment?: Moment, yields?: boolean): Taken };
  /** Whether others wait that could go in its place. */
  yields: boolean;
  input: unknown;
  /** Attempts made. */
  attempts: number;
  records: AttemptRecord[];
  waits: WaitRecord[];
  decisions: string[];
  /** Attempts at each target; by index. */
  spent: number[];
  /** Targets that cannot serve this call any more; by index. */
  out: boolean[];
  /** Scopes that are closed for this call alone, until when. */
  closed: Map<string, number> | undefined;
  /** The target of the last attempt, while it is to be preferred over its equals. */
  current: PlannedTarget | undefined;
  /** The target that served this conversation before. */
  preferred: string | undefined;
  /** The failure to report, and that of the last attempt. */
  reported: Failure | undefined;
  last: Failure | undefined;
  /** What the last retry took from the budget, to be refunded. */
  paid: number;
}

/** Stands for every list that nothing was put into yet: a call that waits should weigh little. Never changed. */
export const none: never[] = [];

/** `list` with one more item; the same list, unless it was `none`. */
export function withItem<T>(list: T[], item: T): T[] {
  if (list === none) return [item];
  list.push(item);
  return list;
}

/** `list` with `item` at `place`; the same list, unless it was `none`. */
export function withItemAt<T>(list: T[], place: number, item: T): T[] {
  // A literal takes no more room than it needs, and most calls ask one target.
  if (list === none && place === 0) return [item];
  const own = list === none ? [] : list;
  own[place] = item;
  return own;
}
