import {
  type Answer,
  attempted,
  type Attempted,
  type AttemptContext,
  type AttemptedDetails,
  classifyAnswer,
  type Policy,
  type Target,
  type Usage,
} from "@holdfast/core";

import {
  type BatchAnswer,
  type BatchEnd,
  type BatchLimits,
  type BatchRequest,
  batchWork,
  type BatchWork,
} from "./batch-work.ts";
import { askGemini, findBatch, type Question } from "./gemini-rest.ts";

/** A request with its body as Gemini's `generateContent` takes it. */
export interface GeminiRequest extends BatchRequest {
  body: object;
}

/** What Gemini answered a request with. */
export interface GeminiAnswer {
  /** The text, without thoughts; empty where the answer is a call of a function or a file. */
  text: string;
  /** The whole `GenerateContentResponse`. */
  response: object;
}

/** What `geminiBatch` may be told. */
export interface GeminiBatchOptions {
  /** @default the runtime's */
  fetch?: typeof globalThis.fetch;
}

interface Part {
  readonly text?: string;
  readonly thought?: boolean;
  readonly functionCall?: object;
}

interface Response {
  readonly error?: unknown;
  readonly candidates?: readonly {
    readonly content?: { readonly parts?: readonly Part[] };
    readonly finishReason?: string;
    readonly finishMessage?: string;
  }[];
  readonly promptFeedback?: { readonly blockReason?: string };
  readonly usageMetadata?: {
    readonly promptTokenCount?: number;
    readonly candidatesTokenCount?: number;
    readonly thoughtsTokenCount?: number;
    readonly cachedContentTokenCount?: number;
  };
  readonly modelVersion?: string;
}

/** The normal form of a response, by which core decides whether it is usable. */
function answerOf({ candidates, promptFeedback }: Response): Answer {
  const { content, finishReason, finishMessage } = candidates?.[0] ?? {};
  const parts = (content?.parts ?? []).filter(({ thought }) => !thought);
  const text = parts.map((part) => part.text ?? "").join("");
  const blockReason = promptFeedback?.blockReason;
  return {
    parts: parts.filter((part) => part.text === undefined).length,
    toolCalls: parts.filter(({ functionCall }) => functionCall).length,
    ...(text ? { text } : {}),
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(finishMessage === undefined ? {} : { finishMessage }),
    ...(blockReason === undefined ? {} : { blockReason }),
  };
}

function usageOf({ usageMetadata = {} }: Response): Usage {
  const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount, cachedContentTokenCount } =
    usageMetadata;
  return {
    ...(promptTokenCount === undefined ? {} : { inputTokens: promptTokenCount }),
    ...(candidatesTokenCount === undefined
      ? {}
      : { outputTokens: candidatesTokenCount + (thoughtsTokenCount ?? 0) }),
    ...(cachedContentTokenCount ? { cachedInputTokens: cachedContentTokenCount } : {}),
  };
}

interface Item {
  readonly metadata?: { readonly key?: string };
  readonly key?: string;
  readonly response?: Response;
  readonly error?: { readonly message?: string };
}

interface Output {
  readonly inlinedResponses?: { readonly inlinedResponses?: readonly Item[] };
}

interface Operation {
  readonly name?: string;
  readonly done?: boolean;
  readonly metadata?: { readonly state?: string; readonly output?: Output };
  readonly response?: Output;
  readonly error?: { readonly message?: string };
}

function itemAnswer({ metadata, key, response, error }: Item): BatchAnswer<GeminiAnswer> {
  const id = metadata?.key ?? key ?? "";
  if (!response)
    return { id, status: "failed", error: error?.message ?? "the batch has no answer to it" };
  const answer = answerOf(response);
  const failure = classifyAnswer(answer);
  return failure
    ? { id, status: "failed", error: failure.message, kind: failure.kind }
    : { id, status: "succeeded", text: answer.text ?? "", response };
}

function endOf({ response, metadata, error }: Operation): BatchEnd<GeminiAnswer> {
  const items = (response ?? metadata?.output)?.inlinedResponses?.inlinedResponses ?? [];
  const state = metadata?.state?.replace("BATCH_STATE_", "").toLowerCase() ?? "done";
  return {
    answers: items.map(itemAnswer),
    missing: error?.message ?? `the batch is ${state} and has no answer to it`,
  };
}

/** Our own names only: an account may have batches of others. */
const displayName = (id: string): string => `holdfast-${id}`;

class GeminiWay {
  readonly #policy: Policy;
  readonly #fetch: Pick<Question, "fetch">;

  constructor(policy: Policy, { fetch }: GeminiBatchOptions) {
    this.#policy = policy;
    this.#fetch = fetch ? { fetch } : {};
  }

  async call({ model, body }: GeminiRequest, limits: BatchLimits): Promise<GeminiAnswer> {
    const ask = async (
      target: Target,
      { signal, input }: AttemptContext,
    ): Promise<Attempted<object>> => {
      const path = `models/${target.model}:generateContent`;
      const response: Response = await this.#ask(target, { path, body: input as object, signal });
      if (response.error && !response.candidates)
        throw Object.assign(new Error("Gemini answered with an error"), { data: response });
      const about: AttemptedDetails = { answer: answerOf(response), usage: usageOf(response) };
      if (response.modelVersion !== undefined) about.modelVersion = response.modelVersion;
      return attempted(response, about);
    };
    const { value } = await this.#policy.execute(ask, { ...limits, model, input: body });
    return { text: answerOf(value).text ?? "", response: value };
  }

  find(target: Target, id: string, signal: AbortSignal): Promise<string | undefined> {
    return findBatch(target, displayName(id), { ...this.#fetch, signal });
  }

  async make(
    target: Target,
    { id, requests }: { id: string; requests: readonly GeminiRequest[] },
    signal: AbortSignal,
  ): Promise<string> {
    const inlined = requests.map(({ id: key, body }) => ({ request: body, metadata: { key } }));
    const batch = {
      displayName: displayName(id),
      inputConfig: { requests: { requests: inlined } },
    };
    const path = `models/${requests[0]?.model ?? ""}:batchGenerateContent`;
    const { name }: Operation = await this.#ask(target, { path, body: { batch }, signal });
    if (name === undefined) throw new Error("Gemini made a batch without a name");
    return name;
  }

  async look(
    target: Target,
    name: string,
    signal: AbortSignal,
  ): Promise<BatchEnd<GeminiAnswer> | undefined> {
    const operation: Operation = await this.#ask(target, { path: name, signal });
    return operation.done ? endOf(operation) : undefined;
  }

  #ask(target: Target, question: Question): Promise<object> {
    return askGemini(target, { ...this.#fetch, ...question });
  }
}

/**
 * Work that can wait, for any code with a Gemini key: calls of `generateContent` while the quotas allow, then Gemini's Batch
 * API at half the price. Needs nothing but `fetch`; keys go in headers to their account's endpoint. The bodies of one batch
 * may have 20 MB together.
 *
 * @example
 * const work = geminiBatch(policy);
 * const requests = [{ id: "a", model: "gemini-3.8-flash", body: { contents: [{ parts: [{ text: "Hi" }] }] } }];
 * const reference = await work.start({ id: "reviews-2026-11-23", requests });
 * const answers = await work.results(JSON.parse(JSON.stringify(reference)));
 */
export function geminiBatch(
  policy: Policy,
  options: GeminiBatchOptions = {},
): BatchWork<GeminiRequest, GeminiAnswer> {
  return batchWork(policy, new GeminiWay(policy, options));
}
