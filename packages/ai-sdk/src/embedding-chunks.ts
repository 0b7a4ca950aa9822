// `embedMany` cuts its texts into chunks and loses all of them with one. What was embedded is remembered until then.
import { type HostOptions, type HostResult } from "./host-types.ts";

/** The vectors of texts that were embedded before a call failed. */
export interface Embedded {
  readonly values: readonly string[];
  readonly embeddings: readonly (readonly number[])[];
}

/** By the headers of a call, which all chunks of one `embedMany` share and nothing else does. */
const chunks = new WeakMap<object, Embedded[]>();

/** Remembers the vectors of a chunk as long as its call lives. */
export function keepVectors({ headers, values }: HostOptions, { embeddings }: HostResult): void {
  if (!headers || !Array.isArray(values) || !Array.isArray(embeddings)) return;
  const kept = chunks.get(headers) ?? [];
  kept.push({ values: values as string[], embeddings: embeddings as number[][] });
  chunks.set(headers, kept);
}

/** Adds to an error, as `embedded`, what the chunks before it had; to others nothing. */
export function carryVectors({ headers }: HostOptions, error: unknown): unknown {
  const kept = headers && chunks.get(headers);
  if (kept && error instanceof Error)
    Object.defineProperty(error, "embedded", { value: kept, configurable: true });
  return error;
}
