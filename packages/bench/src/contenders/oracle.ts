// The best that is possible. It knows the scenario: windows, outages, how long each call will take. It plans all calls
// ahead and then plays the plan against the same server as everybody else, so that a plan that cheats would show.
import { type VirtualClock } from "@holdfast/gemini-simulator";

import { type Arrival } from "../arrivals.ts";
import { type Contender, PartialError, type Serve, type Setting } from "../contender.ts";
import { type Scenario } from "../scenario.ts";
import { textOf } from "../world/text.ts";
import { serviceTime } from "../world/world.ts";
import { Ledger } from "./ledger.ts";
import { planQueue } from "./queue-plan.ts";

/** One call's place in the plan; `undefined` when nothing serves it in time, so that it is not sent at all. */
export interface Slot {
  at: number;
  model: string;
  account: string;
}

/** All calls, planned. */
export interface Plan {
  slots: ReadonlyMap<number, Slot>;
  /** Quota domains in which a call had to wait or to go elsewhere: whoever does not know the limit meets a refusal there. */
  bound: ReadonlySet<string>;
}

interface Option extends Slot {
  domain: string;
  ledger: Ledger | undefined;
  done: number;
  delayed: boolean;
}

class Planner {
  readonly #scenario: Scenario;
  readonly #seed: number;
  readonly #start: number;
  readonly #ledgers = new Map<string, Ledger>();
  readonly bound = new Set<string>();

  constructor(scenario: Scenario, seed: number) {
    this.#scenario = scenario;
    this.#seed = seed;
    this.#start = scenario.start(seed);
  }

