// Models that do as they are told, of every specification.
import {
  APICallError,
  type LanguageModelV4,
  type LanguageModelV4StreamPart,
} from "@ai-sdk/provider";

Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

export type Spec = "v2" | "v3" | "v4";

/** A part of a stream, loosely. */
export type Part = { type: string } & Record<string, unknown>;

/** The options that a model was called with, as far as tests look. */
export interface Seen {
  prompt: { role: string; content: unknown }[];
  headers?: Record<string, string | undefined>;
  providerOptions?: Record<string, unknown>;
  abortSignal?: AbortSignal;
}

/** A language model of one specification, and what it was called with. */
export type Fake = LanguageModelV4 & { calls: Seen[] };

/** What a fake answers; throws to fail. */
export interface Script {
  id?: string;
  provider?: string;
  spec?: Spec;
  supportedUrls?: Record<string, RegExp[]>;
  generate?: (options: Seen, nth: number) => object | Promise<object>;
  stream?: (options: Seen, nth: number) => ReadableStream<Part> | Promise<ReadableStream<Part>>;
}

function usageOf(spec: Spec, input = 3, output = 1): object {
  return spec === "v2"
    ? { inputTokens: input, outputTokens: output, totalTokens: input + output }
    : {
        inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
        outputTokens: { total: output, text: output, reasoning: 0 },
      };
}

function reasonOf(spec: Spec, unified: string): unknown {
  return spec === "v2" ? unified : { unified, raw: undefined };
}

/** A good answer. */
export function answer(text: string, spec: Spec = "v4"): object {
  return {
    content: [{ type: "text", text }],
    finishReason: reasonOf(spec, "stop"),
    usage: usageOf(spec),
    warnings: [],
  };
}

/** The parts of a good stream, one for each word. */
export function words(text: string, spec: Spec = "v4"): Part[] {
  const deltas = text.split(/(?<= )/).map((delta) => ({ type: "text-delta", id: "0", delta }));
  return [
    { type: "stream-start", warnings: [] },
    { type: "response-metadata", id: "r" },
    { type: "text-start", id: "0" },
    ...deltas,
    { type: "text-end", id: "0" },
    { type: "finish", finishReason: reasonOf(spec, "stop"), usage: usageOf(spec) },
  ];
}

/** A stream of parts, each produced when it is asked for; `end` says what comes after them. */
export function streamOf(
  parts: readonly Part[],
  {
    end = "close",
    onCancel,
  }: { end?: "close" | "hang" | Error; onCancel?: (reason: unknown) => void } = {},
): ReadableStream<Part> & { pulled: number } {
  let at = 0;
  const stream = new ReadableStream<Part>(
    {
      async pull(controller) {
        const part = parts[at];
        if (part) {
          at += 1;
          controller.enqueue(part);
        } else if (end instanceof Error) controller.error(end);
        else if (end === "close") controller.close();
        else await new Promise(() => {});
      },
      cancel: (reason) => onCancel?.(reason),
    },
    { highWaterMark: 0 },
  );
  return Object.defineProperty(stream, "pulled", { get: () => at }) as ReadableStream<Part> & {
    pulled: number;
  };
}

/** Makes a model. */
export function fake({
  id = "m",
  provider = "fake",
  spec = "v4",
  supportedUrls = {},
  generate,
  stream,
}: Script): Fake {
  const calls: Seen[] = [];
  const model = {
    specificationVersion: spec,
    provider,
    modelId: id,
    supportedUrls,
    calls,
    async doGenerate(options: Seen): Promise<object> {
      calls.push(options);
      return (await generate?.(options, calls.length)) ?? answer(id, spec);
    },
    async doStream(options: Seen): Promise<object> {
      calls.push(options);
      return { stream: (await stream?.(options, calls.length)) ?? streamOf(words(id, spec)) };
    },
  };
  return model as unknown as Fake;
}

/** An error of an API, as providers throw it. */
export function apiError(statusCode: number, message = "overloaded"): APICallError {
  return new APICallError({
    message,
    statusCode,
    url: "https://models.example",
    requestBodyValues: {},
  });
}

/** Reads a model's stream to its end. */
export async function partsOf(stream: ReadableStream<LanguageModelV4StreamPart>): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const part of stream) parts.push(part as unknown as Part);
  return parts;
}

export function textOf(parts: readonly Part[]): string {
  return parts.map(({ type, delta }) => (type === "text-delta" ? String(delta) : "")).join("");
}
