// LangGraph pauses and jumps by throwing; that is no failure, and must come out as it went in.

/** What a graph throws to pause or to jump, on its way through a policy. */
export class Bubble {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

function bubbles(error: unknown): boolean {
  return (error as { is_bubble_up?: unknown } | undefined)?.is_bubble_up === true;
}

/** A result, or the bubble that came instead. */
export async function caught<T>(running: Promise<T>): Promise<T | Bubble> {
  try {
    return await running;
  } catch (error) {
    if (bubbles(error)) return new Bubble(error);
    throw error;
  }
}

/** Parts of a stream, with a bubble as the last one where one came. */
export async function* caughtIn<T>(chunks: AsyncIterable<T>): AsyncGenerator<T | Bubble> {
  try {
    yield* chunks;
  } catch (error) {
    if (!bubbles(error)) throw error;
    yield new Bubble(error);
  }
}

/** The value, unless it is a bubble, which goes on its way. */
export function released<T>(value: T | Bubble): T {
  if (value instanceof Bubble) throw value.error as Error;
  return value;
}
