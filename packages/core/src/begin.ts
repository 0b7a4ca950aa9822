import { isTested } from "./board/closures.ts";
import { type CallState, withItem, withItemAt } from "./call-state.ts";
import { type Engine } from "./engine.ts";
import { type AttemptRecord } from "./outcome.ts";
import { type Permit } from "./permit.ts";

/** Enters an attempt into the call's books. */
export function begin(
  engine: Engine,
  state: CallState,
  { permit, startedAt }: { permit: Permit; startedAt: number },
): AttemptRecord {
  const { target } = permit;
  state.attempts += 1;
  const attemptAtTarget = (state.spent[target.index] ?? 0) + 1;
  state.spent = withItemAt(state.spent, target.index, attemptAtTarget);
  const before = state.records.at(-1)?.target;
  const record: AttemptRecord = {
    number: state.attempts,
    target: target.name,
    model: target.model,
    account: target.account,
    startedAt: startedAt - state.startedAt,
    duration: 0,
    ...(permit.entered?.some(isTested) ? { role: "probe" as const } : {}),
  };
  state.records = withItem(state.records, record);
  if (engine.listening) {
    const { id: call, attempts } = state;
    if (before !== undefined && before !== target.name)
      engine.emit({ type: "target-switch", call, from: before, to: target.name });
    engine.emit({
      type: "attempt-start",
      call,
      target: target.name,
      model: target.model,
      account: target.account,
      provider: target.provider,
      attempt: attempts,
      attemptAtTarget,
    });
  }
  return record;
}
