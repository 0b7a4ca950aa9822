// An input that can be read once, for attempts of which each wants all of it.

/** Characters or bytes that are kept for another attempt: minutes of speech. */
const mostKept = 16 * 1024 * 1024;

function sizeOf(chunk: unknown): number {
  const { length, text } = (chunk ?? {}) as { length?: number; text?: string };
  return length ?? text?.length ?? 1;
}

/** Gives the same input to one attempt after another, until an answer has begun. */
export class Replay<T> {
  readonly #reader: ReadableStreamDefaultReader<T>;
  /** What was read, by place; a read that is under way belongs to whoever asks for that place. */
  readonly #chunks = new Map<number, Promise<ReadableStreamReadResult<T>>>();
  #size = 0;
  #kept = true;
  /** Of the attempt that is served now: one that failed may go on asking. */
  #turn = 0;

  constructor(source: ReadableStream<T>) {
    this.#reader = source.getReader();
  }

  /** The input from its beginning. @throws Error once its beginning is kept no more */
  open(): ReadableStream<T> {
    if (!this.#kept)
      throw new Error("Holdfast: so much was said already that it cannot be said again");
    this.#turn += 1;
    const turn = this.#turn;
    let at = 0;
    return new ReadableStream<T>(
      {
        pull: async (controller) => {
          if (turn !== this.#turn) return controller.close();
          const { done, value } = await this.#chunk(at);
          at += 1;
          if (done) controller.close();
          else controller.enqueue(value);
        },
        // The next attempt may want what this one does not.
        cancel: (reason) => {
          if (turn === this.#turn && !this.#kept) this.cancel(reason);
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** An answer has begun: no other attempt will ask for what was said. */
  forget(): void {
    this.#kept = false;
  }

  /** Ends the input; that it fails to end concerns nobody. */
  cancel(reason?: unknown): void {
    this.#kept = false;
    this.#chunks.clear();
    this.#reader.cancel(reason).catch(() => {});
  }

  #chunk(at: number): Promise<ReadableStreamReadResult<T>> {
    const known = this.#chunks.get(at);
    const chunk = known ?? this.#read();
    if (this.#kept) this.#chunks.set(at, chunk);
    else for (let old = at; old === at || this.#chunks.has(old); old -= 1) this.#chunks.delete(old);
    return chunk;
  }

  async #read(): Promise<ReadableStreamReadResult<T>> {
    const chunk = await this.#reader.read();
    this.#size += sizeOf(chunk.value);
    if (this.#size > mostKept) this.forget();
    return chunk;
  }
}
