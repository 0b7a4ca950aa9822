import { type Closure } from "./board/closures.ts";
import { type Domain, type Reservation } from "./board/quota.ts";
import { type Failure } from "./failure.ts";
import { type Usage } from "./outcome.ts";
import { type PlannedTarget } from "./target.ts";

/** The right to make one attempt; released exactly once, when the attempt has settled. */
export interface Permit {
  readonly target: PlannedTarget;
  readonly domain: Domain;
  readonly reservation: Reservation;
  /** The closed scopes that this attempt tests. */
  readonly entered: Closure[] | undefined;
  readonly call: number;
  /** When it was granted, in monotonic ms. */
  readonly at: number;
  /** Whether it was answered: a stream settles later. */
  committed: boolean;
  released: boolean;
}

/** How an attempt ended. `neutral`: it says nothing of its target (an abort, the loser of a hedge). */
export type Ending = { usage?: Usage | undefined } & (
  | { how: "success" }
  | { how: "neutral" }
  | { how: "failure"; failure: Failure }
);
