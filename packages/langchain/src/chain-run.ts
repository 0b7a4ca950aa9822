// The run that LangChain's callbacks and traces see around the attempts of one call.
import {
  type CallbackManager,
  type CallbackManagerForChainRun,
} from "@langchain/core/callbacks/manager";
import { type Serialized } from "@langchain/core/load/serializable";
import {
  ensureConfig,
  getCallbackManagerForConfig,
  type RunnableConfig,
} from "@langchain/core/runnables";

/** Whose run it is. */
export interface RunOwner {
  toJSON(): Serialized;
  getName(): string;
}

/** A chain run; its attempts are child runs of it. */
export class ChainRun {
  readonly #config: RunnableConfig;
  readonly #manager: CallbackManagerForChainRun | undefined;
  #over = false;

  private constructor(config: RunnableConfig, manager: CallbackManagerForChainRun | undefined) {
    this.#config = config;
    this.#manager = manager;
  }

  static async start(owner: RunOwner, input: unknown, options: RunnableConfig): Promise<ChainRun> {
    const { runId, runName, ...config } = ensureConfig(options);
    const manager = await getCallbackManagerForConfig(config);
    const run = await manager?.handleChainStart(
      owner.toJSON(),
      { input },
      runId,
      undefined,
      undefined,
      undefined,
      runName ?? owner.getName(),
    );
    return new ChainRun(config, run);
  }

  /** The configuration and call options, without what belongs to this run alone. */
  get config(): RunnableConfig {
    return this.#config;
  }

  /** Whether anybody listens. */
  get observed(): boolean {
    return this.#manager !== undefined;
  }

  /** The callbacks of an attempt. */
  child(attempt: number): CallbackManager | undefined {
    return this.#manager?.getChild(attempt > 1 ? `attempt:${attempt}` : undefined);
  }

  async end(output: unknown): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    await this.#manager?.handleChainEnd({ output });
  }

  async fail(error: unknown): Promise<void> {
    this.#over = true;
    await this.#manager?.handleChainError(error);
  }
}
