import { type Executed } from "@holdfast/core";

import { type HostStreamPart } from "./host-types.ts";
import { type StreamHead } from "./stream-head.ts";
import { type HostWarning } from "./warning.ts";

/** Hands on the parts up to the first content, with the true model's name in them and what is to be said of the call. */
export function introduce(
  { target, value: { held } }: Executed<StreamHead>,
  warnings: readonly HostWarning[],
  handOn: (part: HostStreamPart) => void,
): void {
  const modelId = target?.model;
  let told = held.some(({ type }) => type === "response-metadata");
  for (const part of held) {
    if (part.type === "stream-start") handOn(withWarnings(part, warnings));
    else if (part.type === "response-metadata")
      handOn({ ...part, modelId: part.modelId ?? modelId });
    else {
      if (!told) handOn({ type: "response-metadata", modelId });
      told = true;
      handOn(part);
    }
  }
}

function withWarnings(part: HostStreamPart, warnings: readonly HostWarning[]): HostStreamPart {
  return warnings.length > 0
    ? { ...part, warnings: [...(part.warnings ?? []), ...warnings] }
    : part;
}
