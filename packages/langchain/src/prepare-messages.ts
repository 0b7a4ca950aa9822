import { type BaseChatModel } from "@langchain/core/language_models/chat_models";
// Each Google package loses what the other wrote into a tool loop: the calls, or the signatures without which
// Gemini 3 and later refuse the history.
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";

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

function isAnswer(message: BaseMessage): message is AIMessage {
  return message.type === "ai" && message.response_metadata["output_version"] !== "v1";
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
function replaced(message: AIMessage, fields: { content?: Block[]; kwargs?: Block }): AIMessage {
  const { additional_kwargs, response_metadata, id, name, tool_calls = [] } = message;
  return new (message instanceof AIMessageChunk ? AIMessageChunk : AIMessage)({
    content: (fields.content ?? message.content) as AIMessage["content"],
    additional_kwargs: { ...additional_kwargs, ...fields.kwargs },
    response_metadata,
    tool_calls,
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { name }),
  });
}

/** For `ChatGoogle`, which reads calls and signatures from the content alone. */
function forGoogle(message: AIMessage, model: string): AIMessage {
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

function thoughtForGoogle(block: Block): Block {
  if (block["type"] !== "thinking") return block;
  const { thinking, signature } = block;
  const signed = signature === undefined ? {} : { thoughtSignature: signature };
  return { type: "text", text: thinking, thought: true, ...signed };
}

/** For `ChatGoogleGenerativeAI`, which reads signatures from a map beside the content. */
function forGenai(message: AIMessage): AIMessage {
  const known = message.additional_kwargs[signatureMap];
  const signatures = signaturesOf(message);
  const blocks = blocksOf(message);
  const missing = known === undefined && signatures.some((signature) => signature !== undefined);
  const strange = blocks.some((block) => block["thought"] === true);
  if (!missing && !strange) return message;
  const entries = (message.tool_calls ?? []).flatMap(({ id }, at) => {
    const signature = signatures[at];
    return id === undefined || signature === undefined ? [] : [[id, signature]];
  });
  return replaced(message, {
    ...(strange ? { content: blocks.map(thoughtForGenai) } : {}),
    kwargs: { [signatureMap]: known ?? Object.fromEntries(entries) },
  });
}

function thoughtForGenai(block: Block): Block {
  if (block["thought"] !== true) return block;
  const { text, thoughtSignature } = block;
  const signed = thoughtSignature === undefined ? {} : { signature: thoughtSignature };
  return { type: "thinking", thinking: text, ...signed };
}

/** The history as the model that goes on with it can read it: calls and their signatures survive a change of package. */
export const keepCalls: PrepareMessages = (messages, model) => {
  const type = model._llmType();
  if (type !== "google" && type !== "googlegenerativeai") return messages;
  let changed = false;
  const prepared = messages.map((message) => {
    if (!isAnswer(message)) return message;
    const own = type === "google" ? forGoogle(message, nameOf(model)) : forGenai(message);
    changed ||= own !== message;
    return own;
  });
  return changed ? prepared : messages;
};

function nameOf(model: BaseChatModel): string {
  return String((model as { model?: unknown }).model);
}
