// Collects what `decide` needs to know.
import { type CallState } from "./call-state.ts";
import { type Situation } from "./decide.ts";
import { type Engine } from "./engine.ts";
import { type Failure } from "./failure.ts";
import { type Rule } from "./options.ts";
import { type PlannedTarget, suspectedScope } from "./target.ts";

function ruleFor(state: CallState, failure: Failure, target: PlannedTarget): Rule | undefined {
  const { rules } = state.settings;
  if (typeof rules === "function") return rules({ failure, target, attempts: state.attempts });
  return rules?.[failure.kind];
}

/** The situation of a call after a failed attempt. */
export function situationOf(
  engine: Engine,
  state: CallState,
  { target, failure }: { target: PlannedTarget; failure: Failure },
): Situation {
  const { settings, plan } = state;
  const moment = engine.moment();
  const { now } = moment;
  const scope = suspectedScope(failure.scope, target);
  const others = engine.board.lately(scope, now, settings.breaker ?? {});
  const { calls = 5, share = 0.5 } = settings.breaker ?? {};
  // Some always succeed where it is chance, and where those succeed that were sent before an outage began.
  const isChance = others.healthy > 0 && (others.failing < calls || others.healthy > 1 - share);
  const { models } = settings;
  const window = (model: string): number => models?.window?.(model) ?? Infinity;
  const targets = plan.targets.filter(({ index }) => !state.out[index]);
  const tooSmall = failure.scope === "window" ? window(target.model) : Infinity;
  const larger = targets.filter(({ model }) => window(model) > tooSmall);
  const opensInTime = (one: PlannedTarget): boolean => {
    const domain = engine.board.domains.of(one, now);
    const { at, eventful } = engine.board.opening(one, domain, moment);
    return eventful || at < state.deadlineAt;
  };
  return {
    failure,
    row: settings.rows[failure.kind],
    rule: ruleFor(state, failure, target),
    backoff: settings.backoff,
    target,
    targets,
    reachable: targets.filter((one) => one === target || opensInTime(one)),
    ...(tooSmall < Infinity ? { larger } : {}),
    spent: state.spent[target.index] ?? 1,
    attempts: state.attempts,
    maxAttempts: settings.attempts,
    attemptsGiven: settings.attemptsGiven,
    later: state.reported !== undefined && state.records.some((one) => one.target !== target.name),
    healthy: others.healthy,
    byChance: others.byChance,
    // This call is among those that failed.
    othersFailing: isChance ? 0 : Math.max(0, others.failing - 1),
    affordable: engine.canPay(target.scopes["upstream-model"], failure),
    left: state.deadlineAt - now,
    random: engine.random(),
  };
}
