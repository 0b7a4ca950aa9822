import { type Caller, identify, projectNumber } from "./account.ts";
import { type Answer } from "./answer.ts";
import { checkRequest } from "./check-request.ts";
import { type FaultContext } from "./faults/fault.ts";
import { type FaultInput, faults } from "./faults/index.ts";
import { errorAnswer, type GoogleError } from "./google-error.ts";
import { type JsonObject } from "./json.ts";
import { createLog, type RequestLog } from "./log.ts";
import { createCatalogue, type Model, modelNotFound, resolvedName } from "./models.ts";
import { notFoundPage } from "./not-found-page.ts";
import { isGeneration, perform } from "./perform.ts";
import { chargeQuota, type QuotaState, windowEnds } from "./quota-gate.ts";
import { tierOf } from "./quota-limits.ts";
import { hashText, randomAt } from "./random.ts";
import { frameMessages } from "./reply/frame.ts";
import { type Envelope } from "./reply/messages.ts";
import { type Call, type GeminiRequest } from "./request.ts";
import { route } from "./route.ts";
import { applyRules } from "./rules.ts";
import { parseScenario } from "./scenario-schema.ts";
import { type Scenario, type ScenarioInput } from "./scenario.ts";
import { promptTokens } from "./tokens.ts";

/** A simulated Gemini without a network: requests in, descriptions of answers out. */
export interface Gemini {
  /** The scenario with its defaults filled in. */
  readonly scenario: Scenario;
  /** What arrived. */
  readonly log: RequestLog;
  /**
   * Answers a request that arrives at `now` (ms since 1970). The same requests at the same times after the same
   * scenario get the same answers, byte for byte. Never throws and never waits.
   */
  handle(request: GeminiRequest, now: number): Answer;
  /** Says when the scenario begins (ms since 1970). @default the moment of the first request */
  start(now: number): void;
  /** Forgets usage, counts and log, and starts over: with another scenario, if one is given. A bad one is a `TypeError`. */
  reset(scenario?: ScenarioInput): void;
}

/** How much a simulated Gemini remembers. */
export interface GeminiOptions {
  /** Entries of the log that are surely kept. @default 100000 */
  logLimit?: number;
}

interface State {
  scenario: Scenario;
  models: Map<string, Model>;
  startedAt: number | undefined;
  requests: number;
  ruleCounts: number[];
  keyNames: Map<string, string>;
  quotas: QuotaState;
}

/** Makes a simulated Gemini out of a scenario; a bad one is a `TypeError` that says what is wrong where. */
export function createGemini(scenario: ScenarioInput = {}, options: GeminiOptions = {}): Gemini {
  const { logLimit = 100_000 } = options;
  const log = createLog(logLimit);
  let state = newState(parseScenario(scenario));
  return {
    get scenario() {
      return state.scenario;
    },
    log,
    start(now) {
      state.startedAt ??= now;
    },
    reset(next) {
      state = newState(next === undefined ? state.scenario : parseScenario(next));
      log.clear();
    },
    handle(request, now) {
      state.startedAt ??= now;
      state.requests++;
      const call = route(request, state.scenario.endpoints);
      const caller = identify(call, state.scenario, state.keyNames);
      const visit: Visit = {
        state,
        call,
        caller,
        now,
        elapsed: now - state.startedAt,
        number: state.requests,
      };
      const { answer, fault } = decide(visit);
      log.add(describe(visit, answer, fault));
      return answer;
    },
  };
}

function newState(scenario: Scenario): State {
  return {
    scenario,
    models: createCatalogue(scenario.models),
    startedAt: undefined,
    requests: 0,
    ruleCounts: [],
    keyNames: new Map(),
    quotas: new Map(),
  };
}

/** One request on its way through. */
interface Visit {
  state: State;
  call: Call;
  caller: Caller;
  now: number;
  elapsed: number;
  number: number;
}

interface Outcome {
  answer: Answer;
  fault: string | undefined;
}

