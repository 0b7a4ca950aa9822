// What one call may hold and whether two may run at once, promised on behalf of every model that may have to serve it.
import { type AnyModel } from "./host-types.ts";

/** Under which an embedding model says how many bytes of text one call may hold. */
export const bytes: symbol = Symbol.for("vercel.ai.embeddingModel.maxInputBytesPerCall");

/** Whether a property says how much one call may hold. */
export function isLimit(name: PropertyKey): boolean {
  return name === bytes || (typeof name === "string" && /^max[A-Z]\w*PerCall$/.test(name));
}

type Limit = number | null | undefined;

/** A limit may be a number, a promise of one, or a function of the model's id. */
function limitOf(model: AnyModel, name: PropertyKey): Limit | PromiseLike<Limit> {
  const limit: unknown = Reflect.get(model, name);
  if (typeof limit !== "function") return limit as Limit;
  const ask = limit as (about: { modelId: string }) => Limit | PromiseLike<Limit>;
  return ask.call(model, { modelId: model.modelId });
}

/** The least of them; where one says nothing, the SDK's own default counts for images, and no limit for embeddings. */
function least(limits: readonly Limit[], unsaid: "default" | "unlimited"): Limit {
  const said = limits.filter((limit): limit is number => typeof limit === "number");
  if (unsaid === "default" && said.length < limits.length) return undefined;
  return said.length > 0 ? Math.min(...said) : undefined;
}

/** A limit that all models keep. */
export function commonLimit(
  models: readonly AnyModel[],
  name: PropertyKey,
): Limit | Promise<Limit> {
  const unsaid = name === bytes || name === "maxEmbeddingsPerCall" ? "unlimited" : "default";
  const limits = models.map((model) => limitOf(model, name));
  if (limits.every((limit) => typeof limit !== "object" || limit === null))
    return least(limits, unsaid);
  return Promise.all(limits.map(async (limit) => limit)).then((all) => least(all, unsaid));
}

/** Whether all models serve several calls at once. */
export function allParallel(models: readonly AnyModel[]): boolean | Promise<boolean> {
  const said = models.map((model) => Reflect.get(model, "supportsParallelCalls") as unknown);
  if (said.every((one) => typeof one !== "object")) return said.every(Boolean);
  return Promise.all(said.map(async (one) => one)).then((all) => all.every(Boolean));
}
