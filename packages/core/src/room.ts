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
  /** The key of those who go first where these have too little time left. */
  behind: string | undefined;
  heap: Heap<Waiter<A>>;
  /** When its first may ask again. */
  at: number;
}

const priorityOf = ({ state }: Waiter<never>): number => state.options.priority ?? 0;

function isFairer<A>(one: Waiter<A>, other: Waiter<A>): boolean {
  const priority = priorityOf(other) - priorityOf(one);
  if (priority) return priority < 0;
  const { state } = one;
  const { deadlineAt, id } = other.state;
  return state.deadlineAt === deadlineAt ? state.id < id : state.deadlineAt < deadlineAt;
}

/** Among those whose time is too short as it is, the one that has most of it. */
function hasMoreTime<A>(one: Waiter<A>, other: Waiter<A>): boolean {
  const priority = priorityOf(other) - priorityOf(one);
  if (priority) return priority < 0;
  return one.state.deadlineAt > other.state.deadlineAt;
}

/** Calls with the same key wait for the same targets in the same mood. */
function keyOf({ plan, out }: CallState, choosy: boolean): string {
  const without = out.map((is, index) => (is ? index : "")).join();
  return `${plan.key}${without}${choosy ? "!" : ""}`;
}

/** The key of those who have too little time left, and stand behind the others. */
const keyBehind = (key: string): string => `${key}<`;

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
    return !this.empty && this.#isManned(keyOf(state, false));
  }

  #isManned(key: string): boolean {
    const group = this.#groups.get(key);
    return group !== undefined && this.#front(group) !== undefined;
  }

  #join(waiter: Waiter<A>, answer: A): void {
    this.#stand(waiter, answer);
    this.#limits.push(waiter);
    this.size += 1;
    this.#arm();
  }

  /** Takes its place in its group. */
  #stand(waiter: Waiter<A>, { choosy = false, passes = false, until = Infinity }: A): void {
    const key = keyOf(waiter.state, choosy);
    const group = this.#group(passes ? keyBehind(key) : key, {
      choosy,
      behind: passes ? key : undefined,
    });
    group.heap.push(waiter);
    // Only who stands in front was refused for the group; the others take their turn.
    if (group.heap.peek() === waiter) group.at = Math.min(group.at, until);
    if (passes && !this.#isManned(key)) group.at = this.#clock.now();
  }

  #group(key: string, mood: Pick<Group<A>, "choosy" | "behind">): Group<A> {
    let group = this.#groups.get(key);
    if (!group) {
      const heap = new Heap<Waiter<A>>(mood.behind === undefined ? isFairer : hasMoreTime);
      this.#groups.set(key, (group = { key, ...mood, heap, at: Infinity }));
    }
    return group;
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
      if (!first) this.#disband(group, now);
      else if (group.at <= now && (!best || isFairer(first, best.first))) best = { group, first };
    }
    return best;
  }

  /** Nobody is left in a group: those behind it need not yield any more. */
  #disband({ key }: Group<A>, now: number): void {
    this.#groups.delete(key);
    const behind = this.#groups.get(keyBehind(key));
    if (behind) behind.at = now;
  }

  #pump(): void {
    const now = this.#clock.now();
    for (let due = this.#due(now); due; due = this.#due(now)) {
      const { group, first } = due;
      // Taken out before it asks: whoever hears of it may send a call that comes to stand in front.
      group.heap.pop();
      const answer = this.#ask(first.state, this.#isManned(group.behind ?? group.key));
      const same = answer.choosy === group.choosy;
      const stays = answer.action === "wait" && same && !answer.own;
      if (!stays) this.#finish(first, answer);
      // Nobody is passed over twice, so that many who are cost no more than others.
      else if (answer.passes && group.behind === undefined) this.#stand(first, answer);
      else {
        group.heap.push(first);
        group.at = Math.max(answer.until ?? Infinity, now + 1);
      }
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
