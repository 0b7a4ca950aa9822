// What a policy answers with when all is lost, in the shape that the SDK expects of a model.
import {
  type HostFinishReason,
  type HostResult,
  type HostStreamPart,
  type HostUsage,
} from "./host-types.ts";

/** The end of a generation, in the words of a specification. */
export function finishReason(specification: string, unified: "stop" | "error"): HostFinishReason {
  return specification === "v2" ? unified : { unified, raw: undefined };
}

/** A usage of which nothing is known. */
export function unknownUsage(specification: string): HostUsage {
  return specification === "v2"
    ? { inputTokens: undefined, outputTokens: undefined }
    : { inputTokens: { total: undefined }, outputTokens: { total: undefined } };
}

/** A last resort that is text becomes a generation; anything else has to be one already. */
export function lastResort(value: unknown, specification: string): HostResult {
  if (typeof value !== "string") return value as HostResult;
  return {
    content: [{ type: "text", text: value }],
    finishReason: finishReason(specification, "stop"),
    usage: unknownUsage(specification),
    warnings: [],
  };
}

/** The same as the parts of a stream. */
export function lastResortParts(value: unknown, specification: string): HostStreamPart[] {
  const {
    content = [],
    finishReason: reason,
    usage,
    warnings = [],
  } = lastResort(value, specification);
  const text = content.map((part) => (part.type === "text" ? String(part.text) : "")).join("");
  return [
    { type: "stream-start", warnings },
    { type: "text-start", id: "last-resort" },
    { type: "text-delta", id: "last-resort", delta: text },
    { type: "text-end", id: "last-resort" },
    {
      type: "finish",
      finishReason: reason ?? finishReason(specification, "stop"),
      usage: usage ?? unknownUsage(specification),
    },
  ];
}
