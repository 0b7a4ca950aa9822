import { type AnyEmbeddingModel } from "./host-types.ts";

/** What `embedAll` is given. */
export interface EmbedAllOptions {
  model: AnyEmbeddingModel;
  values: readonly string[];
  /** Chunks on their way at once. @default 4, or 1 for a model that serves no two at once */
  parallel?: number;
  abortSignal?: AbortSignal;
  headers?: Record<string, string>;
  providerOptions?: Record<string, Record<string, unknown>>;
}

/** Texts that could not be embedded, by their place. */
export interface EmbedFailure {
  /** Index of the first text of the chunk, and of the one after its last. */
  from: number;
  to: number;
  error: unknown;
}

/** What came of all texts. */
export interface EmbedAllResult {
  /** One for each text, in order; `undefined` where it could not be embedded. */
  embeddings: (readonly number[] | undefined)[];
  failures: EmbedFailure[];
  /** Tokens of the chunks that succeeded. */
  tokens: number;
}

interface Chunk {
  readonly from: number;
  readonly values: readonly string[];
}

interface Answer {
  readonly embeddings: readonly (readonly number[])[];
  readonly usage?: { readonly tokens?: number };
}

function chunksOf(values: readonly string[], size: number): Chunk[] {
  const chunks: Chunk[] = [];
  for (let from = 0; from < values.length; from += size)
    chunks.push({ from, values: values.slice(from, from + size) });
  return chunks;
}

/**
 * Embeds any number of texts and keeps what succeeded: where the SDK's `embedMany` loses all vectors with one chunk,
 * this answers with those there are and says which are missing, so that only they are asked for again.
 *
 * @throws the signal's own reason when it is aborted
 */
export async function embedAll(options: EmbedAllOptions): Promise<EmbedAllResult> {
  const { model, values, abortSignal, headers, providerOptions } = options;
  const size = Number((await model.maxEmbeddingsPerCall) ?? Infinity);
  const waiting = chunksOf(values, Math.min(size, Math.max(1, values.length)));
  const result: EmbedAllResult = {
    embeddings: values.map(() => undefined),
    failures: [],
    tokens: 0,
  };
  const call = {
    ...(abortSignal ? { abortSignal } : {}),
    ...(headers ? { headers } : {}),
    ...(providerOptions ? { providerOptions } : {}),
  };
  const serve = async (): Promise<void> => {
    for (let chunk = waiting.shift(); chunk; chunk = waiting.shift())
      await embedChunk(model, chunk, { call, result });
  };
  const lanes = (await model.supportsParallelCalls) ? (options.parallel ?? 4) : 1;
  await Promise.all(Array.from({ length: lanes }, serve));
  result.failures.sort((a, b) => a.from - b.from);
  return result;
}

interface Work {
  readonly call: { readonly abortSignal?: AbortSignal };
  readonly result: EmbedAllResult;
}

async function embedChunk(
  model: AnyEmbeddingModel,
  { from, values }: Chunk,
  { call, result }: Work,
): Promise<void> {
  call.abortSignal?.throwIfAborted();
  try {
    const { embeddings, usage } = (await model.doEmbed({ values, ...call })) as Answer;
    embeddings.forEach((vector, at) => (result.embeddings[from + at] = vector));
    result.tokens += usage?.tokens ?? 0;
  } catch (error) {
    call.abortSignal?.throwIfAborted();
    result.failures.push({ from, to: from + values.length, error });
  }
}
