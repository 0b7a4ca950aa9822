// The waiting room: the calls of a board that wait for a target to open. The fairest of those that wait for the same
// targets asks first; nobody polls, and one alarm serves them all.
import { offAbort, onAbort } from "./abort-bell.ts";
import { type CallState } from "./call-state.ts";
import { type Alarm, type Clock, setAlarm } from "./clock.ts";
import { Heap } from "./heap.ts";

/** What the room needs of an answer to "may this call go now?". */
export interface Answered {
  action: "go" | "wait" | "stop";
  until?: number;
  choosy?: boolean;
  own?: boolean;
  /** Whether another one of its group may go although this one may not. */
  passes?: boolean;
}

interface Waiter<A> {
  state: CallState;
  /** When it asks again by itself: its patience or its deadline ends. */
  limit: number;
  over: boolean;
  resolve: (answer: A | undefined) => void;
}

/** Calls that wait for the same targets in the same mood. */
interface Group<A> {
  key: string;
  /** Whether its calls wait for a better target while a lesser one is open. */
  choosy: boolean;
  heap: Heap<Waiter<A>>;
  /** When its first may ask again. */
  at: number;
}

function isFairer<A>({ state: one }: Waiter<A>, { state: other }: Waiter<A>): boolean {
  const priority = (other.options.priority ?? 0) - (one.options.priority ?? 0);
  if (priority) return priority < 0;
  return one.deadlineAt === other.deadlineAt
    ? one.id < other.id
    : one.deadlineAt < other.deadlineAt;
}

/** Calls with the same key wait for the same targets in the same mood. */
function keyOf({ plan, out }: CallState, choosy: boolean): string {
  const without = out.map((is, index) => (is ? index : "")).join();
  return `${plan.key}${without}${choosy ? "!" : ""}`;
}

const isWaiting = ({ over }: Waiter<never>): boolean => !over;

/** Whether a call may go now, and takes its permit; `yields`: others wait for the same. */
type Ask<A> = (state: CallState, yields: boolean) => A;

/** Holds the calls that wait. `ask` takes a permit when one can be had. */
export class Room<A extends Answered> {
  readonly #clock: Clock;
  readonly #ask: Ask<A>;
  readonly #groups: Map<string, Group<A>> = new Map();
  readonly #limits: Heap<Waiter<A>> = new Heap((one, other) => one.limit < other.limit);
  #alarm: Alarm | undefined;
  #alarmAt = Infinity;
  #poked = false;
  /** How many wait. */
  size = 0;

  constructor(clock: Clock, ask: Ask<A>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** How many it holds, those among them that have left and are yet to be forgotten. */
  get held(): number {
    return this.#limits.size;
  }

  /** Whether nobody waits, so that a new call may ask by itself. */
  get empty(): boolean {
    return this.size === 0;
  }

  /**
   * Waits in turn. Resolves with an answer, or with `undefined` when the call's own patience or deadline has ended, or
   * as soon as its signal aborts.
   */
  wait(state: CallState, answer: A): Promise<A | undefined> {
    return new Promise((resolve) => {
      const now = this.#clock.now();
      const patient = answer.choosy ? now + state.patience : Infinity;
      const limit = Math.min(patient, state.deadlineAt);
      const waiter: Waiter<A> = { state, limit, over: false, resolve };
      if (state.signal) this.#heed(state.signal, waiter);
      this.#join(waiter, answer);
    });
  }

  #heed(signal: AbortSignal, waiter: Waiter<A>): void {
    const { resolve } = waiter;
    const abort = (): void => {
      this.#leave(waiter);
      resolve(undefined);
    };
    waiter.resolve = (answered) => {
      offAbort(signal, abort);
      resolve(answered);
    };
    onAbort(signal, abort);
  }

