import { type CallState } from "./call-state.ts";
import { type Trace } from "./outcome.ts";

/** What happened to a call so far. Records are shared, so what a stream learns later shows in the trace. */
export function traceOf(
  state: CallState,
  { duration, servedBy }: { duration: number; servedBy?: string },
): Trace {
  const { records, waits, decisions } = state;
  return {
    call: state.id,
    model: state.plan.model,
    startedAt: state.startedWall,
    duration,
    attempts: records,
    waits,
    ...(servedBy === undefined ? {} : { servedBy }),
    decisions,
    get usage() {
      let [inputTokens, outputTokens] = [0, 0];
      for (const { usage } of records) {
        inputTokens += usage?.inputTokens ?? 0;
        outputTokens += usage?.outputTokens ?? 0;
      }
      return { inputTokens, outputTokens };
    },
  };
}
