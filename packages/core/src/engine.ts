// What the parts of the engine see of each other.
import { type Board, type Moment } from "./board/board.ts";
import { type CallState } from "./call-state.ts";
import { type Clock } from "./clock.ts";
import { type EventDraft } from "./events.ts";
import { type Failure } from "./failure.ts";
import { type CallOptions } from "./options.ts";
import { type Permit } from "./permit.ts";
import { type Settings } from "./settings.ts";
import { type Taken } from "./taken.ts";
import { type PlannedTarget } from "./target.ts";

/** What is needed to teach the board. */
export interface BoardAccess {
  readonly board: Board;
  readonly settings: Settings;
  moment(): Moment;
  random(): number;
  /** A call has left a target. */
  left(target: PlannedTarget, overloaded: boolean | undefined): void;
  /** A success pays into the retry budget of an upstream × model. */
  payIn(scope: string, refund: number): void;
}

/** What `execute` drives. */
export interface Engine extends BoardAccess {
  readonly clock: Clock;
  /** The state of a new call. @throws what the caller's signal aborted with; TypeError for options that cannot be */
  begin(options: CallOptions): CallState;
  /** Takes a permit for a new call: behind those that wait for the same targets already. */
  enter(state: CallState): Taken;
  /** Takes a permit, or says why there is none. */
  take(state: CallState): Taken;
  /** Waits in turn with the others; `undefined` when the call's own patience or deadline has ended. */
  wait(state: CallState, taken: Taken & { action: "wait" }): Promise<Taken | undefined>;
  /** Ms after which a second attempt makes sense; nothing when none is allowed. */
  hedgeDelay(target: PlannedTarget): number | undefined;
  /** A permit for a second attempt in another quota domain, if one is open now. */
  takeHedge(state: CallState, beside: Permit): Permit | undefined;
  /** An attempt was answered after so many ms. */
  clocked(target: PlannedTarget, duration: number): void;
  classify(error: unknown): Failure;
  /** One line on what went wrong, with the nearest model names where a name is the trouble. */
  /** `targets`: where the call could have gone, since a name may be closed at one place and open at another. */
  diagnose(failure: Failure, targets: readonly PlannedTarget[]): string;
  /** Hands on an error as it came, or as a copy without the keys that it carried. */
  redactError(error: unknown): unknown;
  /** Whether the retry budget has enough for another attempt. */
  canPay(scope: string, failure: Failure): boolean;
  /** Takes the price of another attempt from the retry budget; 0 when it has not enough. */
  pay(scope: string, failure: Failure): number;
  emit(event: EventDraft): void;
  readonly listening: boolean;
  /** A conversation was served. */
  remember(state: CallState, target: PlannedTarget): void;
  warnOnce(code: string, message: string): void;
  /** Warns once when another model answered than the one asked for. */
  warnOfModel(asked: string, served: string): void;
}
