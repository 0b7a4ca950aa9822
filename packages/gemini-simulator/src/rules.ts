import { type FaultInput } from "./faults/index.ts";
import { matches } from "./pattern.ts";
import { randomAt } from "./random.ts";
import { type Call } from "./request.ts";
import { type RuleInput } from "./scenario.ts";

/** What a rule may look at. */
export interface RuleSubject {
  call: Call;
  /** All names of the model that was asked for: as asked, and the one that answers. */
  models: readonly string[];
  account: string | undefined;
  project: string | undefined;
  stream: boolean;
  /** Milliseconds since the scenario began. */
  elapsed: number;
}

/**
 * The fault that the rules give to a request, if any. `counts` holds how many requests each rule has met
 * and grows with every call.
 */
export function applyRules(
  rules: readonly RuleInput[],
  subject: RuleSubject,
  state: { seed: number; counts: number[] },
): FaultInput | undefined {
  for (const [index, rule] of rules.entries()) {
    if (!isAbout(rule, subject)) continue;
    const count = (state.counts[index] ?? 0) + 1;
    state.counts[index] = count;
    if (!isNth(rule.nth, count)) continue;
    const { probability = 1 } = rule;
    if (probability < 1 && randomAt(state.seed, index, count) >= probability) continue;
    return rule.fault;
  }
  return undefined;
}

function isAbout(
  rule: RuleInput,
  { call, models, account, project, stream, elapsed }: RuleSubject,
): boolean {
  return (
    elapsed >= (rule.from ?? 0) &&
    elapsed < (rule.until ?? Infinity) &&
    models.some((model) => matches(rule.model, model)) &&
    matches(rule.account, account) &&
    matches(rule.project, project) &&
    matches(rule.endpoint, call.endpoint) &&
    matches(rule.operation, call.operation) &&
    (rule.stream ?? stream) === stream
  );
}

function isNth(nth: RuleInput["nth"], count: number): boolean {
  if (nth === undefined) return true;
  if (typeof nth === "number") return count === nth;
  if (Array.isArray(nth)) return nth.includes(count);
  const { first = 1, last = Infinity, every = 1 } = nth;
  return count >= first && count <= last && (count - first) % every === 0;
}
