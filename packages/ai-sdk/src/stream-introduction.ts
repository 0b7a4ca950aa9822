import { type Executed } from "@holdfast/core";

import { type HostLanguageModel, type HostStreamPart } from "./host-types.ts";
import { type Route } from "./route.ts";
import { type StreamHead } from "./stream-head.ts";
import { substitution } from "./warning.ts";

/** The parts up to the first content, with the true model's name in them and a warning where it is not the one asked for. */
export function* introduce(
  route: Route<HostLanguageModel>,
  executed: Executed<StreamHead>,
): Generator<HostStreamPart> {
  const modelId = executed.target?.model;
  const { held } = executed.value;
  let told = held.some(({ type }) => type === "response-metadata");
  for (const part of held) {
    if (part.type === "stream-start") yield withWarning(part, substitution(route, executed));
    else if (part.type === "response-metadata") yield { ...part, modelId: part.modelId ?? modelId };
    else {
      if (!told) yield { type: "response-metadata", modelId };
      told = true;
      yield part;
    }
  }
}

function withWarning(part: HostStreamPart, warning: unknown): HostStreamPart {
  return warning ? { ...part, warnings: [...(part.warnings ?? []), warning] } : part;
}
