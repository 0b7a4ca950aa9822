import {
  GaveUpError,
  type FailureKind,
  type GiveUpReason,
  type Policy,
  type Target,
} from "@holdfast/core";

import { findBatch } from "./batch-lookup.ts";
import { type AnyFactory, type AnyProvider, type BatchFunctions } from "./host-types.ts";
import { holdfastProvider } from "./provider.ts";
import { Providers } from "./providers.ts";

/** A request as the SDK's `startBatch` takes it. */
export interface BatchWork {
  id: string;
  type: "text";
  /** The model's id. */
  model: string;
  readonly [option: string]: unknown;
}

/** What came of one request. JSON-safe. */
export type BatchAnswer =
  | { id: string; status: "succeeded"; text: string; finishReason: string; usage: unknown }
  | { id: string; status: "failed"; error: string; kind?: FailureKind };

/** All that is needed to go on after a restart. JSON-safe; holds no key. */
export interface BatchReference {
  version: 1;
  /** The name that was given to the work. */
  id: string;
  /** What is answered already. */
  answers: BatchAnswer[];
  /** What was handed to the Batch API, and whose it is. */
  batch?: { name: string; account: string; model: string; requests: string[] };
}

/** How work is begun. */
export interface BatchStart {
  /** A name for this work, the same when it is begun again after a crash: a batch of that name is found, not made again. */
  id: string;
  requests: readonly BatchWork[];
  /**
   * `interactive`: calls, at the pace that the quotas allow. `batch`: the Batch API, at half the price within a day.
   * `auto`: calls as long as the day's quota lasts; what it refuses goes to the Batch API. @default "auto"
   */
  mode?: "auto" | "interactive" | "batch";
  /** In `auto`: milliseconds that a call may take, its waits included, before its request goes to the Batch API. @default 120000 */
  deadline?: number;
  /** Calls on their way at once. @default 8 */
  parallel?: number;
  abortSignal?: AbortSignal;
}

/** How results are waited for. */
export interface BatchWait {
  /** Milliseconds between two looks. @default 30000 */
  interval?: number;
  abortSignal?: AbortSignal;
}

/** Work that can wait, under a policy. */
export interface HoldfastBatch {
  /** Begins the work; answers when every request is answered or in a batch. Never makes a batch of the same `id` twice. */
  start(options: BatchStart): Promise<BatchReference>;
  /** Waits for what is in a batch; answers in the order of the requests that were answered first, then those of the batch. */
  results(reference: BatchReference, options?: BatchWait): Promise<BatchAnswer[]>;
}

/** Refusals that a call today cannot outlive, and a batch can. */
const ofToday: ReadonlySet<FailureKind> = new Set<FailureKind>([
  "rate-limit-day",
  "rate-limit-spend",
]);

/** Ends that say nothing of the request: nothing could take it in time. */
const outOfTime: ReadonlySet<GiveUpReason> = new Set<GiveUpReason>([
  "deadline",
  "all-closed",
  "too-many-waiting",
]);

/** What the SDK's Google provider puts before the id it is given. */
const displayName = (id: string): string => `ai-sdk-batch-${id}`;

/** Batches have quotas of their own: those of calls close nothing for them. */
const batchesOf = (model: string): string => `${model} (batch)`;

interface Generated {
  readonly text: string;
  readonly finishReason: string;
  readonly usage: unknown;
}

interface BatchItem extends Generated {
  readonly id: string;
  readonly status: string;
  readonly error?: { readonly message?: string };
}

class BatchRunner implements HoldfastBatch {
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

  async start(options: BatchStart): Promise<BatchReference> {
    const { id, requests, mode = "auto" } = options;
    const reference: BatchReference = { version: 1, id, answers: [] };
    const later = mode === "batch" ? requests : await this.#callAll(options, reference.answers);
    if (later.length > 0) reference.batch = await this.#begin(options, later);
    return reference;
  }

  async results(
    { answers, batch }: BatchReference,
    { interval = 30_000, abortSignal }: BatchWait = {},
  ): Promise<BatchAnswer[]> {
    if (!batch) return answers;
    for (;;) {
      const items = await this.#lookAt(batch, abortSignal);
      if (items) return [...answers, ...items];
      await this.#policy.clock.sleep(interval, abortSignal);
    }
  }

