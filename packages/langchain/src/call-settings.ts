import { type CallOptions, type Policy } from "@holdfast/core";
import { type BaseMessage } from "@langchain/core/messages";

import { configurableOf, hasProviderTools, type Options } from "./bind.ts";
import { type Source } from "./source.ts";

const charactersPerToken = 4;

function lengthOf({ content }: BaseMessage): number {
  if (typeof content === "string") return content.length;
  const texts = content.map((block) => ("text" in block ? String(block.text).length : 0));
  return texts.reduce((sum, length) => sum + length, 0);
}

function estimateTokens(messages: readonly BaseMessage[]): number {
  let characters = 0;
  for (const message of messages) characters += lengthOf(message);
  return Math.ceil(characters / charactersPerToken);
}

/** A thread, or a tool loop: agents give the first message an identity, and it stays the first. */
function conversationOf(options: Options, messages: readonly BaseMessage[]): string | undefined {
  const { thread_id: thread } = configurableOf(options);
  if (typeof thread === "string") return thread;
  return messages.find(({ type }) => type === "human")?.id;
}

/** What the policy is told of one call of a chat model. */
export function callOptionsOf(
  call: Source<object>["call"],
  { messages, options }: { messages: readonly BaseMessage[]; options: Options },
  streaming: boolean,
): CallOptions {
  const { holdfast, signal } = options;
  const affinity = conversationOf(options, messages);
  const own: CallOptions = {
    ...call,
    streaming,
    input: messages,
    tokens: estimateTokens(messages),
  };
  if (signal) own.signal = signal;
  if (affinity !== undefined) own.affinity = affinity;
  if (hasProviderTools(options.tools)) own.unsafe = true;
  return holdfast ? Object.assign(own, holdfast) : own;
}

/**
 * Looks that no key can go astray: an account's key goes to the account's endpoint, not to one that the fields name.
 * @throws TypeError that says where the endpoint belongs
 */
export function checkFields(policy: Policy, fields: object): void {
  const { baseUrl, endpoint } = fields as { baseUrl?: unknown; endpoint?: unknown };
  const elsewhere = baseUrl ?? endpoint;
  if (typeof elsewhere !== "string") return;
  const astray = policy.settings.accounts.find(
    ({ apiKey, baseURL }) => apiKey !== undefined && baseURL === undefined,
  );
  if (!astray) return;
  throw new TypeError(
    `Holdfast: the fields name the endpoint ${elsewhere}, and the key of the account "${astray.name}" is not for it: ` +
      "give the account the baseURL instead",
  );
}
