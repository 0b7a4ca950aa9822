// Work that can wait, whoever sends it: calls while the quotas allow, then a batch that is made once.
import {
  callChecks,
  type Check,
  checks,
  classify,
  type CallOptions,
  type FailureKind,
  GaveUpError,
  type GiveUpReason,
  type Policy,
  type ScopeName,
  type Target,
} from "@holdfast/core";

/** What a request has, whatever else is in it. */
export interface BatchRequest {
  /** Its name in the work: what the answer is found by. */
  id: string;
  /** The model's id. A batch has one model. */
  model: string;
}

/** What came of one request. JSON-safe. */
export type BatchAnswer<S extends object> =
  | ({ id: string; status: "succeeded" } & S)
  | { id: string; status: "failed"; error: string; kind?: FailureKind };

/** All that is needed to go on after a restart. JSON-safe; holds no key. */
export interface BatchReference<S extends object> {
  version: 1;
  /** The name that was given to the work. */
  id: string;
  /** What is answered already. */
  answers: BatchAnswer<S>[];
  /** What only a batch can serve, from before it is made: after a crash no call is made for it. */
  later?: string[];
  /** What was handed to the Batch API, and whose it is. */
  batch?: { name: string; account: string; model: string; requests: string[] };
}

/** How work is begun. */
export interface BatchStart<R extends BatchRequest, S extends object = object> {
  /** A name for this work, the same when it is begun again after a crash: a batch of that name is found, not made again. */
  id: string;
  requests: readonly R[];
  /**
   * `interactive`: calls, at the pace that the quotas allow. `batch`: the Batch API, at half the price within a day.
   * `auto`: calls as long as the day's quota lasts; what it refuses goes to the Batch API. @default "auto"
   */
  mode?: "auto" | "interactive" | "batch";
  /** In `auto`: milliseconds that a call may take, its waits included, before its request goes to the Batch API. @default 120000 */
  deadline?: number;
  /** Calls on their way at once. @default 8 */
  parallel?: number;
  /**
   * Is handed all there is whenever there is more: after each answer, before a batch is made, and after it. Store it, as
   * JSON, and nothing that was paid for is lost in a crash. Waited for before anything else is sent; what it throws
   * ends the work.
   */
  onProgress?: (reference: BatchReference<S>) => unknown;
  /** What an earlier start of this work told `onProgress` last: what is answered there is not asked again. */
  reference?: BatchReference<S>;
  abortSignal?: AbortSignal;
}

/** How results are waited for. */
export interface BatchWait {
  /** Milliseconds between two looks. @default 30000 */
  interval?: number;
  abortSignal?: AbortSignal;
}

/** Work that can wait, under a policy. */
export interface BatchWork<R extends BatchRequest, S extends object> {
  /**
   * Begins the work; answers when every request is answered or in a batch. Never makes a batch of the same `id` twice.
   * @throws GaveUpError when no batch can be made; what calls had answered by then is its `reference`
   */
  start(options: BatchStart<R, S>): Promise<BatchReference<S>>;
  /** Waits for what is in a batch; answers in the order of the requests that were answered first, then those of the batch. */
  results(reference: BatchReference<S>, options?: BatchWait): Promise<BatchAnswer<S>[]>;
}

/** Limits of one call. */
export interface BatchLimits {
  /** Ms. */
  deadline?: number;
  signal?: AbortSignal;
}

/** What a batch that is over answered with. */
export interface BatchEnd<S extends object> {
  answers: readonly BatchAnswer<S>[];
  /** What is to be said of a request that is not among them. */
  missing: string;
}

