import { type Caller } from "../account.ts";
import { type GoogleError } from "../google-error.ts";
import { type JsonObject, toObjects } from "../json.ts";
import { type Model, resolvedName } from "../models.ts";
import { randomAt } from "../random.ts";
import { type Call, type Operation } from "../request.ts";
import { type Scenario } from "../scenario.ts";
import { promptTokens } from "../tokens.ts";
import { endOfDay } from "./calendar.ts";
import { limitsFor, tierOf } from "./limits.ts";
import { quotaExceeded } from "./refusal.ts";
import {
  addUsage,
  type Cost,
  findViolations,
  noUsage,
  renewUsage,
  type Usage,
  type Violation,
} from "./usage.ts";

/** Usage by project and resolved model. */
export type QuotaState = Map<string, Usage>;

/** A request at the gate. */
export interface QuotaQuestion {
  quotas: QuotaState;
  scenario: Scenario;
  call: Call;
  caller: Caller;
  model: Model;
  body: JsonObject;
  now: number;
  number: number;
}

const counted: ReadonlySet<Operation> = new Set<Operation>([
  "generateContent",
  "streamGenerateContent",
  "embedContent",
  "batchEmbedContents",
  "chatCompletions",
  "openaiEmbeddings",
]);

/** Counts a request against its project's limits, or refuses it. What is refused is not counted. */
export function chargeQuota(question: QuotaQuestion): GoogleError | undefined {
  const { quotas, scenario, call, caller, model, body, now, number } = question;
  if (!counted.has(call.operation) || caller.project === undefined) return undefined;
  const limits = limitsFor(scenario, caller.project, model);
  if (Object.keys(limits).length === 0) return undefined;
  const name = `${caller.project} ${resolvedName(model)}`;
  const usage = quotas.get(name) ?? noUsage();
  quotas.set(name, usage);
  renewUsage(usage, now, scenario.quotas);
  const cost = costOf(call, body);
  const violations = findViolations({ usage, limits, cost }, now, scenario.quotas);
  if (violations.length === 0) {
    addUsage(usage, { time: now, ...cost }, scenario.quotas);
    return undefined;
  }
  const wait = adviseWait(violations, { scenario, now, number });
  return quotaExceeded({ model, tier: tierOf(scenario, caller.project), violations, wait });
}

function costOf(call: Call, body: JsonObject): Cost {
  if (call.operation === "batchEmbedContents" || call.operation === "openaiEmbeddings") {
    const requests = toObjects(body["requests"]);
    const tokens = requests.reduce(
      (sum, { content }) => sum + promptTokens({ contents: [content] }),
      0,
    );
    return { requests: requests.length, tokens };
  }
  if (call.operation === "embedContent")
    return { requests: 1, tokens: promptTokens({ contents: [body["content"]] }) };
  return { requests: 1, tokens: promptTokens(body) };
}

interface Moment {
  scenario: Scenario;
  now: number;
  number: number;
}

/** What a refusal advises: the longest wait, but mere seconds for a limit of 0 and, if the scenario says so, for the day. */
function adviseWait(violations: readonly Violation[], { scenario, now, number }: Moment): number {
  const { untilMinuteEnds, fraction } = windowEnds(scenario, now, number);
  const honest = violations.filter(
    ({ limit, dimension }) =>
      limit > 0 && (dimension !== "requests-per-day" || scenario.quotas.dayHint === "hours"),
  );
  const waits = honest.map(({ wait }) => wait + fraction);
  return waits.length < violations.length && waits.length === 0
    ? untilMinuteEnds
    : Math.max(...waits);
}

/** Milliseconds until the windows end, with the odd nanoseconds that Gemini's hints have. */
export function windowEnds(
  { quotas, seed }: Scenario,
  now: number,
  number: number,
): { untilMinuteEnds: number; untilDayEnds: number; fraction: number } {
  const fraction = randomAt(seed, number, 77);
  const minute = (Math.floor(now / quotas.minute) + 1) * quotas.minute;
  return {
    fraction,
    untilMinuteEnds: minute - now + fraction,
    untilDayEnds: endOfDay(now, quotas.day) - now + fraction,
  };
}
