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

/** What the rules remember between requests. */
export interface RuleState {
  seed: number;
  /** How many requests each rule has met. */
  counts: number[];
  /** For rules that look at the load: when the last ones came. */
  arrivals: number[][];
}

/** The fault that the rules give to a request, if any. Every rule that is about it takes note of it. */
export function applyRules(
  rules: readonly RuleInput[],
  subject: RuleSubject,
  state: RuleState,
): FaultInput | undefined {
  for (const [index, rule] of rules.entries()) {
    if (!isAbout(rule, subject) || !isUnderLoad(rule, subject.elapsed, arrivalsOf(state, index)))
      continue;
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

function arrivalsOf({ arrivals }: RuleState, index: number): number[] {
  arrivals[index] ??= [];
  return arrivals[index];
}

function isUnderLoad({ load }: RuleInput, elapsed: number, arrivals: number[]): boolean {
  if (load === undefined) return true;
  const { above, within = 1000 } = load;
  arrivals.push(elapsed);
  const old = arrivals.findIndex((time) => time > elapsed - within);
  arrivals.splice(0, old);
  return arrivals.length > above;
}

function isNth(nth: RuleInput["nth"], count: number): boolean {
  if (nth === undefined) return true;
  if (typeof nth === "number") return count === nth;
  if (Array.isArray(nth)) return nth.includes(count);
  const { first = 1, last = Infinity, every = 1 } = nth;
  return count >= first && count <= last && (count - first) % every === 0;
}
