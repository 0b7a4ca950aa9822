// Whether an answer that came is one that can be used.
import { type CallState } from "./call-state.ts";
import { classifyAnswer } from "./classify/answer.ts";
import { type Engine } from "./engine.ts";
import { failureOf } from "./failure-of.ts";
import { type Failure } from "./failure.ts";
import { type AttemptedDetails } from "./outcome.ts";

/** What is wrong with an answer: by the policy's own rule, else by its finish reason and content. */
export function judge(
  engine: Engine,
  state: CallState,
  { about, value, model }: { about: AttemptedDetails; value: unknown; model: string },
): Failure | undefined {
  const verdict = state.settings.accept?.(about.answer, value);
  if (verdict !== undefined)
    return typeof verdict === "string"
      ? failureOf(verdict, "the policy's own rule refused the answer", state.settings.rows)
      : verdict;
  const { modelVersion } = about;
  if (modelVersion !== undefined) engine.warnOfModel(model, modelVersion);
  return about.answer && classifyAnswer(about.answer);
}
