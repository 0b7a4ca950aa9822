// A chat model that does not fall: every call of it is carried by a policy.
import { type Policy } from "@holdfast/core";
import { CallbackManager, type CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import {
  type BaseLanguageModelInput,
  type StructuredOutputMethodOptions,
} from "@langchain/core/language_models/base";
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BaseChatModelParams,
  type BindToolsInput,
  type LangSmithParams,
} from "@langchain/core/language_models/chat_models";
import { type ChatModelStreamEvent } from "@langchain/core/language_models/event";
import { type ModelProfile } from "@langchain/core/language_models/profile";
import { type AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import {
  type ChatGeneration,
  type ChatGenerationChunk,
  type ChatResult,
} from "@langchain/core/outputs";
import { mergeConfigs, type Runnable, type RunnableConfig } from "@langchain/core/runnables";
import { type SerializableSchema } from "@langchain/core/utils/standard_schema";
import { concat } from "@langchain/core/utils/stream";
import { type ZodV3Like, type ZodV4Like } from "@langchain/core/utils/types";

import { boundOnce, configurableKey, type Options } from "./bind.ts";
import { type HoldfastCallOptions } from "./call-options.ts";
import { checkFields } from "./call-settings.ts";
import { ChainRun } from "./chain-run.ts";
import { type Chat, type PrepareMessages } from "./chat-attempt.ts";
import { carryGenerate, carryInvoke } from "./chat-carry.ts";
import { carryChunks, carryEvents, carryMessages } from "./chat-stream.ts";
import { innermost } from "./describe.ts";
import { aroundPolicies } from "./gave-up.ts";
import { type Preflight } from "./preflight.ts";
import { keepCalls } from "./prepare-messages.ts";
import { buildByName, type Source, type SourceInput, sourceOf } from "./source.ts";
import { StepMemory } from "./step-memory.ts";
import { structuredOutput } from "./structured-output.ts";

/** What a `HoldfastChatModel` can be told besides where its models come from. */
export interface HoldfastModelOptions {
  /**
   * `attempts`: a call is a chain run, and each attempt a child run with the right model.
   * `flat`: one model run, whoever serves; the least overhead.
   * @default "attempts"
   */
  trace?: "attempts" | "flat";
  /** Makes a history readable for the model that goes on with it. @default mends what the Google packages lose of each other */
  prepareMessages?: PrepareMessages;
  /**
   * `preflight` of `@holdfast/core/models`: looks at every request to a Gemini model before it is sent. What is certain
   * to be refused is not sent, doubts become warnings. @default requests are not looked at
   */
  preflight?: Preflight;
}

/** The schemas that candidates understand: Zod, Standard Schema, JSON Schema. */
export type StructuredSchema<Output extends Record<string, unknown>> =
  | SerializableSchema<Output>
  | ZodV4Like<Output>
  | ZodV3Like<Output>
  | Record<string, unknown>;

/** What a `HoldfastChatModel` is made of. */
export type HoldfastChatModelFields = BaseChatModelParams &
  HoldfastModelOptions & {
    policy: Policy;
    /** A class, a factory, or models in order of preference. */
    models: SourceInput<Runnable>;
    /** The fields of the class, or `{ model }` for a factory. */
    fields?: object;
  };

/** The call options of a `HoldfastChatModel`. */
export type HoldfastChatCallOptions = BaseChatModelCallOptions &
  HoldfastCallOptions & { tools?: BindToolsInput[] };

/** A chat model whose every call is carried by a policy; made by `holdfastChatModel`. */
export class HoldfastChatModel extends BaseChatModel<HoldfastChatCallOptions> {
  readonly #chat: Chat;
  readonly #flat: boolean;

  static override lc_name(): string {
    return "HoldfastChatModel";
  }

  constructor(fields: HoldfastChatModelFields) {
    const {
      policy,
      models,
      fields: own = {},
      trace,
      prepareMessages,
      preflight,
      ...params
    } = fields;
    super({ ...params, maxRetries: 0 });
    // What it was made of holds keys; a trace shows only that it cannot be rebuilt.
    this.lc_kwargs = {};
    checkFields(policy, own);
    const model = policy.settings.chain?.[0];
    const source: Source<Runnable> = sourceOf<Runnable>(
      models,
      { ...(model === undefined ? {} : { model }), ...own },
      buildByName,
    );
    const nested = Array.isArray(models) && models.some((one) => one instanceof HoldfastChatModel);
    const carrier = nested ? aroundPolicies(policy) : policy;
    this.#chat = {
      policy: carrier,
      source,
      prepareMessages: prepareMessages ?? keepCalls,
      preflight,
      memory: new StepMemory(),
    };
    this.#flat = trace === "flat";
  }

  /** The policy that carries the calls. */
  get policy(): Policy {
    return this.#chat.policy;
  }

  override get profile(): ModelProfile {
    return this.#sample?.profile ?? {};
  }

  override _llmType(): string {
    return "holdfast";
  }

  override _identifyingParams(): Record<string, unknown> {
    const sample = this.#sample;
    return {
      ...this.#chat.source.call,
      ...sample?._identifyingParams(),
      parameters: sample?.invocationParams({}) as unknown,
    };
  }

  override _getSerializedCacheKeyParametersForCall(
    given: Partial<HoldfastChatCallOptions> & { config?: RunnableConfig },
  ): string {
    // How long one would wait for an answer says nothing of the answer.
    const { holdfast: _, ...options } = given;
    return super._getSerializedCacheKeyParametersForCall(options);
  }

  override getLsParams(options: this["ParsedCallOptions"]): LangSmithParams {
    return this.#sample?.getLsParams(options) ?? super.getLsParams(options);
  }

  override invocationParams(options?: this["ParsedCallOptions"]): unknown {
    return this.#sample?.invocationParams(options ?? {}) as unknown;
  }

  override _separateRunnableConfigFromCallOptionsCompat(
    given?: Partial<HoldfastChatCallOptions>,
  ): [RunnableConfig, this["ParsedCallOptions"]] {
    const [config, options] = super._separateRunnableConfigFromCallOptionsCompat(given);
    if (config.configurable) (options as Options)[configurableKey] = config.configurable;
    return [config, options];
  }

  override bindTools(
    tools: BindToolsInput[],
    kwargs?: Partial<HoldfastChatCallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, HoldfastChatCallOptions> {
    return this.withConfig({ ...kwargs, tools: boundOnce(tools) });
  }

  override withStructuredOutput<Output extends Record<string, unknown>>(
    schema: StructuredSchema<Output>,
    config?: StructuredOutputMethodOptions,
  ): Runnable<BaseLanguageModelInput, Output>;
  override withStructuredOutput<Output extends Record<string, unknown>>(
    schema: StructuredSchema<Output>,
    config?: StructuredOutputMethodOptions<true>,
  ): Runnable<BaseLanguageModelInput, { raw: BaseMessage; parsed: Output }>;
  override withStructuredOutput(
    schema: unknown,
    config?: StructuredOutputMethodOptions<boolean>,
  ): Runnable {
    const request = { schema: schema as never, config };
    return structuredOutput(this.#chat.policy, this.#chat.source, request);
  }

  override invoke(
    input: BaseLanguageModelInput,
    options?: Partial<HoldfastChatCallOptions>,
  ): Promise<AIMessageChunk> {
    // The cache belongs to the path that makes one run of its own.
    if (this.cache) return super.invoke(input, options);
    return this.#flat ? this.#invokeFlat(input, options) : this.#invokeEach(input, options);
  }

  async #invokeEach(
    input: BaseLanguageModelInput,
    options: Partial<HoldfastChatCallOptions> | undefined,
  ): Promise<AIMessageChunk> {
    const run = await ChainRun.start(this, input, this.#own(options));
    try {
      const asked = {
        messages: HoldfastChatModel.#messages(input),
        options: run.config as Options,
      };
      const message = await carryInvoke(this.#chat, asked, run);
      await run.end(message);
      return message;
    } catch (error) {
      await run.fail(error);
      throw error;
    }
  }

  override async *_streamIterator(
    input: BaseLanguageModelInput,
    options?: Partial<HoldfastChatCallOptions>,
  ): AsyncGenerator<AIMessageChunk> {
    if (this.#flat || this.disableStreaming) {
      yield* super._streamIterator(input, options);
      return;
    }
    const run = await ChainRun.start(this, input, this.#own(options));
    let output: AIMessageChunk | undefined;
    try {
      const asked = {
        messages: HoldfastChatModel.#messages(input),
        options: run.config as Options,
      };
      for await (const chunk of carryMessages(this.#chat, asked, run)) {
        if (run.observed) output = output === undefined ? chunk : concat(output, chunk);
        yield chunk;
      }
    } catch (error) {
      await run.fail(error);
      throw error;
    } finally {
      await run.end(output);
    }
  }

  override _generate(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    manager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    return carryGenerate(this.#chat, { messages, options: options }, manager);
  }

  override _streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    manager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    return carryChunks(this.#chat, { messages, options: options }, manager);
  }

  override _streamChatModelEvents(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    manager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatModelStreamEvent> {
    return carryEvents(this.#chat, { messages, options: options }, manager);
  }

  /** Makes no run where nobody listens: that costs more than all else. */
  async #invokeFlat(
    input: BaseLanguageModelInput,
    given: Partial<HoldfastChatCallOptions> | undefined,
  ): Promise<AIMessageChunk> {
    const [config, options] = this._separateRunnableConfigFromCallOptionsCompat(given);
    const { verbose } = this;
    const version = options.outputVersion ?? this.outputVersion;
    const observed = CallbackManager.configure(
      config.callbacks,
      this.callbacks,
      [],
      [],
      {},
      {},
      { verbose },
    );
    if (observed || version === "v1") return super.invoke(input, given);
    const messages = HoldfastChatModel.#messages(input);
    const { generations, llmOutput } = await carryGenerate(this.#chat, { messages, options });
    const [{ message, generationInfo }] = generations as [ChatGeneration];
    message.response_metadata = { ...llmOutput, ...generationInfo, ...message.response_metadata };
    return message as AIMessageChunk;
  }

  static #messages(input: BaseLanguageModelInput): BaseMessage[] {
    return HoldfastChatModel._convertInputToPromptValue(input).toChatMessages();
  }

  get #sample(): BaseChatModel | undefined {
    const sample = this.#chat.source.sample();
    return sample && (innermost(sample) as BaseChatModel);
  }

  #own(options: Partial<HoldfastChatCallOptions> | undefined): RunnableConfig {
    const { callbacks, tags, metadata } = this;
    if (!callbacks && !tags && !metadata) return (options ?? {}) as RunnableConfig;
    return mergeConfigs({ callbacks, tags, metadata } as RunnableConfig, options as RunnableConfig);
  }
}
