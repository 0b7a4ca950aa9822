import {
  type AttemptContext,
  type Attempted,
  type Call,
  createPolicy,
  type Policy,
  type PolicyEvent,
  type PolicyOptions,
  type Target,
} from "@holdfast/core";
import { createVirtualClock, type VirtualClock } from "@holdfast/gemini-simulator";

/** What an attempt meets. */
type Reply = string | Error | Attempted<string>;
/** By how often the target was asked: a list whose last entry stays, or a function. */
type Replies = Reply | readonly Reply[] | ((nth: number, target: Target) => Reply);

/** An attempt that was made. */
interface Sent {
  target: string;
  at: number;
  input: unknown;
}

/** A policy on a virtual clock, and targets that answer by a script. */
export interface Bench {
  clock: VirtualClock;
  policy: Policy;
  events: PolicyEvent[];
  sent: Sent[];
  /** Answers by target (`*`: any other), after `takes` ms. */
  server: (replies: Record<string, Replies>, options?: { takes?: number }) => Call<string>;
  /** When each attempt was made. */
  times: () => number[];
  /** Where each attempt was made. */
  targets: () => string[];
  ofType: <Type extends PolicyEvent["type"]>(type: Type) => Extract<PolicyEvent, { type: Type }>[];
}

const nthOf = (replies: Replies, nth: number, target: Target): Reply => {
  if (typeof replies === "function") return replies(nth, target);
  if (Array.isArray(replies))
    return (replies as readonly Reply[])[Math.min(nth, replies.length) - 1]!;
  return replies as Reply;
};

export function setUp(
  options: PolicyOptions = {},
  { seed = 1, start = Date.UTC(2026, 10, 23, 20) }: { seed?: number; start?: number } = {},
): Bench {
  const clock = createVirtualClock({ seed, start });
  const events: PolicyEvent[] = [];
  const sent: Sent[] = [];
  const asked = new Map<string, number>();
  const policy = createPolicy(
    {
      ...options,
      onEvent(event) {
        events.push(event);
        options.onEvent?.(event);
      },
    },
    { clock },
  );
  const answer = async (
    reply: Replies,
    target: Target,
    { context, takes }: { context: AttemptContext; takes: number },
  ): Promise<string | Attempted<string>> => {
    const nth = (asked.get(target.name) ?? 0) + 1;
    asked.set(target.name, nth);
    sent.push({ target: target.name, at: clock.now(), input: context.input });
    if (takes) await clock.sleep(takes, context.signal);
    const what = nthOf(reply, nth, target);
    if (what instanceof Error) throw what;
    return what;
  };
  return {
    clock,
    policy,
    events,
    sent,
    server:
      (replies, { takes = 0 } = {}) =>
      (target, context) =>
        answer(
          replies[target.name] ?? replies["*"] ?? new Error(`nobody serves ${target.name}`),
          target,
          { context, takes },
        ),
    times: () => sent.map(({ at }) => at),
    targets: () => sent.map(({ target }) => target),
    ofType: (type) => events.filter((event) => event.type === type) as never,
  };
}

/** A call that never ends by itself and heeds its signal. */
export const endless: Call<string> = (_, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });

/** Accounts with the given names, each a project of its own name. */
export const accounts = (...names: string[]): { name: string; apiKey: string; project: string }[] =>
  names.map((name) => ({ name, apiKey: `AIzaSyFake-key-of-${name}-0123456789`, project: name }));

/** What a promise rejects with; also while time has yet to pass. */
export async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it did not reject");
}
