import { projectNumber } from "./account.ts";
import { type Answer } from "./answer.ts";
import { checkReferences, namesReferences } from "./check/references.ts";
import { checkMeaning, checkShape, supports } from "./check/request.ts";
import { promptTooLong } from "./faults/context-overflow.ts";
import { type FaultContext } from "./faults/fault.ts";
import { type FaultInput, faults } from "./faults/index.ts";
import { errorAnswer, type GoogleError } from "./google-error.ts";
import { type Model, modelNotFound, resolvedName, unknownModel } from "./models.ts";
import { notFoundPage } from "./not-found-page.ts";
import { perform } from "./perform.ts";
import { chargeQuota, windowEnds } from "./quota/gate.ts";
import { tierOf } from "./quota/limits.ts";
import { frameMessages } from "./reply/frame.ts";
import { usageOf } from "./reply/messages.ts";
import { isGeneration, isStreamed } from "./request.ts";
import { applyRules } from "./rules.ts";
import { bookSpending, findSpendRefusal } from "./spend.ts";
import { type Visit } from "./state.ts";
import { type Task } from "./task.ts";
import { countTokens, mediaTokens, promptTokens } from "./tokens.ts";

/** An answer, and the name of what was wrong. */
export interface Outcome {
  answer: Answer;
  fault: string | undefined;
}

/** Decides about a request in the order in which Google looks: path, key, body, model, money, quota, capacity. */
export function decide(visit: Visit): Outcome {
  const { state, call, caller } = visit;
  if (call.operation === "unknown")
    return { answer: notFoundPage(call.request), fault: "unknown-path" };
  if (caller.fault !== undefined) return commit(visit, caller.fault);
  const wrong = checkRequest(visit);
  if (wrong !== undefined) return wrong;
  const { rules } = state.scenario;
  const scripted =
    rules.length === 0 ? undefined : applyRules(rules, subjectOf(visit), state.rules);
  return checkLimits(visit) ?? (scripted === undefined ? succeed(visit) : commit(visit, scripted));
}

function checkRequest(visit: Visit): Outcome | undefined {
  const { call, body } = visit;
  const malformed = visit.error ?? checkShape(call, body);
  if (malformed !== undefined) return refuse(visit, malformed, "bad-request");
  const { model } = visit;
  const isServed = model !== undefined && !model.retired && supports(model, call.operation);
  if (call.model !== "" && !isServed) return refuse(visit, modelNotFound(call), "model-not-found");
  const wrong =
    (model && checkMeaning(call, body, model)) ??
    (namesReferences(call) ? checkReferences(taskOf(visit)) : undefined);
  return wrong && refuse(visit, wrong, "bad-request");
}

function checkLimits(visit: Visit): Outcome | undefined {
  const { state, call, caller, now, model } = visit;
  if (model === undefined) return undefined;
  const money = findSpendRefusal(state.spending, {
    scenario: state.scenario,
    project: caller.project,
    now,
  });
  if (money !== undefined) return commit(visit, money);
  const quota = chargeQuota({ ...visit, quotas: state.quotas, scenario: state.scenario, model });
  if (quota !== undefined) return refuse(visit, quota, "quota");
  // A prompt that is too long has used up its tokens all the same.
  const mayBeLong =
    isGeneration(call) && call.request.body.length * mediaTokens > model.inputTokenLimit;
  const tooLong = mayBeLong && promptTokens(visit.body) > model.inputTokenLimit;
  return tooLong
    ? refuse(visit, promptTooLong(model.inputTokenLimit), "context-overflow")
    : undefined;
}

function refuse({ call }: Visit, error: GoogleError, fault: string): Outcome {
  return { answer: errorAnswer(error, call.framing), fault };
}

function subjectOf(visit: Visit): Parameters<typeof applyRules>[1] {
  const { call, caller, elapsed } = visit;
  return {
    call,
    models: [call.model, resolvedName(modelOf(visit))],
    account: caller.account,
    project: caller.project,
    stream: isStreamed(call),
    elapsed,
  };
}

function succeed(visit: Visit): Outcome {
  const { state, call, caller, now, body } = visit;
  const answer = perform(taskOf(visit));
  if (isGeneration(call) && state.scenario.projects.length > 0) {
    const output = answer.chunks.reduce((sum, { text }) => sum + countTokens(text), 0);
    const payer = { scenario: state.scenario, project: caller.project, now };
    bookSpending(state.spending, payer, { input: promptTokens(body), output });
  }
  return { answer, fault: undefined };
}

function commit(visit: Visit, input: FaultInput): Outcome {
  const type = typeof input === "string" ? input : input.type;
  const fault = faults[type];
  const { type: _, ...given } = typeof input === "string" ? { type } : input;
  return { answer: fault.answer(fault.options.parse(given), contextOf(visit)), fault: type };
}

function contextOf(visit: Visit): FaultContext {
  const { state, call, caller, body, now, number } = visit;
  const { scenario } = state;
  const good = (): Answer => succeed(visit).answer;
  return {
    call,
    model: modelOf(visit),
    projectNumber: projectNumber(caller.project),
    tier: caller.project === undefined ? undefined : tierOf(scenario, caller.project),
    key: caller.key,
    ...windowEnds(scenario, now, number),
    usage: () => usageOf(promptTokens(body), 0),
    envelope: visit.envelope,
    refuse: (error) => errorAnswer(error, call.framing),
    respond(...messages) {
      if (!isGeneration(call)) return good();
      const timed = messages.map((message) => ({ delay: 0, message }));
      return frameMessages(timed, call);
    },
    succeed: good,
  };
}

function taskOf(visit: Visit): Task {
  const { state, call, caller, body } = visit;
  const { scenario, models, resources } = state;
  const project = caller.project ?? "";
  return {
    call,
    body,
    model: modelOf(visit),
    models,
    scenario,
    resources,
    project,
    envelope: visit.envelope,
  };
}

function modelOf({ model, call }: Visit): Model {
  return model ?? unknownModel(call.model);
}
