// Keeps a board in a store: loads it once, saves it soon after it changed.
import { type Board, type Moment } from "./board/board.ts";
import { type Alarm, type Clock, setAlarm } from "./clock.ts";
import { fromStored, type Store, toStored } from "./store.ts";

/** How long after a change it is saved, in ms: changes come in swarms. */
const saveDelay = 1_000;
/** A store that takes longer to load is gone without, in ms: calls matter more. */
const loadTime = 2_000;

/** What a keeper works on. */
export interface KeeperContext {
  board: Board;
  clock: Clock;
  moment: () => Moment;
  warn: (code: string, message: string) => void;
}

/** Keeps one board in one store. A store that fails is warned of once and done without. */
export class Keeper {
  readonly #store: Store;
  readonly #context: KeeperContext;
  #alarm: Alarm | undefined;
  #saving: Promise<void> = Promise.resolve();
  /** Settles when the stored board has been taken in, or is given up. */
  readonly loaded: Promise<void>;
  ready = false;

  constructor(store: Store, context: KeeperContext) {
    this.#store = store;
    this.#context = context;
    this.loaded = this.#load();
  }

  async #load(): Promise<void> {
    const { board, clock, moment, warn } = this.#context;
    let alarm: Alarm | undefined;
    try {
      const late = new Promise<never>((_, reject) => {
        alarm = setAlarm(clock, loadTime, () =>
          reject(new Error(`no answer within ${loadTime} ms`)),
        );
      });
      const stored = await Promise.race([this.#store.load(), late]);
      if (stored) fromStored(board, stored, moment());
    } catch (error) {
      warn(
        "store-failed",
        `the store could not be read, so the board starts empty: ${String(error)}`,
      );
    } finally {
      alarm?.callOff();
      this.ready = true;
    }
  }

  /** Something changed: it is saved soon. */
  touch(): void {
    this.#alarm ??= setAlarm(this.#context.clock, saveDelay, () => {
      this.#alarm = undefined;
      void this.flush();
    });
  }

  /** Saves now. Never rejects. */
  flush(): Promise<void> {
    this.#alarm?.callOff();
    this.#alarm = undefined;
    this.#saving = this.#saveAfter(this.#saving);
    return this.#saving;
  }

  async #saveAfter(before: Promise<void>): Promise<void> {
    const { board, moment, warn } = this.#context;
    await before;
    await this.loaded;
    try {
      await this.#store.save(toStored(board, moment()));
    } catch (error) {
      warn("store-failed", `the store could not be written: ${String(error)}`);
    }
  }
}
