// The shapes of the AI SDK that a wrapper touches: the same in the specifications v2, v3 and v4 but for the reason a
// generation ended and its usage. Types only, so that no version of the SDK is imported at run time.

/** What every model of every family has. */
export interface AnyModel {
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
}

/** An `EmbeddingModelV2`, `V3` or `V4`. */
export interface AnyEmbeddingModel extends AnyModel {
  readonly maxEmbeddingsPerCall: any;
  readonly supportsParallelCalls: any;
  doEmbed(options: any): PromiseLike<any>;
}

/** A provider such as `google` or `openai`: a function with makers of models on it. */
export type AnyProvider = (...args: any[]) => any;

/** `createGoogle`, `createOpenAI` and their kind. */
export type AnyFactory = (settings: any) => AnyProvider;

/** Anything that finds a model by its id: a provider, a registry, a custom provider, the gateway. */
export interface AnyDirectory {
  languageModel(id: any): any;
}

/** A middleware that `wrapLanguageModel` of ai@5, ai@6 and ai@7 accepts alike. */
export interface HoldfastMiddleware {
  readonly middlewareVersion: any;
  readonly specificationVersion: any;
  overrideSupportedUrls(options: any): any;
  wrapGenerate(options: any): Promise<any>;
  wrapStream(options: any): Promise<any>;
}

/** Records by provider name, such as `providerOptions` and `providerMetadata`. */
export type ByProvider = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/** One part of a message or of an answer. */
export interface HostPart {
  readonly type: string;
  readonly text?: unknown;
  readonly providerOptions?: ByProvider;
  readonly providerMetadata?: ByProvider;
  readonly [field: string]: unknown;
}

/** One message of a prompt. */
export interface HostMessage {
  readonly role: string;
  readonly content: string | readonly HostPart[];
  readonly providerOptions?: ByProvider;
}

/** What the SDK calls a model with, as far as a wrapper reads it. */
export interface HostOptions {
  readonly prompt?: string | readonly HostMessage[] | undefined;
  readonly abortSignal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly providerOptions?: ByProvider;
  readonly tools?: readonly { readonly type: string }[];
  readonly responseFormat?: { readonly type: string; readonly schema?: unknown };
  readonly [option: string]: unknown;
}

/** v2 says a word; v3 and v4 say it in their own words and in the provider's. */
export type HostFinishReason =
  | string
  | { readonly unified: string; readonly raw?: string | undefined };

/** v2 counts in numbers, v3 and v4 by what was counted. */
export interface HostUsage {
  readonly inputTokens?:
    | number
    | { readonly total?: number | undefined; readonly cacheRead?: number | undefined }
    | undefined;
  readonly cachedInputTokens?: number | undefined;
  readonly outputTokens?: number | { readonly total?: number | undefined } | undefined;
  readonly tokens?: number | undefined;
}

/** What a call answered with. */
export interface HostResult {
  readonly content?: readonly HostPart[];
  readonly finishReason?: HostFinishReason;
  readonly usage?: HostUsage;
  readonly warnings?: readonly unknown[];
  readonly providerMetadata?: ByProvider;
  readonly response?: { readonly modelId?: string | undefined; readonly body?: unknown };
  readonly [field: string]: unknown;
}

/** A part of a stream. */
export interface HostStreamPart {
  readonly type: string;
  readonly id?: string;
  readonly delta?: string;
  readonly error?: unknown;
  readonly modelId?: string | undefined;
  readonly usage?: HostUsage;
  readonly finishReason?: HostFinishReason;
  readonly providerMetadata?: ByProvider;
  readonly warnings?: readonly unknown[];
  readonly [field: string]: unknown;
}

/** What a streaming call answered with. */
export interface HostStreamResult {
  readonly stream: ReadableStream<HostStreamPart>;
  readonly [field: string]: unknown;
}

/** A language model with the types that this package works with. */
export interface HostLanguageModel extends AnyModel {
  readonly supportedUrls?: SupportedUrls | PromiseLike<SupportedUrls>;
  doGenerate(options: HostOptions): PromiseLike<HostResult>;
  doStream(options: HostOptions): PromiseLike<HostStreamResult>;
}

/** By media type, the URLs that a model fetches by itself. */
export type SupportedUrls = Readonly<Record<string, readonly RegExp[]>>;

/** The SDK's own functions that a batch is made with; ai@7 exports the first three as `experimental_…`. */
export interface BatchFunctions {
  startBatch(options: any): PromiseLike<any>;
  getBatchStatus(options: any): PromiseLike<any>;
  getBatchResults(options: any): any;
  generateText(options: any): PromiseLike<any>;
}
