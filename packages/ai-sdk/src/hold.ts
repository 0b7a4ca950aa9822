import { HeldModel, heldMethods } from "./held-model.ts";
import { type AnyModel, type HostLanguageModel } from "./host-types.ts";
import { HeldLanguageModel } from "./language-model.ts";
import { type Route } from "./route.ts";

function has(model: object, method: string): boolean {
  return typeof (model as Record<string, unknown>)[method] === "function";
}

/** Whether a model is a language model; speech and transcription models can stream too, but read no URLs. */
function isLanguageModel(model: object): model is HostLanguageModel {
  return has(model, "doStream") && has(model, "doGenerate") && "supportedUrls" in model;
}

/** Whether a value is a model of a family whose calls can live under a policy. */
export function isModel(value: unknown): value is AnyModel {
  return (
    typeof value === "object" &&
    value !== null &&
    "modelId" in value &&
    (has(value, "doStream") || heldMethods.some((method) => has(value, method)))
  );
}

/** The family of a model, as far as its methods tell. */
export function familyOf(model: AnyModel): string {
  if (isLanguageModel(model)) return "language";
  return heldMethods.find((method) => has(model, method)) ?? "doStream";
}

/** A model that holds fast. */
export function hold(route: Route): AnyModel {
  return isLanguageModel(route.base)
    ? new HeldLanguageModel(route as Route<HostLanguageModel>)
    : new HeldModel(route);
}
