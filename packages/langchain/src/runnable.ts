// Retry and fallback for anything that LangChain can run.
import {
  type AttemptContext,
  attempted,
  type Attempted,
  type CallOptions,
  classifyAnswer,
  type Policy,
  type Target,
} from "@holdfast/core";
import { type CallbackManager } from "@langchain/core/callbacks/manager";
import { Runnable, type RunnableConfig } from "@langchain/core/runnables";
import { concat } from "@langchain/core/utils/stream";

import { AnswerSpy } from "./answer-spy.ts";
import { Digest, hasContent } from "./answer.ts";
import { type Bubble, caught, caughtIn, released } from "./bubble.ts";
import { type HoldfastCallOptions } from "./call-options.ts";
import { carryStream } from "./carry-stream.ts";
import { ChainRun } from "./chain-run.ts";
import { aroundPolicies, finalError } from "./gave-up.ts";
import { type Source, type SourceInput, sourceOf } from "./source.ts";

/** What a `HoldfastRunnable` is made of. */
export interface HoldfastRunnableFields<Input, Output> {
  policy: Policy;
  source: Source<Runnable<Input, Output>>;
  /** How traces call it. */
  name?: string;
  /** Whether the answers of the models inside say if the output is usable. */
  judged?: boolean;
  /** Whether a runnable cannot stream, so that its whole output is one part. */
  whole?: (runnable: Runnable<Input, Output>) => boolean;
}

/** The options of one call. */
export type HoldfastRunnableConfig = RunnableConfig & HoldfastCallOptions;

/** Any runnable, carried by a policy; made by `holdfastRunnable`. Each attempt is a child run. */
export class HoldfastRunnable<Input, Output> extends Runnable<
  Input,
  Output,
  HoldfastRunnableConfig
> {
  override lc_namespace: string[] = ["holdfast"];
  readonly #policy: Policy;
  readonly #source: Source<Runnable<Input, Output>>;
  readonly #judged: boolean;
  readonly #whole: (runnable: Runnable<Input, Output>) => boolean;

  static override lc_name(): string {
    return "HoldfastRunnable";
  }

  constructor(fields: HoldfastRunnableFields<Input, Output>) {
    super({});
    const { policy, source, name, judged = false, whole = () => false } = fields;
    this.lc_kwargs = {};
    this.#policy = judged ? policy : aroundPolicies(policy);
    this.#source = source;
    this.#judged = judged;
    this.#whole = whole;
    if (name !== undefined) this.name = name;
  }

  override async invoke(input: Input, options?: Partial<HoldfastRunnableConfig>): Promise<Output> {
    const run = await ChainRun.start(this, input, options ?? {});
    try {
      const executed = await this.#policy.execute<Output | Bubble>(
        (target, context) => this.#attempt(run, target, context),
        this.#callOptions(input, run.config, false),
      );
      const value = released(executed.value);
      await run.end(value);
      return value;
    } catch (error) {
      await run.fail(finalError(error));
      throw error;
    }
  }

  override async *_streamIterator(
    input: Input,
    options?: Partial<HoldfastRunnableConfig>,
  ): AsyncGenerator<Output> {
    const run = await ChainRun.start(this, input, options ?? {});
    let output: Output | undefined;
    try {
      for await (const part of this.#carry(input, run)) {
        const chunk = released(part);
        if (run.observed) output = joined(output, chunk);
        yield chunk;
      }
    } catch (error) {
      await run.fail(error);
      throw error;
    } finally {
      await run.end(output);
    }
  }

  async #attempt(
    run: ChainRun,
    target: Target,
    context: AttemptContext,
  ): Promise<Output | Bubble | Attempted<Output>> {
    const runnable = await this.#source.open(target);
    const callbacks = run.child(context.attempt);
    const config = { ...this.#config(run, callbacks), signal: context.signal };
    const input = context.input as Input;
    if (!this.#judged) return caught(runnable.invoke(input, config));
    const spy = new AnswerSpy();
    if (callbacks) callbacks.addHandler(spy, true);
    else config.callbacks = [spy];
    return judge(runnable.invoke(input, config), spy);
  }

  #carry(input: Input, run: ChainRun): AsyncGenerator<Output | Bubble> {
    return carryStream<Output | Bubble>({
      policy: this.#policy,
      options: this.#callOptions(input, run.config, true),
      open: async (target, context, signal) => {
        const runnable = await this.#source.open(target);
        const config = { ...this.#config(run, run.child(context.attempt)), signal };
        const asked = context.input as Input;
        const chunks = this.#whole(runnable)
          ? only(runnable.invoke(asked, config))
          : streamed(runnable, asked, config);
        return { chunks: caughtIn(chunks), digest: new Digest() };
      },
      hasContent,
      note: (digest, chunk) => digest.add(chunk),
      lastResort: (value) => [value as Output],
    });
  }

  #config(run: ChainRun, callbacks: CallbackManager | undefined): RunnableConfig {
    const { holdfast: _, ...config } = run.config as HoldfastRunnableConfig;
    return callbacks ? { ...config, callbacks } : config;
  }

  #callOptions(input: Input, config: HoldfastRunnableConfig, streaming: boolean): CallOptions {
    const { signal, holdfast } = config;
    const { call } = this.#source;
    return { ...call, streaming, input, ...(signal ? { signal } : {}), ...holdfast };
  }
}

function joined<Output>(first: Output | undefined, second: Output): Output {
  if (first === undefined) return second;
  try {
    return concat<Output>(first, second);
  } catch {
    // What cannot be joined is told by its last part.
    return second;
  }
}

async function* only<Output>(output: Promise<Output>): AsyncGenerator<Output> {
  yield await output;
}

async function* streamed<Input, Output>(
  runnable: Runnable<Input, Output>,
  input: Input,
  config: RunnableConfig,
): AsyncGenerator<Output> {
  yield* await runnable.stream(input, config);
}

/** Judges the answer rather than the parser's complaint about it. */
async function judge<Output>(running: Promise<Output>, spy: AnswerSpy): Promise<Attempted<Output>> {
  try {
    const value = await running;
    // An output that keeps the raw answer says of a bad one only that it could not be parsed.
    const raw = (value as { raw?: unknown } | undefined)?.raw !== undefined;
    const { answer, ...about } = spy.digest.about();
    return attempted(value, { ...about, ...(raw && answer ? { answer } : {}) });
  } catch (error) {
    const about = spy.digest.about();
    if (!spy.answered || !about.answer || !classifyAnswer(about.answer)) throw error;
    return attempted(undefined as Output, about);
  }
}

/** What `holdfastRunnable` can be told besides what it runs. */
export interface HoldfastRunnableOptions {
  /** The model asked for, where a factory makes the runnables. */
  model?: string;
  /** How traces call it. */
  name?: string;
}

/**
 * Carries any runnable by a policy: chains, tools, retrievers; where `withRetry` and `withFallbacks` stand otherwise.
 * Give one runnable, several in order of preference, or a factory that makes one for each target.
 * @throws TypeError when it is none of these
 */
export function holdfastRunnable<Input, Output>(
  policy: Policy,
  runnable: SourceInput<Runnable<Input, Output>>,
  { name, ...fields }: HoldfastRunnableOptions = {},
): HoldfastRunnable<Input, Output> {
  const source = sourceOf<Runnable<Input, Output>>(runnable, fields);
  return new HoldfastRunnable({ policy, source, ...(name === undefined ? {} : { name }) });
}
