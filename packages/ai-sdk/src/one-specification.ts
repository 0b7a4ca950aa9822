import { type AnyModel } from "./host-types.ts";

/**
 * Refuses models of two specifications: which of them fails must not decide whether the next can be called at all.
 * @throws TypeError with the way out
 */
export function checkOneSpecification(base: AnyModel, others: readonly AnyModel[]): void {
  for (const { modelId, specificationVersion: version } of others)
    if (version !== base.specificationVersion)
      throw new TypeError(
        `Holdfast: ${modelId} is a ${version} model and ${base.modelId} a ${base.specificationVersion} one: ` +
          "install providers of the same AI SDK version, or bring the older one up with wrapLanguageModel({ model, middleware: [] }) and a list of models",
      );
}