/** How requests are sent; what happens when is not its affair. */
export interface BatchWay<R extends BatchRequest, S extends object> {
  /** Makes one call under the policy. */
  call(request: R, limits: BatchLimits): Promise<S>;
  /** The name of an account's batch that was made for the work of this id, if there is one. @throws where nobody knows */
  find(target: Target, id: string, signal: AbortSignal): Promise<string | undefined>;
  /** Makes a batch; answers with its name. */
  make(
    target: Target,
    work: { id: string; requests: readonly R[] },
    signal: AbortSignal,
  ): Promise<string>;
  /** What came of a batch; `undefined` while it is not over. */
  look(target: Target, name: string, signal: AbortSignal): Promise<BatchEnd<S> | undefined>;
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

/** Where a refused key or project is the reason, the account can make no batch either, nor give one back. */
const ofAccount: ReadonlySet<ScopeName> = new Set<ScopeName>([
  "account",
  "project",
  "billing-account",
]);

/** Batches have quotas of their own: those of calls close nothing for them. */
const batchesOf = (model: string): string => `${model} (batch)`;

/** Whether a request was refused for no fault of its own, by what a batch does not meet. */
function canWait(error: unknown): boolean {
  if (!GaveUpError.isInstance(error)) return false;
  return (error.failure && ofToday.has(error.failure.kind)) || outOfTime.has(error.reason);
}

function failed(id: string, error: unknown): BatchAnswer<never> {
  const kind = GaveUpError.isInstance(error) ? error.failure?.kind : undefined;
  return {
    id,
    status: "failed",
    error: error instanceof Error ? error.message : String(error),
    ...(kind === undefined ? {} : { kind }),
  };
}

const { anything, callable, number, object, text } = checks;
const checkStart = object(
  {
    id: text,
    requests: anything,
    mode: checks.choice("auto", "interactive", "batch"),
    deadline: callChecks.deadline,
    parallel: number(1),
    onProgress: callable,
    reference: anything,
    abortSignal: callChecks.signal,
  } satisfies Record<keyof BatchStart<BatchRequest>, Check>,
  ["id"],
);

/** What can come to nothing is to be known before anything is sent. @throws TypeError */
function check({ settings }: Policy, options: BatchStart<BatchRequest>): void {
  checkStart(options, "options");
  const { id: work, requests, mode, reference } = options;
  if (reference && reference.id !== work)
    throw new TypeError(
      `Holdfast: the reference is of the work "${reference.id}", and this one is "${work}"`,
    );
  const ids = new Set(requests.map(({ id }) => id));
  if (ids.size < requests.length)
    throw new TypeError(
      "Holdfast: two requests have the same id, so that no answer could be told from the other",
    );
  if (mode === "interactive") return;
  const models = [...new Set(requests.map(({ model }) => model))];
  if (models.length > 1)
    throw new TypeError(
      `Holdfast: a batch has one model, and the requests name ${models.join(" and ")}: begin one work for each`,
    );
  const keyless = settings.accounts.find(({ apiKey }) => apiKey === undefined);
  if (keyless)
    throw new TypeError(
      `Holdfast: the account "${keyless.name}" has no key in the policy, so that nobody could look whether it has a batch: give it its apiKey`,
    );
}

class Batches<R extends BatchRequest, S extends object> implements BatchWork<R, S> {
  readonly #policy: Policy;
  readonly #way: BatchWay<R, S>;

  constructor(policy: Policy, way: BatchWay<R, S>) {
    this.#policy = policy;
    this.#way = way;
  }

  async start(options: BatchStart<R, S>): Promise<BatchReference<S>> {
    const { id, onProgress, abortSignal } = options;
    check(this.#policy, options);
    const { answers, ...begun } = options.reference ?? { version: 1, id, answers: [] };
    const reference: BatchReference<S> = { ...begun, answers: [...answers] };
    if (reference.batch) return reference;
    const later = await this.#callAll(options, reference);
    if (later.length === 0) return reference;
    try {
      reference.later = later.map((request) => request.id);
      await onProgress?.(reference);
      reference.batch = await this.#begin(options, later);
      delete reference.later;
      await onProgress?.(reference);
    } catch (error) {
      // What calls had answered was paid for.
      if (!abortSignal?.aborted && error instanceof Error)
        Object.defineProperty(error, "reference", { value: reference, configurable: true });
      throw error;
    }
    return reference;
  }

  async results(
    { answers, batch }: BatchReference<S>,
    { interval = 30_000, abortSignal }: BatchWait = {},
  ): Promise<BatchAnswer<S>[]> {
    if (!batch) return answers;
    for (;;) {
      const found = await this.#lookAt(batch, abortSignal);
      if (found) return [...answers, ...found];
      await this.#policy.clock.sleep(interval, abortSignal);
    }
  }

  /** Makes the calls that are to be made; answers with the requests that are for a batch. */
  async #callAll(options: BatchStart<R, S>, reference: BatchReference<S>): Promise<R[]> {
    const { requests, parallel = 8, mode = "auto", onProgress } = options;
    const answered = new Set(reference.answers.map(({ id }) => id));
    const waiting = requests.filter(({ id }) => !answered.has(id));
    // All calls were made before a batch was thought of.
    if (mode === "batch" || (mode === "auto" && reference.later)) return waiting;
    const later: R[] = [];
    const serve = async (): Promise<void> => {
      for (let request = waiting.shift(); request; request = waiting.shift()) {
        const answer = await this.#ask(request, { ...options, mode });
        if (!answer) later.push(request);
        else {
          reference.answers.push(answer);
          await onProgress?.(reference);
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: parallel }, serve));
    } finally {
      // Where one lane ends the work, the others begin nothing more.
      waiting.length = 0;
    }
    return later;
  }

