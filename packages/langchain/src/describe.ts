// What a policy needs to know of a model that somebody else has built.
import { type Candidate } from "@holdfast/core";
import { type Runnable, RunnableBinding } from "@langchain/core/runnables";

/** The fields that chat models, embeddings and their clients usually have. */
interface Described {
  model?: unknown;
  modelName?: unknown;
  apiKey?: unknown;
  baseUrl?: unknown;
  endpoint?: unknown;
  _llmType?: () => string;
  _defaultConfig?: { model?: unknown; modelProvider?: unknown };
}

const googleModel = /^(models\/)?(gemini|gemma|learnlm)/;
const google = /^(google|googlegenerativeai|google[-_]genai)$/;

/** Google under its many LangChain names, else the name as it is. */
function providerOf(name: string): string {
  return google.test(name) ? "google" : name;
}

/** FNV-1a: tells credentials apart, the same in every process, and says nothing of them. */
function fingerprint(secret: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < secret.length; index += 1)
    hash = Math.imul(hash ^ secret.charCodeAt(index), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0").slice(0, 6);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value ? value : undefined;
}

/** Unwraps `bind`, `withConfig` and `bindTools`. */
export function innermost(given: object): object {
  let inner = given;
  while (RunnableBinding.isRunnableBinding(inner)) inner = inner.bound;
  return inner;
}

/** `provider:model`, as `initChatModel` reads it; what is not Google's finds its key in the environment. */
export function candidateOfName(name: string): Candidate {
  const [, prefix, rest] = /^([\w-]+):(.+)$/s.exec(name) ?? [];
  const model = rest ?? name;
  const provider = prefix ? providerOf(prefix) : googleModel.test(name) ? "google" : "environment";
  return provider === "google" ? { model, provider } : { model, provider, account: "environment" };
}

const anonymous = new WeakMap<object, number>();
let lastAnonymous = 0;

/** The number of an object that has no better name. */
function numberOf(value: object): number {
  const known = anonymous.get(value);
  if (known !== undefined) return known;
  lastAnonymous += 1;
  anonymous.set(value, lastAnonymous);
  return lastAnonymous;
}

/** Tells credentials apart. Without a key to be seen, an instance stands for itself. */
function accountOf(inner: object): string {
  const { apiKey, baseUrl, endpoint } = inner as Described;
  const key = text(apiKey);
  if (key === undefined) return `own-${numberOf(inner)}`;
  return `own-${fingerprint(`${key} ${text(baseUrl) ?? text(endpoint) ?? ""}`)}`;
}

/** The candidate that an instance is: it has credentials of its own, and instances that share them share their fate. */
export function candidateOf(given: object): Candidate {
  const inner = innermost(given);
  const { model, modelName, _llmType, _defaultConfig: preset } = inner as Described;
  const name = text(model) ?? text(modelName) ?? text(preset?.model);
  const type = text(preset?.modelProvider) ?? _llmType?.call(inner) ?? "runnable";
  return {
    model:
      name?.replace(/^models\//, "") ??
      (inner as Partial<Runnable>).getName?.() ??
      inner.constructor.name,
    provider: providerOf(type),
    account: accountOf(inner),
  };
}
