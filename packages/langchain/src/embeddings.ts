// Embeddings live in the space of their model: accounts and endpoints may change, the model never.
import {
  attempted,
  type Attempted,
  type CallOptions,
  GaveUpError,
  type Policy,
  type Target,
} from "@holdfast/core";
import { Embeddings, type EmbeddingsInterface } from "@langchain/core/embeddings";

import { checkFields } from "./call-settings.ts";
import { finalError } from "./gave-up.ts";
import { hardenEmbeddings, type HardEmbeddings } from "./google-genai-embeddings.ts";
import { modelTarget } from "./model-target.ts";
import { type Factory, type Source, type SourceInput, sourceOf } from "./source.ts";

/** What `HoldfastEmbeddings` are made of. */
export interface HoldfastEmbeddingsFields {
  policy: Policy;
  /** A class, a factory, or one instance. */
  embeddings: SourceInput<EmbeddingsInterface>;
  /** The fields of the class, or `{ model }` for a factory. */
  fields?: object;
  /** Texts in one request. @default 100, the most that Gemini takes */
  batchSize?: number;
}

/** How many batches of one call are under way at once. */
const atOnce = 4;
const charactersPerToken = 4;

/** Embeddings whose every request is carried by a policy; made by `holdfastEmbeddings`. */
export class HoldfastEmbeddings extends Embeddings {
  readonly #policy: Policy;
  readonly #source: Source<EmbeddingsInterface>;
  readonly #batchSize: number;

  constructor({ policy, embeddings, fields = {}, batchSize = 100 }: HoldfastEmbeddingsFields) {
    super({ maxRetries: 0 });
    checkFields(policy, fields);
    this.#policy = policy;
    this.#source = sourceOf<EmbeddingsInterface>(embeddings, fields);
    this.#batchSize = batchSize;
  }

  override async embedQuery(document: string): Promise<number[]> {
    const vectors = await this.#carry([document], async (hard) => [
      await hard.embedQuery(document),
    ]);
    return vectors[0] ?? [];
  }

  /**
   * Embeds texts in batches. What one batch got is kept while another is repeated.
   * @throws GaveUpError; its `embeddings` holds the vectors that there are, by the place of their text
   */
  override async embedDocuments(documents: string[]): Promise<number[][]> {
    const done: (number[] | undefined)[] = Array.from({ length: documents.length });
    const failures: unknown[] = [];
    const starts: number[] = [];
    for (let at = 0; at < documents.length; at += this.#batchSize) starts.push(at);
    const work = async (): Promise<void> => {
      for (let start = starts.shift(); start !== undefined; start = starts.shift()) {
        const texts = documents.slice(start, start + this.#batchSize);
        try {
          const vectors = await this.#carry(texts, (hard) => hard.embedDocuments(texts));
          done.splice(start, texts.length, ...vectors);
        } catch (error) {
          failures.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    if (failures.length === 0) return done as number[][];
    const [failure] = failures;
    if (GaveUpError.isInstance(failure))
      Object.defineProperty(failure, "embeddings", { value: done });
    throw failure;
  }

  async #carry(
    texts: readonly string[],
    embed: (hard: HardEmbeddings) => Promise<number[][]>,
  ): Promise<number[][]> {
    const characters = texts.reduce((sum, text) => sum + text.length, 0);
    const options: CallOptions = {
      ...this.#source.call,
      sameModel: true,
      requests: texts.length,
      tokens: Math.ceil(characters / charactersPerToken),
      input: texts,
    };
    const attempt = async (
      target: Target,
      { signal }: { signal: AbortSignal },
    ): Promise<Attempted<number[][]>> => {
      const { apiVersion } = modelTarget(target);
      const hard = hardenEmbeddings(await this.#source.open(target), { signal, apiVersion });
      const vectors = await embed(hard);
      // A vector without numbers is how one package says that its request failed.
      const filled = vectors.length === texts.length && vectors.every(({ length }) => length > 0);
      return attempted(vectors, { answer: { parts: filled ? vectors.length : 0 } });
    };
    try {
      const { value } = await this.#policy.execute(attempt, options);
      return value;
    } catch (error) {
      throw finalError(error);
    }
  }
}

/** An embedding model's class. */
export interface EmbeddingsClass<Fields> {
  new (fields: Fields): EmbeddingsInterface;
}

/**
 * Makes embeddings whose every request is carried by the policy: other accounts and endpoints may serve, never another
 * model. Give a class with its fields, a factory, or one instance.
 * @throws TypeError when there is nothing to make embeddings from
 */
export function holdfastEmbeddings(
  policy: Policy,
  embeddings: Factory<EmbeddingsInterface> | EmbeddingsInterface,
  fields?: { model?: string; batchSize?: number },
): HoldfastEmbeddings;
export function holdfastEmbeddings<Fields>(
  policy: Policy,
  Class: EmbeddingsClass<Fields>,
  fields: NonNullable<Fields> & { batchSize?: number },
): HoldfastEmbeddings;
export function holdfastEmbeddings(
  policy: Policy,
  embeddings: unknown,
  given: { batchSize?: number } = {},
): HoldfastEmbeddings {
  const { batchSize, ...fields } = given;
  return new HoldfastEmbeddings({
    policy,
    embeddings: embeddings as SourceInput<EmbeddingsInterface>,
    fields,
    ...(batchSize === undefined ? {} : { batchSize }),
  });
}
