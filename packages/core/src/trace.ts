import { type CallState } from "./call-state.ts";
import { type AttemptRecord, type Trace, type Usage, type WaitRecord } from "./outcome.ts";

/** What happened to a call so far. It reads the call's own books, so what a stream learns later shows in it. */
class CallTrace implements Trace {
  readonly call: number;
  readonly model: string;
  readonly startedAt: number;
  readonly duration: number;
  readonly attempts: AttemptRecord[];
  readonly waits: WaitRecord[];
  readonly decisions: string[];
  readonly servedBy?: string;

  constructor(state: CallState, duration: number, servedBy: string | undefined) {
    this.call = state.id;
    this.model = state.plan.model;
    this.startedAt = state.began.wall;
    this.duration = duration;
    this.attempts = state.records;
    this.waits = state.waits;
    this.decisions = state.decisions;
    if (servedBy !== undefined) this.servedBy = servedBy;
  }

  get usage(): Usage {
    let [inputTokens, outputTokens] = [0, 0];
    for (const { usage } of this.attempts) {
      inputTokens += usage?.inputTokens ?? 0;
      outputTokens += usage?.outputTokens ?? 0;
    }
    return { inputTokens, outputTokens };
  }

  toJSON(): Trace {
    const { call, model, startedAt, duration, attempts, waits, decisions, servedBy, usage } = this;
    const served = servedBy === undefined ? {} : { servedBy };
    return { call, model, startedAt, duration, attempts, waits, decisions, ...served, usage };
  }
}

/** What happened to a call so far. */
export function traceOf(state: CallState, duration: number, servedBy?: string): Trace {
  return new CallTrace(state, duration, servedBy);
}
