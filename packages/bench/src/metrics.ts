// What many runs of one policy come to.
import { type Doom } from "./arrivals.ts";
import { type Contender } from "./contender.ts";
import { type Ended, type Run } from "./run.ts";
import { type Scenario, times } from "./scenario.ts";

/** One line of the results. Shares are 0-1, times are seconds. */
export interface Row {
  scenario: string;
  variant: string;
  policy: string;
  seeds: number;
  calls: number;
  /** Share of the calls answered within the deadline. */
  answered: number;
  /** Latency of the answered. */
  p50: number;
  p99: number;
  /** Requests sent per answered call. */
  attemptsPerAnswer: number;
  /** Share of the requests that brought no answer that was used. */
  wasted: number;
  /** Share of the calls that never ended, or that ended as a success with nothing in it. */
  lost: number;
  /** Share of the calls that were answered twice at the provider. */
  duplicated: number;
  /** From the end of the fault to the arrival of the last call that it still troubled; `null` where no fault ends. */
  recover: number | null;
  /** Share of the answers that came from the fallback. */
  fallback: number;
  /** Price of all answers, used or not, per answered call; 1 is one answer of the model asked for. */
  cost: number;
  /** Tokens per answered call that were paid for and not used: of answers given twice, abandoned or broken off. */
  wastedTokens: number;
  /** Share of the calls that nothing can mend whose failure was reported as what it was; `null` where none or nobody says. */
  diagnosed: number | null;
  /** Requests per call that nothing can mend; 1 is right, `null` where there are none. */
  doomedAttempts: number | null;
  /** Of streamed calls: the share of characters lost without an error, and of those handed on twice; else `null`. */
  lostCharacters: number | null;
  duplicatedCharacters: number | null;
  /** How much worse than the bound. */
  regret?: Regret;
}

/** What `--json` writes of a row, for others to read. */
const shared = [
  "scenario",
  "variant",
  "policy",
  "seeds",
  "answered",
  "p50",
  "p99",
  "attemptsPerAnswer",
  "wasted",
  "lost",
  "duplicated",
  "recover",
] as const;

/** A row as it is given to others. */
export type SharedRow = Pick<Row, (typeof shared)[number]>;

/** The part of a row that others read. */
export function sharedRow(row: Row): SharedRow {
  return Object.fromEntries(shared.map((key) => [key, row[key]])) as SharedRow;
}

/** A row beside the bound's, every measure so that more is worse. */
export interface Regret {
  /** Ratios minus 1. */
  p50: number;
  p99: number;
  attemptsPerAnswer: number;
  cost: number;
  /** Differences of shares. */
  answered: number;
  wasted: number;
  lost: number;
  duplicated: number;
  fallback: number;
  diagnosed: number | null;
  lostCharacters: number | null;
  duplicatedCharacters: number | null;
  /** Differences of tokens per answer, of seconds, of requests. */
  wastedTokens: number;
  recover: number | null;
  doomedAttempts: number | null;
}

/** The sum of many runs. */
export interface Tally {
  seeds: number;
  ended: Ended[];
  requests: number;
  useless: number;
  duplicated: number;
  price: number;
  wastedTokens: number;
  recover: number[];
  doomed: number;
  doomedRequests: number;
}

/** Nothing counted yet. */
export function emptyTally(): Tally {
  return {
    seeds: 0,
    ended: [],
    requests: 0,
    useless: 0,
    duplicated: 0,
    price: 0,
    wastedTokens: 0,
    recover: [],
    doomed: 0,
    doomedRequests: 0,
  };
}

/** Takes in one run. */
export function count(tally: Tally, { ended, requests, discovery }: Run, scenario: Scenario): void {
  tally.seeds += 1;
  for (const one of ended) tally.ended.push(one);
  const doomed = new Set(ended.flatMap(({ call }) => (call.doomed ? [call.id] : [])));
  tally.doomed += doomed.size;
  if (doomed.size) tally.doomedRequests += requests.filter(({ call }) => doomed.has(call)).length;
  const answered = ended.filter(({ how }) => how === "answered").length;
  const sent = requests.length + discovery;
  tally.requests += sent;
  tally.useless += Math.max(0, sent - answered);
  const served = new Map<number, number>();
  for (const { call, status, model, text } of requests) {
    if (status !== 200 || text === undefined) continue;
    served.set(call, (served.get(call) ?? 0) + 1);
    tally.price += model === scenario.model ? 1 : times.fallback.dearer;
  }
  for (const often of served.values()) if (often > 1) tally.duplicated += 1;
  tally.wastedTokens += wastedTokens(requests, ended);
  if (scenario.faultEnd !== undefined)
    tally.recover.push(recovery(ended, scenario, scenario.faultEnd));
}

