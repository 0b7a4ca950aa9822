import { type Answer, type Chunk } from "./answer.ts";

/**
 * The first part of a body. A stream of several chunks is cut between two of them, after at least one unless the
 * share is 0; a body of one chunk is cut inside it.
 */
export function cutBody(answer: Answer, share: number): Answer {
  const { chunks } = answer;
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) {
    const text = only.text.slice(0, Math.floor(only.text.length * share));
    return { ...answer, chunks: text === "" ? [] : [{ ...only, text }] };
  }
  const whole = share === 0 ? 0 : Math.max(1, Math.floor(chunks.length * share));
  return { ...answer, chunks: firstOf(chunks, Math.min(whole, chunks.length - 1)) };
}

function firstOf(chunks: readonly Chunk[], count: number): Chunk[] {
  return chunks.slice(0, Math.max(0, count));
}
