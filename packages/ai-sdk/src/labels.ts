// Whose credentials a model carries that was made elsewhere: nobody tells, but models of one provider share something.
import { type AnyModel } from "./host-types.ts";

/** The provider as accounts name it: `google` for `google.generative-ai`, `openai` for `openai.responses`. */
export function providerName({ provider }: AnyModel): string {
  if (provider.startsWith("google.vertex")) return "google-vertex";
  return provider.split(".", 1)[0] ?? provider;
}

const labels = new WeakMap<object, string>();
const counts = new Map<string, number>();

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** Models that one provider instance made share the function that gives their headers. */
function originOf(model: AnyModel): object {
  const { config } = model as { config?: { headers?: unknown } };
  return isObject(config?.headers) ? config.headers : model;
}

/** A name for the account that a model's own credentials belong to, the same for all models of one provider instance. */
export function accountLabel(model: AnyModel): string {
  const origin = originOf(model);
  const known = labels.get(origin);
  if (known !== undefined) return known;
  const name = providerName(model);
  const number = (counts.get(name) ?? 0) + 1;
  counts.set(name, number);
  const label = `own-${name}${number === 1 ? "" : `-${number}`}`;
  labels.set(origin, label);
  return label;
}