/** In the order in which Google looks: path, key, body, model, quota, and only then the model itself. */
function decide(visit: Visit): Outcome {
  const { state, call, caller } = visit;
  if (call.operation === "unknown")
    return { answer: notFoundPage(call.request), fault: "unknown-path" };
  if (caller.fault !== undefined) return commit(visit, caller.fault, {});
  const { body, error } = checkRequest(call);
  if (error !== undefined) return refused(visit, error, "bad-request");
  const model = state.models.get(call.model);
  if (call.model !== "" && (model === undefined || model.retired))
    return refused(visit, modelNotFound(call), "model-not-found");
  const scripted = applyRules(state.scenario.rules, subjectOf(visit, model), {
    seed: state.scenario.seed,
    counts: state.ruleCounts,
  });
  const quota =
    model && chargeQuota({ ...visit, quotas: state.quotas, scenario: state.scenario, model, body });
  if (quota !== undefined) return refused(visit, quota, "quota");
  if (scripted !== undefined) return commit(visit, scripted, body);
  return { answer: succeed(visit, body), fault: undefined };
}

function refused({ call }: Visit, error: GoogleError, fault: string): Outcome {
  return { answer: errorAnswer(error, call.framing), fault };
}

function subjectOf(
  { call, caller, elapsed }: Visit,
  model: Model | undefined,
): Parameters<typeof applyRules>[1] {
  return {
    call,
    models: model === undefined ? [call.model] : [call.model, resolvedName(model)],
    account: caller.account,
    project: caller.project,
    stream: call.operation === "streamGenerateContent",
    elapsed,
  };
}

function succeed(visit: Visit, body: JsonObject): Answer {
  const { state, call } = visit;
  const model = modelOf(visit);
  return perform({
    call,
    body,
    model,
    models: state.models,
    scenario: state.scenario,
    envelope: envelopeOf(visit),
  });
}

function commit(visit: Visit, input: FaultInput, body: JsonObject): Outcome {
  const type = typeof input === "string" ? input : input.type;
  const fault = faults[type];
  const options = typeof input === "string" ? fault.options.parse({}) : input;
  return { answer: fault.answer(options, contextOf(visit, body)), fault: type };
}

function contextOf(visit: Visit, body: JsonObject): FaultContext {
  const { state, call, caller, now, number } = visit;
  const { scenario } = state;
  let drawn = 0;
  return {
    call,
    model: modelOf(visit),
    projectNumber: projectNumber(caller.project),
    tier: caller.project === undefined ? undefined : tierOf(scenario, caller.project),
    key: caller.key,
    random: () => randomAt(scenario.seed, number, drawn++),
    ...windowEnds(scenario, now, number),
    usage() {
      const tokens = promptTokens(body);
      return { promptTokenCount: tokens, totalTokenCount: tokens };
    },
    envelope: envelopeOf(visit),
    refuse: (error) => errorAnswer(error, call.framing),
    respond(...messages) {
      if (!isGeneration(call)) return succeed(visit, body);
      return frameMessages(
        messages.map((message) => ({ delay: 0, message })),
        call.framing,
      );
    },
    succeed: () => succeed(visit, body),
  };
}

function modelOf({ state, call }: Visit): Model {
  const known = state.models.get(call.model);
  return (
    known ?? {
      name: call.model,
      family: "text",
      inputTokenLimit: 1_048_576,
      outputTokenLimit: 65_536,
      thinking: false,
    }
  );
}

function envelopeOf(visit: Visit): Envelope {
  const digits = hashText(`${visit.state.scenario.seed}/${visit.number}`).toString(36);
  const responseId = Buffer.from(`${visit.number}-${digits}`).toString("base64url");
  return { modelVersion: resolvedName(modelOf(visit)), responseId };
}

function describe(
  visit: Visit,
  answer: Answer,
  fault: string | undefined,
): Parameters<ReturnType<typeof createLog>["add"]>[0] {
  const { call, caller, now, elapsed, number } = visit;
  const [path = ""] = call.request.url.replace(/^[a-z]+:\/\/[^/]*/, "").split("?");
  return {
    number,
    time: now,
    elapsed,
    method: call.request.method,
    path,
    host: call.host === "" ? (call.request.headers["host"] ?? "") : call.host,
    endpoint: call.endpoint,
    operation: call.operation,
    model: call.model,
    account: caller.account,
    project: caller.project,
    stream: call.operation === "streamGenerateContent",
    status: answer.head?.status,
    fault,
    body: call.request.body,
  };
}
