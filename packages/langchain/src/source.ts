// Where models come from: a class with fields, a factory, or instances that somebody has built.
import { type CallOptions, type Target } from "@holdfast/core";
import { type BaseChatModel } from "@langchain/core/language_models/chat_models";

import { candidateOf, candidateOfName } from "./describe.ts";
import { type ModelTarget, modelTarget } from "./model-target.ts";

/** Makes what serves a target. The second argument says more of it: its name, account and provider. */
export type Factory<Made> = (target: ModelTarget, about: Target) => Made;

/** A class of models: anything whose constructor takes its fields as one object. */
type ModelClass<Made> = new (fields: never) => Made;

/** What an adapter takes targets' models from. */
export interface Source<Made> {
  /** What the policy is asked for. */
  readonly call: Pick<CallOptions, "model" | "candidates">;
  /** The instance that serves a target; the same one for every call. */
  open(target: Target): Made | Promise<Made>;
  /** An instance to ask for a profile, never to send with. */
  sample(): Made | undefined;
}

/** What may be given as a source. */
export type SourceInput<Made> =
  | ModelClass<Made>
  | Factory<Made>
  | Made
  | readonly (Made | string)[];

/** Stands for a key in instances that never send. */
const noKey = "not-a-key";

function isClass<Made extends object>(
  value: ModelClass<Made> | Factory<Made>,
): value is ModelClass<Made> {
  const { prototype } = value as { prototype?: object };
  if (typeof prototype !== "object" || prototype === null) return false;
  return "invoke" in prototype || "_llmType" in prototype || "embedQuery" in prototype;
}

/** One instance for each account and model. */
class MadeSource<Made extends object> implements Source<Made> {
  readonly call: Pick<CallOptions, "model">;
  readonly #make: Factory<Made>;
  readonly #made = new Map<string, { apiKey: string | undefined; made: Made }>();
  readonly #byTarget = new WeakMap<Target, Made>();
  #sample: Made | undefined;

  constructor(make: Factory<Made>, model: string | undefined) {
    this.#make = make;
    this.call = model === undefined ? {} : { model };
  }

  open(target: Target): Made {
    const served = this.#byTarget.get(target);
    if (served) return served;
    const made = this.#madeFor(target);
    this.#byTarget.set(target, made);
    return made;
  }

  #madeFor(target: Target): Made {
    const key = `${target.provider} ${target.baseURL ?? ""} ${target.name}`;
    const known = this.#made.get(key);
    // A derived policy may give an account of the same name another key.
    if (known && known.apiKey === target.apiKey) return known.made;
    const made = this.#make(modelTarget(target), target);
    this.#made.set(key, { apiKey: target.apiKey, made });
    return made;
  }

  sample(): Made | undefined {
    const [first] = this.#made.values();
    if (first) return first.made;
    const { model = "default" } = this.call;
    const target = { name: model, model, provider: "google", account: "none", apiKey: noKey };
    this.#sample ??= this.#make(modelTarget({ ...target, rank: 0 }), { ...target, rank: 0 });
    return this.#sample;
  }
}

function modelOf(fields: object): string | undefined {
  const { model, modelName } = fields as { model?: unknown; modelName?: unknown };
  if (typeof model === "string") return model;
  return typeof modelName === "string" ? modelName : undefined;
}

/** Instances in order of preference. */
class ListSource<Made extends object> implements Source<Made> {
  readonly call: Pick<CallOptions, "candidates">;
  readonly #list: readonly (Made | string)[];
  readonly #build: (name: string, target: ModelTarget) => Promise<Made>;
  readonly #built = new Map<string, Promise<Made>>();

  constructor(
    list: readonly (Made | string)[],
    build: (name: string, target: ModelTarget) => Promise<Made>,
  ) {
    if (list.length === 0)
      throw new TypeError("Holdfast: the list of models is empty: give at least one");
    this.#list = list;
    this.#build = build;
    this.call = {
      candidates: list.map((entry) =>
        typeof entry === "string" ? candidateOfName(entry) : candidateOf(entry),
      ),
    };
  }

  open(target: Target): Made | Promise<Made> {
    const entry = this.#list[target.candidate ?? 0];
    if (entry === undefined)
      throw new RangeError(`Holdfast: there is no candidate ${target.candidate}`);
    if (typeof entry !== "string") return entry;
    const key = `${entry} ${target.name} ${target.apiKey ?? ""}`;
    let built = this.#built.get(key);
    if (!built) {
      built = this.#build(entry, modelTarget(target));
      this.#built.set(key, built);
      // A package that was not installed may be by the next call.
      built.catch(() => this.#built.delete(key));
    }
    return built;
  }

  sample(): Made | undefined {
    return this.#list.find((entry): entry is Made => typeof entry !== "string");
  }
}

function noStrings(name: string): never {
  throw new TypeError(`Holdfast: "${name}" is no model: names in a list work for chat models only`);
}

/** Reads what was given as a source. @throws TypeError when it is none of the forms */
export function sourceOf<Made extends object>(
  input: SourceInput<Made>,
  fields: object = {},
  build: (name: string, target: ModelTarget) => Promise<Made> = async (name) => noStrings(name),
): Source<Made> {
  if (Array.isArray(input)) return new ListSource<Made>(input as readonly (Made | string)[], build);
  if (typeof input !== "function") {
    if (typeof input === "object" && input !== null)
      return new ListSource<Made>([input as Made], build);
    throw new TypeError(`Holdfast: ${String(input)} is no model, class or factory of models`);
  }
  const given = input;
  if (!isClass(given)) return new MadeSource<Made>(given, modelOf(fields));
  if (modelOf(fields) === undefined)
    throw new TypeError(
      `Holdfast: ${given.name} of which model? Give it in the fields: { model: "…" }`,
    );
  const Class = given as new (fields: object) => Made;
  return new MadeSource<Made>((target) => new Class({ ...fields, ...target }), modelOf(fields));
}

/** A chat model from its `initChatModel` name; `langchain` is loaded when the first one is needed. */
export async function buildByName(name: string, target: ModelTarget): Promise<BaseChatModel> {
  const { initChatModel } = await import("langchain");
  const { model, ...fields } = target;
  // Without a provider LangChain takes a Gemini model for one of Vertex AI, where an API key does not serve.
  const bare = !name.includes(":") && candidateOfName(name).provider === "google";
  return initChatModel(bare ? `google-genai:${model}` : name, fields);
}
