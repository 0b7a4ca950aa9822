// The model catalogue is a bundle of its own, so it is imported by its public name, like any other package would.
import { modelFacts, printableName } from "@holdfast/core/models";

import { type ModelFacts } from "./options.ts";

export { type Endpoint, splitVersion, withVersion } from "@holdfast/core/models";
export { printableName };

let facts: ModelFacts | undefined;

/** What is known of Gemini's models, made when it is first asked for. */
export function defaultModels(): ModelFacts {
  facts ??= modelFacts();
  return facts;
}
