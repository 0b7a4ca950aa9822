// What a policy and those derived from it have in common.
import { Board, type Moment } from "./board/board.ts";
import { type Concurrency } from "./board/concurrency.ts";
import { trim } from "./board/trim.ts";
import { type Clock } from "./clock.ts";
import { type EventDraft, type PolicyEvent } from "./events.ts";
import { Keeper } from "./keeper.ts";
import { type Latency } from "./latency.ts";
import { redactError } from "./redact-error.ts";
import { redact } from "./redact.ts";
import { Room } from "./room.ts";
import { type Store } from "./store.ts";
import { type Taken } from "./taken.ts";

/** Keys that are remembered; what looks like a key is taken out all the same. */
const mostSecrets = 2_000;
/** How often the wall clock is read, in ms. */
const wallInterval = 1_000;
/** Conversations that are remembered; the oldest go first. */
const mostConversations = 10_000;

/** The board, the waiting room, the keys and the listeners of a policy and its derived policies. */
export class Shared {
  readonly clock: Clock;
  readonly board: Board = new Board();
  readonly room: Room<Taken>;
  readonly running: Map<string, Concurrency> = new Map();
  /** Which target served a conversation last. */
  readonly conversations: Map<string, string> = new Map();
  readonly warned: Set<string> = new Set();
  #setAt = -Infinity;
  #wallAhead = 0;
  #unheard: EventDraft[] = [];
  readonly #secrets: Set<string> = new Set();
  readonly #listeners: Set<(event: PolicyEvent) => void> = new Set();
  /** How long answers took lately; kept only while hedging is on. */
  readonly latencies: Map<string, Latency> = new Map();
  /** Keeps the board in a store, if there is one. */
  keeper: Keeper | undefined;
  calls = 0;
  /** Second attempts made. */
  hedges = 0;

  constructor(clock: Clock) {
    this.clock = clock;
    this.room = new Room(clock, (state, yields) => state.taker.take(state, undefined, yields));
    this.board.onOpening = () => this.room.poke();
    this.board.isPressed = () => !this.room.empty;
    this.board.emit = (event) => {
      this.keeper?.touch();
      this.emit(event);
    };
  }

  /** Keeps the board in `store` from now on; the first one that is given counts. */
  keep(store: Store): void {
    const { board, clock } = this;
    this.keeper ??= new Keeper(store, {
      board,
      clock,
      moment: () => this.moment(),
      warn: (code, message) => this.warnOnce(code, message),
    });
  }

  /** The present. The wall clock is read now and then: between, it goes along with the other one. */
  moment(): Moment {
    const now = this.clock.now();
    if (now - this.#setAt > wallInterval || now < this.#setAt) {
      this.#setAt = now;
      this.#wallAhead = this.clock.wall() - now;
    }
    return { now, wall: now + this.#wallAhead };
  }

  get listening(): boolean {
    return this.#listeners.size > 0;
  }

  listen(listener: (event: PolicyEvent) => void): () => void {
    // A wrapper, so that the same function may listen twice.
    const own = (event: PolicyEvent): void => listener(event);
    this.#listeners.add(own);
    for (const warning of this.#unheard.splice(0)) this.emit(warning);
    return () => void this.#listeners.delete(own);
  }

  emit(draft: EventDraft): void {
    if (!this.#listeners.size) return;
    const event: PolicyEvent = { at: this.clock.wall(), ...draft };
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.warnOnce("listener-threw", `an event listener threw: ${String(error)}`);
      }
    }
  }

  warnOnce(code: string, message: string): void {
    const key = `${code} ${message}`;
    if (this.warned.has(key) || this.warned.size >= 1_000) return;
    this.warned.add(key);
    const warning: EventDraft = { type: "warning", code, message: this.redact(message) };
    // What is said while the policy is made is heard by whoever listens first.
    if (this.listening) this.emit(warning);
    else this.#unheard.push(warning);
  }

  /** A key to take out of whatever is handed on. Of ever new ones (a policy per end user) the oldest are forgotten. */
  know(secret: string): void {
    this.#secrets.delete(secret);
    this.#secrets.add(secret);
    trim(this.#secrets, mostSecrets);
  }

  redact<T>(value: T): T {
    const secrets = [...this.#secrets];
    return (typeof value === "string" ? redact(value, secrets) : redactError(value, secrets)) as T;
  }

  /** Remembers who served a conversation. */
  remember(conversation: string, target: string): void {
    this.conversations.delete(conversation);
    this.conversations.set(conversation, target);
    trim(this.conversations, mostConversations);
  }
}
