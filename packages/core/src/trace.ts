import { type CallState } from "./call-state.ts";
import { type AttemptRecord, type Trace, type Usage, type WaitRecord } from "./outcome.ts";
import { spentByAll } from "./price.ts";

/** What happened to a call so far. It reads the call's own books, so what a stream learns later shows in it. */
class CallTrace {
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
    return spentByAll(this.attempts).usage ?? { inputTokens: 0, outputTokens: 0 };
  }

  get cost(): number | undefined {
    return spentByAll(this.attempts).cost;
  }

  toJSON(): Trace {
    const { call, model, startedAt, duration, attempts, waits, decisions, servedBy, usage, cost } =
      this;
    const more = {
      ...(servedBy === undefined ? {} : { servedBy }),
      usage,
      ...(cost === undefined ? {} : { cost }),
    };
    return { call, model, startedAt, duration, attempts, waits, decisions, ...more };
  }
}

/** What happened to a call so far. */
export function traceOf(state: CallState, duration: number, servedBy?: string): Trace {
  return new CallTrace(state, duration, servedBy) as Trace;
}
