// Tools are bound to each candidate in its own way, once.
import {
  type BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import { mergeConfigs, Runnable, RunnableBinding } from "@langchain/core/runnables";

import { after } from "./after.ts";
import { type CallSettings } from "./call-options.ts";
import { harden, isHardened } from "./harden.ts";
import { type Sighting, type sightingKey } from "./sighting.ts";

/** Under this key call options keep the `configurable` that LangChain takes out of them: no cache key knows it. */
export const configurableKey: unique symbol = Symbol("configurable");

/** Call options with the run's configuration in them, as chat models take them. */
export type Options = BaseChatModelCallOptions & {
  tools?: BindToolsInput[];
  maxRetries?: number;
  holdfast?: CallSettings;
  [configurableKey]?: Record<string, unknown>;
  [sightingKey]?: Sighting;
};

/** What a run is configured with: its thread, the model to use. */
export function configurableOf(options: Options): Record<string, unknown> {
  return options.configurable ?? options[configurableKey] ?? {};
}

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

/** Unwraps bindings and configurable models; only the latter are waited for. */
function resolve(candidate: Runnable, configurable: unknown): Bound | Promise<Bound> {
  if (RunnableBinding.isRunnableBinding(candidate)) {
    const preset = boundOptions(candidate);
    return after(resolve(candidate.bound as Runnable, configurable), ({ model, options }) => ({
      model,
      options: mergeConfigs(options, preset),
    }));
  }
  if (isConfigurable(candidate))
    return candidate
      ._getModelInstance({ configurable })
      .then((made) => resolve(made, configurable));
  return { model: harden(candidate as BaseChatModel), options: {} };
}

/** Where tools that were bound once keep what they became for each model. */
const memoKey = Symbol("what tools became for each model");

type Memo = Map<BaseChatModel, Bound>;

/** Tools that are bound for many calls: a model is given them once. */
export function boundOnce(tools: readonly BindToolsInput[]): BindToolsInput[] {
  const own = [...tools];
  Object.defineProperty(own, memoKey, { value: new Map() satisfies Memo });
  return own;
}

/** The model with tools bound to it; some models answer with a new model, not with a binding. */
function withTools(model: BaseChatModel, tools: BindToolsInput[]): Bound {
  const { [memoKey]: memo } = tools as { [memoKey]?: Memo };
  const known = memo?.get(model);
  if (known) return known;
  if (!model.bindTools) throw new TypeError(`${model.getName()} cannot be given tools`);
  const made = model.bindTools(tools, {}) as Runnable;
  const bound = RunnableBinding.isRunnableBinding(made)
    ? { model: made.bound as BaseChatModel, options: boundOptions(made) }
    : { model: made as BaseChatModel, options: {} };
  memo?.set(model, bound);
  return bound;
}

function mergePreset(preset: Options, options: Options): Options {
  for (const _ in preset) return mergeConfigs(preset, options);
  return options;
}

/** The chat model that a candidate is, and the options of this attempt in its own words. `options` may be changed. */
export function bind(candidate: Runnable, options: Options): Bound | Promise<Bound> {
  return after(resolve(candidate, configurableOf(options)), (found) => withOptions(found, options));
}

function withOptions({ model, options: preset }: Bound, options: Options): Bound {
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