  /** Makes calls; answers with the requests that only a batch can serve today. */
  async #callAll(
    { requests, parallel = 8, mode, deadline = 120_000, abortSignal }: BatchStart,
    answers: BatchAnswer[],
  ): Promise<readonly BatchWork[]> {
    const waiting = [...requests];
    const later: BatchWork[] = [];
    const auto = mode !== "interactive";
    const limits = {
      ...(auto ? { deadline } : {}),
      ...(abortSignal ? { abortSignal } : {}),
    };
    const serve = async (): Promise<void> => {
      for (let work = waiting.shift(); work; work = waiting.shift()) {
        const answer = await this.#call(work, limits);
        if (answer instanceof Error) {
          if (auto && canWait(answer)) later.push(work);
          else answers.push(failedAnswer(work.id, answer));
        } else answers.push(answer);
      }
    };
    await Promise.all(Array.from({ length: parallel }, serve));
    return later;
  }

  async #call(
    { id, type, model, providerOptions, ...options }: BatchWork,
    { deadline, abortSignal }: { deadline?: number; abortSignal?: AbortSignal },
  ): Promise<BatchAnswer | Error> {
    abortSignal?.throwIfAborted();
    if (type !== "text")
      throw new TypeError(
        `Holdfast: the request "${id}" is of type "${String(type)}"; only text can wait`,
      );
    const holdfast = deadline === undefined ? {} : { holdfast: { deadline } };
    const call = {
      ...options,
      model: this.#google(model) as unknown,
      providerOptions: { ...holdfast, ...(providerOptions as object | undefined) },
      ...(abortSignal ? { abortSignal } : {}),
    };
    try {
      return answerOf(id, (await this.#sdk.generateText(call)) as Generated);
    } catch (error) {
      abortSignal?.throwIfAborted();
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Makes the batch, once: whenever it is in doubt whether there is one already, a look comes first. */
  async #begin(
    { id, abortSignal }: BatchStart,
    requests: readonly BatchWork[],
  ): Promise<NonNullable<BatchReference["batch"]>> {
    const model = requests[0]?.model ?? "";
    const doubtful = new Map<string, Target>();
    const make = async (target: Target): Promise<{ name: string; account: string }> => {
      doubtful.set(target.account, target);
      for (const place of doubtful.values()) {
        const name = await findBatch(place, displayName(id));
        if (name !== undefined) return { name, account: place.account };
      }
      const provider = this.#providerOf(target, id);
      const { id: name } = (await this.#sdk.startBatch({ provider, requests })) as { id: string };
      return { name, account: target.account };
    };
    const call = { model: batchesOf(model), sameModel: true, unsafe: true };
    const { value } = await this.#policy.execute(make, {
      ...call,
      ...(abortSignal ? { signal: abortSignal } : {}),
    });
    return { ...value, model, requests: requests.map((request) => request.id) };
  }

  /** The results, when they are there. */
  async #lookAt(
    { name, account, model, requests }: NonNullable<BatchReference["batch"]>,
    signal: AbortSignal | undefined,
  ): Promise<BatchAnswer[] | undefined> {
    const look = async (target: Target): Promise<BatchAnswer[] | undefined> => {
      const provider = this.#providerOf(target, name);
      const batch = { version: 2, id: name, provider: batchProvider(provider) };
      const status = (await this.#sdk.getBatchStatus({ provider, batch, maxRetries: 0 })) as Status;
      if (status.status === "pending") return undefined;
      const found = new Map<string, BatchAnswer>();
      if (status.status === "completed") {
        const items = (await this.#sdk.getBatchResults({
          provider,
          batch,
          maxRetries: 0,
        })) as AsyncIterable<BatchItem>;
        for await (const item of items) found.set(item.id, itemAnswer(item));
      }
      const missing =
        status.error?.message ?? `the batch ended as ${status.rawStatus ?? status.status}`;
      return requests.map((id) => found.get(id) ?? { id, status: "failed", error: missing });
    };
    const call = {
      model: batchesOf(model),
      account,
      sameModel: true,
      ...(signal ? { signal } : {}),
    };
    return (await this.#policy.execute(look, call)).value;
  }

  #providerOf(target: Target, id: string): AnyProvider {
    // The id becomes the batch's display name, by which it is found again.
    const factory = (settings: object): AnyProvider =>
      this.#factory({ ...settings, generateId: () => id });
    return new Providers({ [target.provider]: factory }, this.#policy).for(target);
  }
}

interface Status {
  readonly status: "pending" | "completed" | "failed";
  readonly rawStatus?: string;
  readonly error?: { readonly message?: string };
}

function batchProvider(provider: AnyProvider): string {
  const batches = provider as unknown as { experimental_batch(): { provider: string } };
  return batches.experimental_batch().provider;
}

function answerOf(id: string, { text, finishReason, usage }: Generated): BatchAnswer {
  return { id, status: "succeeded", text, finishReason, usage };
}

function itemAnswer(item: BatchItem): BatchAnswer {
  if (item.status === "succeeded") return answerOf(item.id, item);
  return { id: item.id, status: "failed", error: item.error?.message ?? item.status };
}

/** Whether a request was refused for no fault of its own, by what a batch does not meet. */
function canWait(error: Error): boolean {
  if (!GaveUpError.isInstance(error)) return false;
  return (error.failure && ofToday.has(error.failure.kind)) || outOfTime.has(error.reason);
}

function failedAnswer(id: string, error: Error): BatchAnswer {
  const kind = GaveUpError.isInstance(error) ? error.failure?.kind : undefined;
  return {
    id,
    status: "failed",
    error: error.message,
    ...(kind === undefined ? {} : { kind }),
  };
}

/**
 * Work that can wait, on top of the SDK's batch functions (ai@7): it takes the same requests, makes calls while the
 * quotas allow and hands to the Batch API what today's quota refuses, or all of it. A batch is named after the work's
 * `id` and looked for before it is made, so that neither a doubtful answer nor a restart makes it twice.
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
  return new BatchRunner(policy, factory, sdk);
}
