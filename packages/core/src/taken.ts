// What a call can do now, and the same with the permit taken.
import { type Domain } from "./board/quota.ts";
import { type GiveUpReason } from "./errors.ts";
import { type Permit } from "./permit.ts";
import { type PlannedTarget } from "./target.ts";

/** What a call can do now. */
export type Pick =
  | { action: "go"; target: PlannedTarget; domain: Domain }
  | {
      action: "wait";
      until: number;
      why: string;
      /** Whether the wait is for a better target while a lesser one is open. */
      choosy: boolean;
      /** Whether the call's own delay ends it, rather than the board. */
      own: boolean;
      /** Whether another call that waits for the same may go although this one may not. */
      passes?: true;
    }
  | { action: "stop"; reason: GiveUpReason; why: string };

/** `Pick`, with the permit taken. */
export type Taken =
  | { action: "go"; permit: Permit }
  | Extract<Pick, { action: "wait" }>
  | Extract<Pick, { action: "stop" }>;
