// Tools are bound to each candidate in its own way, once.
import {
  type BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import { mergeConfigs, Runnable, RunnableBinding } from "@langchain/core/runnables";

import { type CallSettings } from "./call-options.ts";
import { harden, isHardened } from "./harden.ts";

/** Call options with the run's configuration in them, as chat models take them. */
export type Options = BaseChatModelCallOptions & {
  tools?: BindToolsInput[];
  maxRetries?: number;
  holdfast?: CallSettings;
};

/** What a candidate really is: a chat model, and what was bound to it. */
export interface Bound {
  /** With its retries off. */
  model: BaseChatModel;
  options: Options;
}

interface Configurable {
  _getModelInstance(config?: unknown): Promise<Runnable>;
}

function isConfigurable(value: object): value is Configurable {
  return "_getModelInstance" in value && typeof value._getModelInstance === "function";
}

function boundOptions({ config, kwargs }: RunnableBinding<unknown, unknown>): Options {
  return { ...config, ...(kwargs as Options | undefined) };
}

/** Unwraps bindings and configurable models. */
async function resolve(candidate: Runnable, configurable: unknown): Promise<Bound> {
  if (RunnableBinding.isRunnableBinding(candidate)) {
    const { model, options } = await resolve(candidate.bound as Runnable, configurable);
    return { model, options: mergeConfigs(options, boundOptions(candidate)) };
  }
  if (isConfigurable(candidate))
    return resolve(await candidate._getModelInstance({ configurable }), configurable);
  return { model: harden(candidate as BaseChatModel), options: {} };
}

const boundTools = new WeakMap<object, WeakMap<BaseChatModel, Bound>>();

/** The model with tools bound to it; some models answer with a new model, not with a binding. */
function withTools(model: BaseChatModel, tools: BindToolsInput[]): Bound {
  let byModel = boundTools.get(tools);
  if (!byModel) boundTools.set(tools, (byModel = new WeakMap()));
  let bound = byModel.get(model);
  if (bound) return bound;
  if (!model.bindTools) throw new TypeError(`${model.getName()} cannot be given tools`);
  const made = model.bindTools(tools, {}) as Runnable;
  bound = RunnableBinding.isRunnableBinding(made)
    ? { model: made.bound as BaseChatModel, options: boundOptions(made) }
    : { model: made as BaseChatModel, options: {} };
  byModel.set(model, bound);
  return bound;
}

function mergePreset(preset: Options, options: Options): Options {
  for (const _ in preset) return mergeConfigs(preset, options);
  return options;
}

/** The chat model that a candidate is, and the options of this attempt in its own words. `options` may be changed. */
export async function bind(candidate: Runnable, options: Options): Promise<Bound> {
  const plain = !RunnableBinding.isRunnableBinding(candidate) && !isConfigurable(candidate);
  const { model, options: preset } = plain
    ? { model: harden(candidate as BaseChatModel), options: {} }
    : await resolve(candidate, options.configurable);
  const own = mergePreset(preset, options);
  // What could not be hardened is told with each call not to repeat.
  if (!isHardened(model)) own.maxRetries ??= 0;
  if (!own.tools) return { model, options: own };
  const { tools, ...rest } = own;
  const bound = withTools(model, tools);
  return { model: bound.model, options: { ...rest, ...bound.options } };
}

/** Whether tools are among those that the provider itself executes (search, code), which may have effects. */
export function hasProviderTools(tools: readonly unknown[] | undefined): boolean {
  if (!tools) return false;
  return tools.some(
    (tool) =>
      typeof tool === "object" &&
      tool !== null &&
      !Runnable.isRunnable(tool) &&
      !("name" in tool) &&
      !("function" in tool) &&
      !("functionDeclarations" in tool),
  );
}
