import { type Executed } from "@holdfast/core";

import { type HostStreamPart } from "./host-types.ts";
import { type StreamHead } from "./stream-head.ts";
import { type HostWarning } from "./warning.ts";

/** The parts up to the first content, with the true model's name in them and what is to be said of the call. */
export function* introduce(
  { target, value: { held } }: Executed<StreamHead>,
  warnings: readonly HostWarning[],
): Generator<HostStreamPart> {
  const modelId = target?.model;
  let told = held.some(({ type }) => type === "response-metadata");
  for (const part of held) {
    if (part.type === "stream-start") yield withWarnings(part, warnings);
    else if (part.type === "response-metadata") yield { ...part, modelId: part.modelId ?? modelId };
    else {
      if (!told) yield { type: "response-metadata", modelId };
      told = true;
      yield part;
    }
  }
}

function withWarnings(part: HostStreamPart, warnings: readonly HostWarning[]): HostStreamPart {
  return warnings.length > 0
    ? { ...part, warnings: [...(part.warnings ?? []), ...warnings] }
    : part;
}