  /** The earliest end for a call, given those before it; the model asked for wins a tie. */
  place(call: Arrival): Slot | undefined {
    const { scenario } = { scenario: this.#scenario };
    const names =
      scenario.fallback === undefined ? [scenario.model] : [scenario.model, scenario.fallback];
    const options = names.flatMap((model) => this.#options(call, model));
    let best: Option | undefined;
    for (const option of options) {
      if (option.delayed) this.bound.add(option.domain);
      if (!best || option.done < best.done) best = option;
    }
    if (!best || best.done > call.at + scenario.deadline) return undefined;
    best.ledger?.take(call.inputTokens, this.#start + best.at);
    return best;
  }

  #options(call: Arrival, model: string): Option[] {
    const { keys, weather } = this.#scenario;
    const usable = keys.filter(
      ({ fault, project }) => !fault && !weather.zeroQuota?.includes(project),
    );
    const projects = new Map(usable.map((key) => [key.project, key.account]));
    const service = serviceTime(this.#scenario, this.#seed, { call, model });
    return [...projects].map(([project, account]) => {
      const domain = `${project} ${model}`;
      const ledger = this.#ledger(domain, model);
      const open = ledger
        ? ledger.opening(call.inputTokens, this.#start + call.at) - this.#start
        : call.at;
      const outage = weather.outages?.find(
        (one) => one.model === model && open >= one.from && open < one.until,
      );
      const at = outage ? outage.until : open;
      return { at, model, account, domain, ledger, done: at + service, delayed: open > call.at };
    });
  }

  #ledger(domain: string, model: string): Ledger | undefined {
    const limits = this.#scenario.weather.limits?.[model];
    if (!limits) return undefined;
    let ledger = this.#ledgers.get(domain);
    if (!ledger)
      this.#ledgers.set(domain, (ledger = new Ledger(limits, this.#scenario.weather.counting)));
    return ledger;
  }
}

/**
 * Plans a scenario: first come, first served, each call where it ends earliest. That is optimal for calls of one kind
 * and equal deadlines (peers of a window differ by nothing that could be exploited); with token limits it is a schedule
 * that can be kept, near the bound.
 */
function planFor(scenario: Scenario, seed: number): Plan {
  if (scenario.weather.queue) return planQueue(scenario, seed);
  const planner = new Planner(scenario, seed);
  const slots = new Map<number, Slot>();
  for (const call of scenario.arrivals(seed)) {
    const slot = call.doomed === undefined ? planner.place(call) : firstOf(scenario, call);
    if (slot) slots.set(call.id, slot);
  }
  return { slots, bound: planner.bound };
}

/** A call that nothing can mend still costs the one request that shows it. */
function firstOf({ keys, model }: Scenario, call: Arrival): Slot {
  const account = keys.find(({ fault }) => !fault)?.account ?? "";
  return { at: call.at, model: call.model ?? model, account };
}

/**
 * What must be found out costs at least this many refused requests: one per quota domain whose limit is not told and
 * is met (the refusal names the limit), one per key that is dead, one per project without quota.
 */
function discoveryCost(scenario: Scenario, seed: number): number {
  const { told, keys, weather } = scenario;
  const dead = keys.filter(({ fault }) => fault).length;
  const empty = new Set(weather.zeroQuota).size;
  return dead + empty + (told ? 0 : planFor(scenario, seed).bound.size);
}

/** Plays the plan; where requests fail by chance, which nobody can foresee, it repeats at once. */
function play({ scenario, seed, clock, world }: Setting): Serve {
  const { slots } = planFor(scenario, seed);
  return async (call, signal) => {
    const slot = slots.get(call.id);
    if (!slot) throw new Error("nothing could serve this call in time");
    if (slot.at > clock.now()) await clock.sleep(slot.at - clock.now(), signal);
    for (;;) {
      try {
        const { model, account } = slot;
        const { text } = await world.send({ call, model, account, signal });
        return text;
      } catch (error) {
        if (signal.aborted || !scenario.weather.overload?.[slot.model]) throw error;
      }
    }
  };
}

/**
 * Streams: nobody can foresee that one breaks. The best is to notice at once what shows (an end, a reset, nothing in it),
 * to notice a stall after the time the scenario allows, and to go on at once from the last character, without a repeat.
 */
function playStreams({ scenario, world, clock }: Setting, goesOn: boolean): Serve {
  const { model, keys, stallTimeout = Infinity } = scenario;
  const account = keys[0]?.account ?? "";
  return async (call, signal) => {
    const whole = textOf(call);
    let text = "";
    while (text.length < whole.length) {
      const stall = new AbortController();
      const stop = AbortSignal.any([signal, stall.signal]);
      const messages = world.stream({ call, model, account, signal: stop }, text.length);
      try {
        for await (const message of watched(messages, { clock, stall, stallTimeout }))
          text += textIn(message);
      } catch (error) {
        if (signal.aborted) throw new PartialError(text, error);
      }
      const broken = text !== "" && text.length < whole.length;
      if (broken && !goesOn) throw new PartialError(text, new Error("the stream broke"));
    }
    return text;
  };
}

/** Aborts `stall` when the next message takes too long. */
async function* watched(
  messages: AsyncGenerator<object, void>,
  watch: { clock: VirtualClock; stall: AbortController; stallTimeout: number },
): AsyncGenerator<object, void> {
  for (;;) {
    const over = new AbortController();
    watch.clock.sleep(watch.stallTimeout, over.signal).then(
      () => watch.stall.abort(new Error("stalled")),
      () => {},
    );
    const { done, value } = await messages.next();
    over.abort();
    if (done) return;
    yield value;
  }
}

function textIn(message: object): string {
  const { candidates } = message as {
    candidates?: { content?: { parts?: { text?: string }[] } }[];
  };
  return (candidates?.[0]?.content?.parts ?? []).map(({ text = "" }) => text).join("");
}

/** The bound. */
export const oracle: Contender = {
  name: "oracle",
  origin: "bound",
  about: "knows the future; pays only for what must be found out first",
  tellable: true,
  start: play,
  continues: true,
  stream: (setting) => playStreams(setting, true),
  discovery: discoveryCost,
};

/** The bound for streams of which nothing is repeated or continued once it has content. */
export const oracleFail: Contender = {
  ...oracle,
  name: "oracle-fail",
  about: "the same for streams that are not continued after their first content",
  continues: false,
  applies: ({ weather }) => weather.streams !== undefined,
  stream: (setting) => playStreams(setting, false),
};