/** What was read and written for answers that nobody used; a request that is refused costs no tokens. */
function wastedTokens(requests: Run["requests"], ended: readonly Ended[]): number {
  const calls = new Map(ended.map(({ call }) => [call.id, call]));
  const served = new Set<number>();
  let wasted = 0;
  for (const { call: id, status } of requests) {
    const { inputTokens = 0, outputTokens = 0 } = calls.get(id) ?? {};
    if (status === 499) wasted += inputTokens;
    else if (status === 200 && served.has(id)) wasted += inputTokens + outputTokens;
    if (status === 200) served.add(id);
  }
  return wasted;
}

/** Seconds from the end of the fault to the arrival of the last call that failed or had to take the fallback. */
function recovery(ended: readonly Ended[], scenario: Scenario, faultEnd: number): number {
  let last = faultEnd;
  for (const { call, how, model } of ended) {
    const troubled =
      how !== "answered" || (scenario.fallback !== undefined && model === scenario.fallback);
    if (troubled && call.at > last) last = call.at;
  }
  return (last - faultEnd) / 1_000;
}

/** The value below which this share of `sorted` lies. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

const share = (part: number, of: number): number => (of ? part / of : 0);
const over = (own: number, best: number): number => own / best - 1;

/** The line that a tally comes to. */
export function rowOf(tally: Tally, scenario: Scenario, contender: Contender): Row {
  const { ended, requests, seeds } = tally;
  const answered = ended.filter(({ how }) => how === "answered");
  const latencies = answered
    .map(({ latency }) => latency / 1_000)
    .toSorted((one, other) => one - other);
  const { recover } = tally;
  return {
    scenario: scenario.name,
    variant: scenario.variant,
    policy: contender.name,
    seeds,
    calls: ended.length,
    answered: share(answered.length, ended.length),
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    attemptsPerAnswer: answered.length ? requests / answered.length : Number.NaN,
    wasted: share(tally.useless, requests),
    lost: share(ended.filter(({ how }) => how === "lost").length, ended.length),
    duplicated: share(tally.duplicated, ended.length),
    recover: recover.length ? recover.reduce((sum, one) => sum + one, 0) / recover.length : null,
    fallback: share(
      answered.filter(({ model }) => model === scenario.fallback).length,
      answered.length,
    ),
    cost: answered.length ? tally.price / answered.length : Number.NaN,
    wastedTokens: answered.length ? tally.wastedTokens / answered.length : Number.NaN,
    diagnosed: diagnosed(ended, contender),
    ...characters(ended),
    doomedAttempts: tally.doomed ? tally.doomedRequests / tally.doomed : null,
  };
}

function characters(ended: readonly Ended[]): Pick<Row, "lostCharacters" | "duplicatedCharacters"> {
  const streamed = ended.flatMap((one) => one.characters ?? []);
  if (!streamed.length) return { lostCharacters: null, duplicatedCharacters: null };
  const sum = (of: "whole" | "lost" | "extra"): number =>
    streamed.reduce((total, one) => total + one[of], 0);
  return {
    lostCharacters: sum("lost") / sum("whole"),
    duplicatedCharacters: sum("extra") / sum("whole"),
  };
}

/** What each doomed call should be reported as. */
const rightKinds: Readonly<Record<Doom, string>> = {
  "invalid-argument": "invalid-request",
  "blocked-prompt": "content-blocked-prompt",
  "foreign-file": "resource-not-found",
  "unknown-model": "model-not-found",
};

function diagnosed(ended: readonly Ended[], { diagnose }: Contender): number | null {
  const doomed = ended.filter(({ call }) => call.doomed !== undefined);
  if (!doomed.length || !diagnose) return null;
  const right = doomed.filter(
    ({ call, reported }) => call.doomed && rightKinds[call.doomed] === reported,
  );
  return right.length / doomed.length;
}

/** Nothing is behind where nothing was measured. */
const beyond = (own: number | null, best: number | null): number | null =>
  own === null || best === null ? null : own - best;

/** How much worse a row is than the bound's. */
export function regretOf(row: Row, bound: Row): Regret {
  return {
    answered: bound.answered - row.answered,
    p50: over(row.p50, bound.p50),
    p99: over(row.p99, bound.p99),
    attemptsPerAnswer: over(row.attemptsPerAnswer, bound.attemptsPerAnswer),
    cost: over(row.cost, bound.cost),
    wasted: row.wasted - bound.wasted,
    lost: row.lost - bound.lost,
    duplicated: row.duplicated - bound.duplicated,
    fallback: row.fallback - bound.fallback,
    wastedTokens: row.wastedTokens - bound.wastedTokens,
    recover: beyond(row.recover, bound.recover),
    // Bounds name no kinds, and are told what is beyond mending.
    diagnosed: row.diagnosed === null ? null : 1 - row.diagnosed,
    doomedAttempts: row.doomedAttempts === null ? null : row.doomedAttempts - 1,
    lostCharacters: beyond(row.lostCharacters, bound.lostCharacters),
    duplicatedCharacters: beyond(row.duplicatedCharacters, bound.duplicatedCharacters),
  };
}
