// A Gemini in virtual time: quotas, outages, overload, queues. It answers what the weather of a scenario says, the same
// to every policy: luck belongs to the call and the number of its attempt.
import { type VirtualClock } from "@holdfast/gemini-simulator";

import { type Arrival } from "../arrivals.ts";
import { chance, lognormal } from "../random.ts";
import { type Scenario, times } from "../scenario.ts";
import { QuotaCounter } from "./quota.ts";
import { doomRefusal, quotaRefusal, type Refusal, refusal } from "./refusals.ts";
import { fateOf, messagesOf } from "./streaming.ts";
import { textOf } from "./text.ts";

/** One request. */
export interface Ask {
  call: Arrival;
  model: string;
  account: string;
  signal?: AbortSignal | undefined;
}

/** A good answer. */
export interface Reply {
  /** Unlike any other answer's. */
  text: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
}

/** What the server saw of one request. */
export interface Seen {
  call: number;
  model: string;
  account: string;
  at: number;
  /** 0 until it is answered; 499 when its client left first. */
  status: number;
  /** Name of the answer's text, for the one that was used. */
  text?: string;
}

/** A refusal as an error; each client dresses it in its own way. */
export class Refused extends Error {
  readonly status: number;
  readonly body: string;

  constructor({ status, body }: Refusal) {
    super(`status ${status}`);
    this.status = status;
    this.body = body;
  }
}

type Verdict = { delay: number; refusal: Refusal } | { delay: number; refusal?: undefined };

/** How long a call takes to be served, whoever asks. */
export function serviceTime(
  scenario: Scenario,
  seed: number,
  { call, model }: Pick<Ask, "call" | "model">,
): number {
  const slower = model === scenario.model ? 1 : times.fallback.slower;
  return Math.round(lognormal(times.service, seed, 21, call.id) * slower);
}

/** Whether the nth request of a call to a model meets an overload that strikes at random. */
function isUnlucky(
  { weather, model: primary }: Scenario,
  seed: number,
  { call, model, nth }: { call: Arrival; model: string; nth: number },
): boolean {
  const probability = weather.overload?.[model] ?? 0;
  return probability > 0 && chance(seed, 22, call.id, nth, model === primary ? 0 : 1) < probability;
}

/** The server of one run. */
export class World {
  readonly log: Seen[] = [];
  readonly #scenario: Scenario;
  readonly #seed: number;
  readonly #clock: VirtualClock;
  readonly #counters = new Map<string, QuotaCounter>();
  readonly #asked = new Map<string, number>();
  #freeAt = 0;

  constructor(scenario: Scenario, seed: number, clock: VirtualClock) {
    this.#scenario = scenario;
    this.#seed = seed;
    this.#clock = clock;
  }

  /** Sends a request. @throws Refused; the signal's reason when it aborts first */
  async send(ask: Ask): Promise<Reply> {
    const { call, model, account, signal } = ask;
    signal?.throwIfAborted();
    const seen: Seen = { call: call.id, model, account, at: this.#clock.now(), status: 0 };
    this.log.push(seen);
    const verdict = this.#judge(ask);
    await this.#wait(verdict.delay, { seen, signal });
    if (verdict.refusal) {
      seen.status = verdict.refusal.status;
      throw new Refused(verdict.refusal);
    }
    seen.status = 200;
    seen.text = `answer ${this.log.length} to call ${call.id} by ${model}`;
    const { inputTokens, outputTokens } = call;
    return { text: seen.text, model, inputTokens, outputTokens };
  }

  /** Waits for the answer, as long as the client does. */
  async #wait(
    delay: number,
    { seen, signal }: { seen: Seen; signal: AbortSignal | undefined },
  ): Promise<void> {
    const { attemptTimeout = Infinity } = this.#scenario;
    try {
      await this.#clock.sleep(Math.min(delay, attemptTimeout), signal);
    } catch (error) {
      seen.status = 499;
      throw error;
    }
    if (delay <= attemptTimeout) return;
    seen.status = 499;
    throw new DOMException("The operation was aborted due to timeout", "TimeoutError");
  }

  /** Streams an answer from character `from` on. @throws Refused; what a broken connection throws; the signal's reason */
  async *stream(ask: Ask, from = 0): AsyncGenerator<object, void> {
    const { call, model, account, signal } = ask;
    const weather = this.#scenario.weather.streams;
    if (!weather) throw new Error("the scenario says nothing of streams");
    signal?.throwIfAborted();
    const seen: Seen = { call: call.id, model, account, at: this.#clock.now(), status: 499 };
    this.log.push(seen);
    const luck = { seed: this.#seed, call: call.id, nth: this.#count(ask) };
    const text = textOf(call).slice(from);
    yield* messagesOf({ text, model, weather, luck, clock: this.#clock, signal });
    if (fateOf(weather, luck).what !== "whole") return;
    seen.status = 200;
    seen.text = text;
  }

  /** The number of a call's request to a model, from 1. */
  #count({ call, model }: Ask): number {
    const key = `${call.id} ${model}`;
    const nth = (this.#asked.get(key) ?? 0) + 1;
    this.#asked.set(key, nth);
    return nth;
  }

  #judge(ask: Ask): Verdict {
    const { call, model } = ask;
    const now = this.#clock.now();
    const refused = this.#refuse(ask);
    if (refused) return { delay: times.refusal, refusal: refused };
    const nth = this.#count(ask);
    const { weather } = this.#scenario;
    const out = weather.outages?.some(
      (one) => one.model === model && now >= one.from && now < one.until,
    );
    if (out || isUnlucky(this.#scenario, this.#seed, { call, model, nth }))
      return { delay: times.overloaded, refusal: refusal("overload", model) };
    return { delay: this.#queued(model, now) ?? serviceTime(this.#scenario, this.#seed, ask) };
  }

  /** What is refused at the gate: the key, the request itself, the quota. */
  #refuse({ call, model, account }: Ask): Refusal | undefined {
    const { keys, weather } = this.#scenario;
    const key = keys.find((one) => one.account === account);
    if (!key) throw new Error(`no account ${account}`);
    if (key.fault) return refusal(key.fault, model);
    if (call.doomed) return doomRefusal(call.doomed, model);
    if (weather.zeroQuota?.includes(key.project)) return refusal("zero-quota", model);
    const limits = weather.limits?.[model];
    if (!limits) return undefined;
    const domain = `${key.project} ${model}`;
    let counter = this.#counters.get(domain);
    if (!counter)
      this.#counters.set(domain, (counter = new QuotaCounter(limits, weather.counting)));
    const exceeded = counter.take(call.inputTokens, this.#clock.wall());
    return exceeded && quotaRefusal(exceeded.metric, { ...exceeded, model });
  }

  /** How long until a queue has served one more request. */
  #queued(model: string, now: number): number | undefined {
    const { queue } = this.#scenario.weather;
    if (queue?.model !== model) return undefined;
    const start = Math.max(now, this.#freeAt);
    const dip = queue.dips.find((one) => start >= one.from && start < one.until);
    this.#freeAt = start + 1_000 / (dip?.perSecond ?? queue.perSecond);
    return this.#freeAt - now;
  }
}