  /** Something may have opened: the first of each group asks again. */
  poke(): void {
    if (this.#poked || this.size === 0) return;
    this.#poked = true;
    queueMicrotask(() => {
      this.#poked = false;
      const now = this.#clock.now();
      for (const group of this.#groups.values()) group.at = now;
      this.#pump();
    });
  }

  /** Whether others wait for what this call wants. */
  hasWaiting(state: CallState): boolean {
    const group = this.#groups.get(keyOf(state, false));
    return group !== undefined && this.#front(group) !== undefined;
  }

  #join(waiter: Waiter<A>, answer: A): void {
    const key = keyOf(waiter.state, answer.choosy === true);
    let group = this.#groups.get(key);
    if (!group)
      this.#groups.set(
        key,
        (group = { key, choosy: answer.choosy === true, heap: new Heap(isFairer), at: Infinity }),
      );
    group.heap.push(waiter);
    this.#limits.push(waiter);
    this.size += 1;
    // Only who stands in front was refused for the group; the others take their turn.
    if (group.heap.peek() === waiter) group.at = Math.min(group.at, answer.until ?? Infinity);
    this.#arm();
  }

  #leave(waiter: Waiter<A>): void {
    if (waiter.over) return;
    waiter.over = true;
    this.size -= 1;
    if (this.size === 0) return this.#clear();
    if (this.#limits.size > 2 * this.size + 1_000) this.#sweep();
    this.poke();
  }

  /** Forgets those who have left. */
  #sweep(): void {
    this.#limits.keep(isWaiting);
    for (const { heap } of this.#groups.values()) heap.keep(isWaiting);
  }

  #finish(waiter: Waiter<A>, answer: A | undefined): void {
    waiter.over = true;
    this.size -= 1;
    waiter.resolve(answer);
  }

  #front(group: Group<A>): Waiter<A> | undefined {
    let first = group.heap.peek();
    while (first?.over) {
      group.heap.pop();
      first = group.heap.peek();
    }
    return first;
  }

  /** The group that is due and whose first is the fairest. */
  #due(now: number): { group: Group<A>; first: Waiter<A> } | undefined {
    let best: { group: Group<A>; first: Waiter<A> } | undefined;
    for (const group of this.#groups.values()) {
      const first = this.#front(group);
      if (!first) this.#groups.delete(group.key);
      else if (group.at <= now && (!best || isFairer(first, best.first))) best = { group, first };
    }
    return best;
  }

  #pump(): void {
    const now = this.#clock.now();
    const passed: { group: Group<A>; first: Waiter<A> }[] = [];
    for (let due = this.#due(now); due; due = this.#due(now)) {
      const { group, first } = due;
      const answer = this.#ask(first.state, group.heap.size > 1);
      const same = answer.choosy === group.choosy;
      const stays = answer.action === "wait" && same && !answer.own;
      if (stays && !answer.passes) {
        group.at = Math.max(answer.until ?? Infinity, now + 1);
        continue;
      }
      group.heap.pop();
      if (stays) passed.push(due);
      else this.#finish(first, answer);
    }
    for (const { group, first } of passed) {
      group.heap.push(first);
      this.#groups.set(group.key, group);
    }
    this.#expire(now);
    this.#arm();
  }

  #expire(now: number): void {
    for (let first = this.#limits.peek(); first && (first.over || first.limit <= now);) {
      this.#limits.pop();
      if (!first.over) this.#finish(first, undefined);
      first = this.#limits.peek();
    }
  }

  #arm(): void {
    if (this.size === 0) return this.#clear();
    let at = this.#limits.peek()?.limit ?? Infinity;
    for (const group of this.#groups.values()) at = Math.min(at, group.at);
    if (at === this.#alarmAt) return;
    this.#alarm?.callOff();
    this.#alarm = undefined;
    this.#alarmAt = at;
    if (at === Infinity) return;
    this.#alarm = setAlarm(this.#clock, Math.max(0, at - this.#clock.now()), () => {
      this.#alarm = undefined;
      this.#alarmAt = Infinity;
      this.#pump();
    });
  }

  #clear(): void {
    this.#alarm?.callOff();
    this.#alarm = undefined;
    this.#alarmAt = Infinity;
    this.#groups.clear();
    while (this.#limits.size) this.#limits.pop();
  }
}
