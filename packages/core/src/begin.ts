import { isTested } from "./board/closures.ts";
import { type CallState, withItem, withItemAt } from "./call-state.ts";
import { type Engine } from "./engine.ts";
import { type AttemptRecord } from "./outcome.ts";
import { type Permit } from "./permit.ts";
import { type PlannedTarget } from "./target.ts";

/** Enters an attempt into the call's books. */
export function begin(engine: Engine, state: CallState, permit: Permit): AttemptRecord {
  const { target, entered, at } = permit;
  state.attempts += 1;
  const attemptAtTarget = (state.spent[target.index] ?? 0) + 1;
  state.spent = withItemAt(state.spent, target.index, attemptAtTarget);
  const record: AttemptRecord = {
    number: state.attempts,
    target: target.name,
    model: target.model,
    account: target.account,
    startedAt: at - state.began.now,
    duration: 0,
  };
  if (entered?.some(isTested)) record.role = "probe";
  if (engine.listening) tell(engine, state, { target, attemptAtTarget });
  state.records = withItem(state.records, record);
  return record;
}

function tell(
  engine: Engine,
  { id: call, attempts: attempt, records }: CallState,
  { target, attemptAtTarget }: { target: PlannedTarget; attemptAtTarget: number },
): void {
  const { name, model, account, provider } = target;
  const before = records.at(-1)?.target;
  if (before !== undefined && before !== name)
    engine.emit({ type: "target-switch", call, from: before, to: name });
  engine.emit({
    type: "attempt-start",
    call,
    target: name,
    model,
    account,
    provider,
    attempt,
    attemptAtTarget,
  });
}
