// Each Google package loses what the other wrote into a tool loop: the calls, or the signatures without which
// Gemini 3 and later refuse the history.
import { type BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk } from "@langchain/core/messages";

import { type PrepareMessages } from "./chat-attempt.ts";

type Block = Record<string, unknown>;
type Call = NonNullable<AIMessage["tool_calls"]>[number] & { thoughtSignature?: string };

/** Where the genai package keeps the signatures, by the id of their call. */
const signatureMap = "__gemini_function_call_thought_signatures__";

/** What Gemini takes for the signature of a call that another model made. */
const noSignature = "skip_thought_signature_validator";
const asksForSignatures = /gemini-(?:[3-9]|\d\d)/;

const callTypes = new Set(["functionCall", "tool_call", "tool_use", "tool_call_chunk"]);
const generatedId = "lc-tool-call-";

/** Whether the content is made of LangChain's standard blocks, as `streamEvents` and `outputVersion: "v1"` make it. */
function isStandard({ response_metadata }: AIMessage): boolean {
  return response_metadata["output_version"] === "v1";
}

function blocksOf({ content }: AIMessage): Block[] {
  if (Array.isArray(content)) return content;
  return content ? [{ type: "text", text: content }] : [];
}

const isCall = (block: Block): boolean => callTypes.has(String(block["type"]));

/** The signature of each call, wherever a package has put it. */
function signaturesOf(message: AIMessage): (string | undefined)[] {
  const byId = (message.additional_kwargs[signatureMap] ?? {}) as Record<string, string>;
  const inContent = blocksOf(message).filter(isCall);
  return (message.tool_calls ?? []).map((call: Call, at) => {
    const signature = byId[call.id ?? ""] ?? call.thoughtSignature;
    return signature ?? (inContent[at]?.["thoughtSignature"] as string | undefined);
  });
}

/** A copy that keeps everything but what is replaced. */
function replaced(
  message: AIMessage,
  fields: { content?: Block[]; kwargs?: Block; metadata?: Block; calls?: Call[] },
): AIMessage {
  const { additional_kwargs, response_metadata, id, name, tool_calls = [] } = message;
  return new (message instanceof AIMessageChunk ? AIMessageChunk : AIMessage)({
    content: (fields.content ?? message.content) as AIMessage["content"],
    additional_kwargs: { ...additional_kwargs, ...fields.kwargs },
    response_metadata: fields.metadata ?? response_metadata,
    tool_calls: fields.calls ?? tool_calls,
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { name }),
  });
}

/** For `ChatGoogle`, which reads calls and signatures from the content alone. */
function forGoogle(message: AIMessage, model: string): AIMessage {
  if (isStandard(message)) return signedForGoogle(message, model);
  const blocks = blocksOf(message);
  const calls: Call[] = message.tool_calls ?? [];
  const signatures = signaturesOf(message);
  const inContent = blocks.filter(isCall);
  const whole =
    inContent.length === calls.length &&
    inContent.every((block, at) => block["thoughtSignature"] === signatures[at]) &&
    (signatures[0] !== undefined || !calls.length || !asksForSignatures.test(model));
  const strange = blocks.some((block) => block["type"] === "thinking");
  if (whole && !strange) return message;
  const made = calls.map(({ name, args, id }, at) => {
    // Only the first of parallel calls carries a signature.
    const stand = at === 0 && asksForSignatures.test(model) ? noSignature : undefined;
    const thoughtSignature = signatures[at] ?? stand;
    const known = id === undefined || id.startsWith(generatedId) ? {} : { id };
    return {
      type: "functionCall",
      functionCall: { name, args, ...known },
      ...(thoughtSignature === undefined ? {} : { thoughtSignature }),
    };
  });
  const rest = blocks.filter((block) => !isCall(block)).map(thoughtForGoogle);
  return replaced(message, { content: [...rest, ...made] });
}

/** Standard blocks it reads well; but the genai package tells neither signatures nor ids in events. */
function signedForGoogle(message: AIMessage, model: string): AIMessage {
  const [first, ...others]: Call[] = message.tool_calls ?? [];
  if (!first || !asksForSignatures.test(model) || signaturesOf(message)[0]) return message;
  return replaced(message, { calls: [{ ...first, thoughtSignature: noSignature }, ...others] });
}

function thoughtForGoogle(block: Block): Block {
  if (block["type"] !== "thinking") return block;
  const { thinking, signature } = block;
  const signed = signature === undefined ? {} : { thoughtSignature: signature };
  return { type: "text", text: thinking, thought: true, ...signed };
}

/** Calls that `ChatGoogleGenerativeAI` would send twice, or not know, for it reads them beside the content as well. */
const doubled = new Set(["tool_call", "tool_use", "tool_call_chunk"]);

/** For `ChatGoogleGenerativeAI`, which reads signatures from a map beside the content. */
function forGenai(message: AIMessage): AIMessage {
  const known = message.additional_kwargs[signatureMap];
  const signatures = signaturesOf(message);
  const calls = message.tool_calls ?? [];
  const blocks = blocksOf(message);
  const once = blocks.filter(({ type }) => calls.length === 0 || !doubled.has(String(type)));
  const content = once.map(thoughtForGenai);
  const changed = once.length < blocks.length || content.some((block, at) => block !== once[at]);
  const missing = known === undefined && signatures.some((signature) => signature !== undefined);
  if (!missing && !changed) return message;
  const entries = calls.flatMap(({ id }, at) => {
    const signature = signatures[at];
    return id === undefined || signature === undefined ? [] : [[id, signature]];
  });
  // A message of standard blocks would take its calls into the content again.
  const { output_version: _, ...metadata } = message.response_metadata;
  return replaced(message, {
    ...(changed ? { content } : {}),
    kwargs: { [signatureMap]: known ?? Object.fromEntries(entries) },
    metadata,
  });
}

function thoughtForGenai(block: Block): Block {
  const { type, text, reasoning, thoughtSignature } = block;
  if (block["thought"] !== true && type !== "reasoning") return block;
  const signed = thoughtSignature === undefined ? {} : { signature: thoughtSignature };
  return { type: "thinking", thinking: type === "reasoning" ? reasoning : text, ...signed };
}

/** The history as the model that goes on with it can read it: calls and their signatures survive a change of package. */
export const keepCalls: PrepareMessages = (messages, model) => {
  const type = model._llmType();
  if (type !== "google" && type !== "googlegenerativeai") return messages;
  let changed = false;
  const prepared = messages.map((message) => {
    if (!AIMessage.isInstance(message)) return message;
    const own = type === "google" ? forGoogle(message, nameOf(model)) : forGenai(message);
    changed ||= own !== message;
    return own;
  });
  return changed ? prepared : messages;
};

function nameOf(model: BaseChatModel): string {
  return String((model as { model?: unknown }).model);
}
