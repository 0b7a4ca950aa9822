// `GoogleGenerativeAIEmbeddings` of @langchain/google-genai 2.x: retries inside, deaf to abort, and a batch that
// failed comes back as vectors without numbers and without an error.
import { type EmbeddingsInterface } from "@langchain/core/embeddings";

import { withoutRetries, type Caller } from "./harden.ts";

/** Embeddings that make one attempt. */
export type HardEmbeddings = Pick<EmbeddingsInterface, "embedQuery" | "embedDocuments">;

type Ask = (request: unknown, options?: object) => Promise<unknown>;

interface GenaiEmbeddings extends EmbeddingsInterface {
  caller: Caller;
  client: { embedContent: Ask; batchEmbedContents: Ask };
}

function isGenai(embeddings: EmbeddingsInterface): embeddings is GenaiEmbeddings {
  const { client, caller } = embeddings as Partial<GenaiEmbeddings>;
  return (
    caller !== undefined &&
    typeof client?.embedContent === "function" &&
    typeof client.batchEmbedContents === "function"
  );
}

/** What one request is sent with. */
interface RequestOptions {
  signal: AbortSignal;
  /** The package's embeddings ask for no other version than `v1beta` of their own. */
  apiVersion?: string | undefined;
}

/** The embeddings for one attempt; the caller's instance stays as it is. */
export function hardenEmbeddings(
  embeddings: EmbeddingsInterface,
  call: RequestOptions,
): HardEmbeddings {
  const { caller } = embeddings as { caller?: Caller };
  if (!caller) return embeddings;
  const own = Object.create(embeddings) as EmbeddingsInterface & { caller: Caller };
  own.caller = withoutRetries(caller);
  if (!isGenai(own)) return own;
  let failed: { error: unknown } | undefined;
  const { client } = own;
  own.client = Object.assign(Object.create(client) as typeof client, {
    embedContent: (request: unknown) => client.embedContent(request, call),
    async batchEmbedContents(request: unknown) {
      try {
        return await client.batchEmbedContents(request, call);
      } catch (error) {
        failed = { error };
        throw error;
      }
    },
  });
  return {
    embedQuery: (text) => own.embedQuery(text),
    async embedDocuments(texts) {
      const vectors = await own.embedDocuments(texts);
      if (failed) throw failed.error;
      return vectors;
    },
  };
}
