// Turns whatever an application holds when a call failed into a Failure.

import type { Failure, FailureKind } from "../failure.ts";
import { describeAnswer } from "./answer.ts";
import { collect } from "./collect.ts";
import { judge } from "./judge.ts";
import { type FailureFacts, makeFailure } from "./make-failure.ts";
import { readMoments } from "./moments.ts";
import { nameProvider } from "./providers.ts";
import { headerDelay, sentAt } from "./retry-after.ts";
import { statusOf, type Signals } from "./signals.ts";
import { readFieldsOf, readModelOf } from "./subject.ts";

/** What a rule says instead: a kind, or the parts of the failure it knows better. */
export type RuleVerdict = FailureKind | Partial<Omit<Failure, "error">>;

/** A user's own rule: sees the value and how it was classified; `undefined` leaves it to the next rule. */
export type ClassifyRule = (value: unknown, failure: Failure) => RuleVerdict | undefined;

/** Options of {@link classify}. */
export interface ClassifyOptions {
  /** Asked in order; the first that answers decides. One that throws is passed over, since classifying never throws. */
  rules?: readonly ClassifyRule[];
  /** Wall time in ms since 1970, for headers that name a moment. @default the answer's own `date` header */
  now?: number;
}

/**
 * Classifies anything a failed call leaves behind: an error of any client, an HTTP answer `{ status, headers, body }`,
 * a body, a line from a log. Never throws; what says nothing is `unknown`.
 */
export function classify(value: unknown, options: ClassifyOptions = {}): Failure {
  const signals = collect(value);
  const text = signals.texts.join("\n");
  const asked = headerDelay(signals.headers, options.now);
  if (asked !== undefined) signals.delays.push(asked);
  const start = sentAt(signals.headers, options.now);
  if (start !== undefined) signals.delays.push(...readMoments(text, start));
  const verdict = judge(signals, text);
  const facts = readFacts(signals, text);
  if (verdict.quota !== undefined) facts.quota = verdict.quota;
  if (verdict.quotas !== undefined) facts.quotas = verdict.quotas;
  facts.error = value;
  const failure = makeFailure(verdict, facts);
  return options.rules === undefined ? failure : applyRules(failure, options.rules);
}

/** Only what is known becomes a field: a failure has none that is `undefined`. */
function readFacts(signals: Signals, text: string): FailureFacts {
  const facts: FailureFacts = { message: describe(signals) };
  const status = statusOf(signals);
  if (status !== undefined) facts.status = status;
  // RetryInfo is truncated to seconds and may contradict the sentence beside it: the longest is obeyed.
  if (signals.delays.length > 0) facts.retryAfter = Math.ceil(Math.max(...signals.delays));
  const provider = nameProvider(signals, text);
  if (provider !== undefined) facts.provider = provider;
  const reason = signals.reasons.at(-1);
  if (reason !== undefined) facts.reason = reason;
  return addSubject(facts, signals, text);
}

/** What the complaint was about. */
function addSubject(facts: FailureFacts, signals: Signals, text: string): FailureFacts {
  const model = readModelOf(signals, text);
  if (model !== undefined) facts.model = model;
  const fields = (facts.status ?? 400) === 400 ? readFieldsOf(signals, text) : signals.fields;
  if (fields.length > 0) facts.fields = fields;
  return facts;
}

const describe = ({ message, texts, answer }: Signals): string =>
  message ?? texts[0] ?? (answer === undefined ? "" : describeAnswer(answer));

function applyRules(failure: Failure, rules: readonly ClassifyRule[]): Failure {
  for (const rule of rules) {
    const verdict = askRule(rule, failure);
    if (verdict !== undefined) return overrule(failure, verdict);
  }
  return failure;
}

function askRule(rule: ClassifyRule, failure: Failure): RuleVerdict | undefined {
  try {
    return rule(failure.error, failure);
  } catch {
    return undefined;
  }
}

/** A rule that names another kind gets that kind's row, save for what it says itself. */
function overrule(failure: Failure, verdict: RuleVerdict): Failure {
  const said = typeof verdict === "string" ? { kind: verdict } : verdict;
  const { kind, retryable, helps, scope, sure, ...facts } = failure;
  const old =
    said.kind === undefined || said.kind === kind ? { kind, retryable, helps, scope, sure } : {};
  return makeFailure({ kind, ...old, ...said }, { ...facts, ...said, error: failure.error });
}
