import { identify } from "./account.ts";
import { type Answer } from "./answer.ts";
import { decide, type Outcome } from "./decide.ts";
import { createLog, type LogEntry, type RequestLog } from "./log.ts";
import { type Model, resolvedName } from "./models.ts";
import { randomAt } from "./random.ts";
import { readCall } from "./read-call.ts";
import { type Envelope } from "./reply/messages.ts";
import { type GeminiRequest, isStreamed } from "./request.ts";
import { route } from "./route.ts";
import { parseScenario } from "./scenario-schema.ts";
import { type Scenario, type ScenarioInput } from "./scenario.ts";
import { type ScenarioName } from "./scenarios.ts";
import { newState, type State, type Visit } from "./state.ts";

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
  reset(scenario?: ScenarioInput | ScenarioName): void;
}

/** How much a simulated Gemini remembers. */
export interface GeminiOptions {
  /** Entries of the log that are surely kept. @default 100000 */
  logLimit?: number;
  /** Told of every request, once its answer is decided. */
  onRequest?: (entry: LogEntry) => void;
}

/** Makes a simulated Gemini out of a scenario, or of the name of one; a bad one is a `TypeError` that says what is wrong where. */
export function createGemini(
  scenario: ScenarioInput | ScenarioName = {},
  options: GeminiOptions = {},
): Gemini {
  const { logLimit = 100_000, onRequest } = options;
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
      const read = readCall(route(request, state.scenario.endpoints, now));
      const caller = identify(read.call, state);
      const elapsed = now - state.startedAt;
      const model = state.models.get(read.call.model);
      const envelope = envelopeOf(state, model, read.call.model);
      const visit: Visit = {
        ...read,
        state,
        caller,
        now,
        elapsed,
        number: state.requests,
        model,
        envelope,
      };
      const outcome = decide(visit);
      const entry = describe(visit, outcome);
      log.add(entry);
      onRequest?.(entry);
      return outcome.answer;
    },
  };
}

function envelopeOf(
  { scenario, requests }: State,
  model: Model | undefined,
  asked: string,
): Envelope {
  const mark = Math.floor(randomAt(scenario.seed, requests) * 2 ** 30).toString(36);
  return {
    modelVersion: model === undefined ? asked : resolvedName(model),
    responseId: `${mark}-${requests.toString(36)}`,
  };
}

function describe(
  { call, caller, now, elapsed, number }: Visit,
  { answer, fault }: Outcome,
): LogEntry {
  const { url, method, body } = call.request;
  const [path = ""] = (url.startsWith(call.origin) ? url.slice(call.origin.length) : url).split(
    "?",
  );
  return {
    number,
    time: now,
    elapsed,
    method,
    path,
    origin: call.origin,
    endpoint: call.endpoint,
    operation: call.operation,
    model: call.model,
    account: caller.account,
    project: caller.project,
    stream: isStreamed(call),
    status: answer.head?.status,
    fault,
    body,
  };
}