  /** Makes one call; answers with nothing where only a batch can serve it today. */
  async #ask(
    request: R,
    { mode, deadline = 120_000, abortSignal: signal }: BatchStart<R, S>,
  ): Promise<BatchAnswer<S> | undefined> {
    signal?.throwIfAborted();
    const { id } = request;
    const limits = { ...(mode === "auto" ? { deadline } : {}), ...(signal ? { signal } : {}) };
    try {
      return { ...(await this.#way.call(request, limits)), id, status: "succeeded" };
    } catch (error) {
      signal?.throwIfAborted();
      return mode === "auto" && canWait(error) ? undefined : failed(id, error);
    }
  }

  #limits(model: string, signal: AbortSignal | undefined): CallOptions {
    return { model: batchesOf(model), sameModel: true, ...(signal ? { signal } : {}) };
  }

  /** Makes the batch, once: whenever it is in doubt whether there is one already, a look comes first. */
  async #begin(
    { id, abortSignal }: BatchStart<R, S>,
    requests: readonly R[],
  ): Promise<NonNullable<BatchReference<S>["batch"]>> {
    const model = requests[0]?.model ?? "";
    const limits = this.#limits(model, abortSignal);
    const found =
      (await this.#findAnywhere(id, limits)) ?? (await this.#make({ id, requests }, limits));
    return { ...found, model, requests: requests.map((request) => request.id) };
  }

  /** Another process may have made it, at any account, and have died. */
  async #findAnywhere(id: string, limits: CallOptions): Promise<Made | undefined> {
    for (const { name: account, provider } of this.#policy.settings.accounts) {
      if (provider !== "google") continue;
      try {
        const { value: name } = await this.#policy.execute(
          (target, { signal }) => this.#way.find(target, id, signal),
          { ...limits, account },
        );
        if (name !== undefined) return { name, account };
      } catch (error) {
        if (!GaveUpError.isInstance(error) || !isOfAccount(error)) throw error;
      }
    }
    return undefined;
  }

  async #make(work: { id: string; requests: readonly R[] }, limits: CallOptions): Promise<Made> {
    const doubtful = new Map<string, Target>();
    const { value } = await this.#policy.execute<Made>(
      async (target, { signal }) => {
        for (const place of doubtful.values()) {
          const name = await this.#way.find(place, work.id, signal);
          if (name !== undefined) return { name, account: place.account };
        }
        doubtful.set(target.account, target);
        try {
          return { name: await this.#way.make(target, work, signal), account: target.account };
        } catch (error) {
          // What was refused is not made.
          if (classify(error).sure === "stated") doubtful.delete(target.account);
          throw error;
        }
      },
      { ...limits, unsafe: true },
    );
    return value;
  }

  /** The results, when they are there. */
  async #lookAt(
    { name, account, model, requests }: NonNullable<BatchReference<S>["batch"]>,
    signal: AbortSignal | undefined,
  ): Promise<BatchAnswer<S>[] | undefined> {
    const { value: end } = await this.#policy.execute(
      (target, context) => this.#way.look(target, name, context.signal),
      { ...this.#limits(model, signal), account },
    );
    if (!end) return undefined;
    const found = new Map(end.answers.map((answer) => [answer.id, answer]));
    return requests.map((id) => found.get(id) ?? { id, status: "failed", error: end.missing });
  }
}

interface Made {
  name: string;
  account: string;
}

function isOfAccount({ failure }: GaveUpError): boolean {
  return failure !== undefined && ofAccount.has(failure.scope);
}

/**
 * Work that can wait, for clients that say how a call and a batch of theirs are sent; `geminiBatch` is the one that needs
 * no client. It makes calls while the quotas allow and hands to the Batch API what today's quota refuses, or all of it.
 * A batch is named after the work's `id` and looked for, at every account, before it is made, so that neither a doubtful
 * answer nor a restart makes it twice. Calls are made again after a crash, unless `onProgress` stored what they answered.
 */
export function batchWork<R extends BatchRequest, S extends object>(
  policy: Policy,
  way: BatchWay<R, S>,
): BatchWork<R, S> {
  return new Batches(policy, way);
}
