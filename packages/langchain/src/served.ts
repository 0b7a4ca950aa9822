// What a message says of who served it, and a message where no model did.
import { type Executed } from "@holdfast/core";
import { AIMessageChunk, type BaseMessage, isBaseMessage } from "@langchain/core/messages";

/** Who served, for whoever reads the message. */
export function mark(
  message: BaseMessage,
  { target, trace, degraded }: Pick<Executed<unknown>, "target" | "trace" | "degraded">,
): void {
  const holdfast: { attempts: number; target?: string; degraded?: true } = {
    attempts: trace.attempts.length,
  };
  if (target) holdfast.target = target.name;
  if (degraded) holdfast.degraded = true;
  message.response_metadata = { ...message.response_metadata, holdfast };
}

/** A policy's last resort as a message. */
export function resortMessage(value: unknown): AIMessageChunk {
  if (value instanceof AIMessageChunk) return value;
  if (!isBaseMessage(value)) return new AIMessageChunk({ content: String(value) });
  const { content, additional_kwargs, response_metadata, id } = value;
  return new AIMessageChunk({
    content,
    additional_kwargs,
    response_metadata,
    ...(id ? { id } : {}),
  });
}
