import { type Policy, type Target } from "@holdfast/core";
import {
  batchWork,
  findBatch,
  type BatchAnswer as Answer,
  type BatchEnd,
  type BatchLimits,
  type BatchReference as Reference,
  type BatchRequest,
  type BatchStart as Start,
  type BatchWork as Work,
} from "@holdfast/core/batch";

import { type AnyFactory, type AnyProvider, type BatchFunctions } from "./host-types.ts";
import { holdfastProvider } from "./provider.ts";
import { Providers } from "./providers.ts";

/** A request as the SDK's `startBatch` takes it. */
export interface BatchWork extends BatchRequest {
  type: "text";
  readonly [option: string]: unknown;
}

interface Generated {
  readonly text: string;
  readonly finishReason: string;
  readonly usage: unknown;
}

/** What came of one request. JSON-safe. */
export type BatchAnswer = Answer<Generated>;

/** All that is needed to go on after a restart. JSON-safe; holds no key. */
export type BatchReference = Reference<Generated>;

/** How work is begun. */
export type BatchStart = Start<BatchWork, Generated>;

/** Work that can wait, under a policy. */
export type HoldfastBatch = Work<BatchWork, Generated>;

/** What the SDK's Google provider puts before the id it is given. */
const displayName = (id: string): string => `ai-sdk-batch-${id}`;

interface BatchItem extends Generated {
  readonly id: string;
  readonly status: string;
  readonly error?: { readonly message?: string };
}

interface Status {
  readonly status: "pending" | "completed" | "failed";
  readonly rawStatus?: string;
  readonly error?: { readonly message?: string };
}

interface Making {
  readonly id: string;
  readonly requests: readonly BatchWork[];
}

/** How the SDK sends calls and batches. */
class SdkWay {
  readonly #policy: Policy;
  readonly #factory: AnyFactory;
  readonly #sdk: BatchFunctions;
  readonly #google: AnyProvider;

  constructor(policy: Policy, factory: AnyFactory, sdk: BatchFunctions) {
    this.#policy = policy;
    this.#factory = factory;
    this.#sdk = sdk;
    this.#google = holdfastProvider(policy, factory);
  }

  async call(work: BatchWork, { deadline, signal }: BatchLimits): Promise<Generated> {
    const { id: _, type: __, model, providerOptions, ...options } = work;
    const holdfast = deadline === undefined ? {} : { holdfast: { deadline } };
    const call = {
      ...options,
      model: this.#google(model) as unknown,
      providerOptions: { ...holdfast, ...(providerOptions as object | undefined) },
      ...(signal ? { abortSignal: signal } : {}),
    };
    return generatedOf((await this.#sdk.generateText(call)) as Generated);
  }

  find(target: Target, id: string, signal: AbortSignal): Promise<string | undefined> {
    return findBatch(target, displayName(id), { signal });
  }

  async make(target: Target, { id, requests }: Making, abortSignal: AbortSignal): Promise<string> {
    const provider = this.#providerOf(target, id);
    const made = (await this.#sdk.startBatch({ provider, requests, abortSignal })) as Named;
    return made.id;
  }

  async look(
    target: Target,
    name: string,
    abortSignal: AbortSignal,
  ): Promise<BatchEnd<Generated> | undefined> {
    const provider = this.#providerOf(target, name);
    const batch = { version: 2, id: name, provider: batchProvider(provider) };
    const asked = { provider, batch, maxRetries: 0, abortSignal };
    const { status, rawStatus, error } = (await this.#sdk.getBatchStatus(asked)) as Status;
    if (status === "pending") return undefined;
    const answers: BatchAnswer[] = [];
    if (status === "completed") {
      const items = (await this.#sdk.getBatchResults(asked)) as AsyncIterable<BatchItem>;
      for await (const item of items) answers.push(itemAnswer(item));
    }
    const missing = error?.message ?? `the batch is ${rawStatus ?? status} and has no answer to it`;
    return { answers, missing };
  }

  #providerOf(target: Target, id: string): AnyProvider {
    // The id becomes the batch's display name, by which it is found again.
    const factory = (settings: object): AnyProvider =>
      this.#factory({ ...settings, generateId: () => id });
    return new Providers({ [target.provider]: factory }, this.#policy).for(target);
  }
}

interface Named {
  readonly id: string;
}

function batchProvider(provider: AnyProvider): string {
  const batches = provider as unknown as { experimental_batch(): { provider: string } };
  return batches.experimental_batch().provider;
}

function generatedOf({ text, finishReason, usage }: Generated): Generated {
  return { text, finishReason, usage };
}

function itemAnswer(item: BatchItem): BatchAnswer {
  const { id, status, error } = item;
  if (status === "succeeded") return { id, status, ...generatedOf(item) };
  return { id, status: "failed", error: error?.message ?? status };
}

/**
 * Work that can wait, on top of the SDK's batch functions (ai@7): it takes the same requests, makes calls while the
 * quotas allow and hands to the Batch API what today's quota refuses, or all of it. A batch is named after the work's
 * `id` and looked for before it is made, so that neither a doubtful answer nor a restart makes it twice; what calls
 * answered outlives a crash where `onProgress` stores it. Without the SDK, `geminiBatch` of `@holdfast/core/batch` does the
 * same.
 *
 * @example
 * const work = holdfastBatch(policy, createGoogle, { startBatch, getBatchStatus, getBatchResults, generateText });
 * const reference = await work.start({ id: "reviews-2026-11-23", requests });
 * const answers = await work.results(JSON.parse(JSON.stringify(reference)));
 */
export function holdfastBatch(
  policy: Policy,
  factory: AnyFactory,
  sdk: BatchFunctions,
): HoldfastBatch {
  const work = batchWork(policy, new SdkWay(policy, factory, sdk));
  return {
    async start(options) {
      for (const { id, type } of options.requests as readonly { id: string; type: string }[])
        if (type !== "text")
          throw new TypeError(
            `Holdfast: the request "${id}" is of type "${type}"; only text can wait`,
          );
      return work.start(options);
    },
    results: (reference, options) => work.results(reference, options),
  };
}
