// What a reader gives, on its way to another stream: as fast as it comes, and no faster than it is taken.

/** Where it goes. What a method throws is told to `fail`. */
export interface Sink<T> {
  readonly controller: ReadableStreamDefaultController<T>;
  readonly reader: ReadableStreamDefaultReader<T>;
  /** Takes one part; whether the next one may be read. */
  take(part: T): boolean;
  /** There is no more. */
  end(): void;
  fail(error: unknown): void;
}

/** Reads on as long as there is room. Nothing in it is async: that would cost every part a promise more. */
export class Flow<T> {
  readonly #sink: Sink<T>;
  /** Settles once there is no room; absent while nothing is read. */
  #full: Promise<void> | undefined;
  #onFull: () => void = () => {};

  constructor(sink: Sink<T>) {
    this.#sink = sink;
  }

  /** Whether a part is asked for at present, or being dealt with. */
  get running(): boolean {
    return this.#full !== undefined;
  }

  /** Reads until there is no room; answers when that is so. */
  run(): Promise<void> {
    if (this.#full) return this.#full;
    const full = new Promise<void>((resolve) => (this.#onFull = resolve));
    this.#full = full;
    this.readOn();
    return full;
  }

  /** Reads the next part, if there is room for one. */
  readOn(): void {
    const { controller, reader } = this.#sink;
    if ((controller.desiredSize ?? 0) > 0) reader.read().then(this.#come, this.#broke);
    else this.stop();
  }

  /** Reads no more until it is run again. */
  stop(): void {
    this.#full = undefined;
    this.#onFull();
  }

  readonly #come = ({ done, value }: ReadableStreamReadResult<T>): void => {
    try {
      if (done) this.#sink.end();
      else if (this.#sink.take(value)) this.readOn();
    } catch (error) {
      this.#sink.fail(error);
    }
  };

  readonly #broke = (error: unknown): void => this.#sink.fail(error);
}
