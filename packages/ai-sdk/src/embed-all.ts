import { type Check, checks } from "@holdfast/core";

import { bytes } from "./common-limits.ts";
import { type AnyEmbeddingModel } from "./host-types.ts";

/** What `embedAll` is given. */
export interface EmbedAllOptions {
  model: AnyEmbeddingModel;
  values: readonly string[];
  /** Chunks on their way at once. @default 4, or 1 for a model that serves no two at once */
  parallel?: number;
  /**
   * Bytes of text (UTF-8) in one request; a text that has more goes alone. By default about 20,000 tokens at most: so many
   * does Vertex AI take in one request (https://cloud.google.com/vertex-ai/docs/generative-ai/embeddings/get-text-embeddings),
   * and it fits below the tokens per minute of the smallest tier. Quotas count texts, so smaller requests use up no more.
   * @default what the model says, else 60000
   */
  maxBytes?: number;
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

const { anything, number, object } = checks;
const checkOptions = object({
  model: anything,
  values: anything,
  parallel: number(1),
  maxBytes: number(1),
  abortSignal: anything,
  headers: anything,
  providerOptions: anything,
} satisfies Record<keyof EmbedAllOptions, Check>);

const encoder = new TextEncoder();

/** Cuts the texts into requests of no more than so many texts and, but for a text that is larger by itself, so many bytes. */
function chunksOf(values: readonly string[], most: { texts: number; bytes: number }): Chunk[] {
  const chunks: Chunk[] = [];
  let from = 0;
  let size = 0;
  for (const [at, value] of values.entries()) {
    const more = encoder.encode(value).length;
    if (at > from && (at - from >= most.texts || size + more > most.bytes)) {
      chunks.push({ from, values: values.slice(from, at) });
      from = at;
      size = 0;
    }
    size += more;
  }
  if (from < values.length) chunks.push({ from, values: values.slice(from) });
  return chunks;
}

/** Each number may be said at once or later; where the model says none, none is meant. */
async function limitsOf({
  model,
  maxBytes,
}: EmbedAllOptions): Promise<{ texts: number; bytes: number }> {
  const texts = Number((await model.maxEmbeddingsPerCall) ?? Infinity);
  const said = (await Reflect.get(model, bytes)) as number | null | undefined;
  return { texts, bytes: maxBytes ?? said ?? 60_000 };
}

/**
 * Embeds any number of texts and keeps what succeeded: where the SDK's `embedMany` loses all vectors with one chunk,
 * this answers with those there are and says which are missing, so that only they are asked for again.
 *
 * @throws the signal's own reason when it is aborted; TypeError for options that cannot be
 */
export async function embedAll(options: EmbedAllOptions): Promise<EmbedAllResult> {
  checkOptions(options, "options");
  const { model, values, abortSignal, headers, providerOptions } = options;
  const waiting = chunksOf(values, await limitsOf(options));
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
