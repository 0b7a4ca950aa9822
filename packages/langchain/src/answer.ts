// LangChain's messages in the normal form by which core judges an answer.
import { type Answer, type AttemptedDetails, type Settlement } from "@holdfast/core";
import { type ChatModelStreamEvent } from "@langchain/core/language_models/event";
import { type BaseMessage } from "@langchain/core/messages";

import { type Sighting } from "./sighting.ts";

/** What is read of an AI message or a chunk of one. */
interface AnswerShape {
  content: BaseMessage["content"];
  tool_calls?: readonly unknown[];
  invalid_tool_calls?: readonly unknown[];
  tool_call_chunks?: readonly unknown[];
  usage_metadata?: {
    input_tokens?: number;
    output_tokens?: number;
    input_token_details?: { cache_read?: number };
  };
  response_metadata?: Readonly<Record<string, unknown>>;
  additional_kwargs?: Readonly<Record<string, unknown>>;
}

const reasoning = new Set(["thinking", "reasoning"]);
/** Whether a block of content is what a model thought, and no answer. */
export function isThought(block: object): boolean {
  const { type = "", thought } = block as { type?: string; thought?: unknown };
  return thought === true || reasoning.has(type);
}

const calls = new Set(["functionCall", "tool_call", "tool_call_chunk", "tool_use"]);

function isFilled(block: object): boolean {
  return Object.entries(block).some(
    ([key, value]) => key !== "type" && key !== "index" && value !== "" && value !== undefined,
  );
}

/** Whether a value looks like an AI message or a chunk of one. */
function isAnswerShape(value: unknown): value is AnswerShape {
  if (typeof value !== "object" || value === null || !("content" in value)) return false;
  return typeof value.content === "string" || Array.isArray(value.content);
}

/** Whether a chunk hands something on: the commit point of a stream. */
export function hasContent(chunk: unknown): boolean {
  if (typeof chunk === "string") return chunk !== "";
  if (!isAnswerShape(chunk)) return chunk !== undefined && chunk !== null;
  if (chunk.tool_call_chunks?.length || chunk.tool_calls?.length) return true;
  if (typeof chunk.content === "string") return chunk.content !== "";
  return chunk.content.some((block) => typeof block === "object" && isFilled(block));
}

/** Whether an event of `streamEvents` hands something on. */
export function eventHasContent(event: ChatModelStreamEvent): boolean {
  if (event.event === "content-block-delta") return true;
  if (event.event !== "content-block-start" && event.event !== "content-block-finish") return false;
  return isFilled(event.content);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

const finishKeys = ["finishReason", "finish_reason", "stop_reason"];
const modelKeys = ["model", "model_name", "modelVersion"];

function firstText(
  said: Readonly<Record<string, unknown>>,
  names: readonly string[],
): string | undefined {
  for (const name of names) {
    const value = textOf(said[name]);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** A chunk has its calls twice: as they came, and as far as they could be read. */
function callsIn({ tool_call_chunks, tool_calls, invalid_tool_calls }: AnswerShape): number {
  if (tool_call_chunks?.length) return tool_call_chunks.length;
  return (tool_calls?.length ?? 0) + (invalid_tool_calls?.length ?? 0);
}

/** Collects, chunk by chunk, what the answer as a whole was. */
export class Digest {
  readonly sighting: Sighting;
  #text = "";
  #toolCalls = 0;
  #parts = 0;
  #input: number | undefined;
  #output: number | undefined;
  #cached = 0;
  #finishReason: string | undefined;
  #finishMessage: string | undefined;
  #modelVersion: string | undefined;

  constructor(sighting: Sighting = {}) {
    this.sighting = sighting;
  }

  /** How the answer ended, as the provider said it; absent where it never did. */
  get finishReason(): string | undefined {
    const { finishReason, streamed } = this.sighting;
    // What a stream that was looked at lacks was never said, whatever a conversion claims.
    return finishReason ?? (streamed ? undefined : this.#finishReason);
  }

  /** Whether a stream that is over broke off: Gemini always says how an answer ends. */
  get cut(): boolean {
    return this.sighting.streamed === true && this.sighting.finishReason === undefined;
  }

  /** Takes in a message, a chunk of one, or any other value that a runnable answers. */
  add(value: unknown): void {
    if (!isAnswerShape(value)) return this.#addOther(value);
    this.#addContent(value.content);
    this.#toolCalls += callsIn(value);
    this.#addUsage(value.usage_metadata);
    this.hear(value.additional_kwargs);
    this.hear(value.response_metadata);
  }

  /** Takes in what a model keeps beside a message. */
  hear(said: Readonly<Record<string, unknown>> | undefined): void {
    if (!said) return;
    this.#finishReason = firstText(said, finishKeys) ?? this.#finishReason;
    this.#finishMessage = textOf(said["finishMessage"]) ?? this.#finishMessage;
    this.#modelVersion = firstText(said, modelKeys) ?? this.#modelVersion;
  }

  /** Takes in an event of `streamEvents`. */
  addEvent(event: ChatModelStreamEvent): void {
    if (event.event === "content-block-delta") {
      if (event.delta.type === "text-delta") this.#text ||= event.delta.text;
    } else if (event.event === "content-block-finish") {
      this.#addContent([event.content]);
    } else if (event.event === "message-finish") {
      this.#finishReason = event.reason;
      if (event.usage) this.#setUsage(event.usage);
    }
  }

  /** What core is told. */
  about(): AttemptedDetails {
    const { finishReason } = this;
    const { blockReason } = this.sighting;
    const answer: Answer = { toolCalls: this.#toolCalls, parts: this.#parts };
    // Core asks after parts only where no text is spoken of.
    if (this.#text !== "" || this.#parts === 0) answer.text = this.#text;
    if (finishReason !== undefined) answer.finishReason = finishReason;
    if (blockReason !== undefined) answer.blockReason = blockReason;
    if (this.#finishMessage !== undefined) answer.finishMessage = this.#finishMessage;
    const about: AttemptedDetails = this.settlement();
    about.answer = answer;
    return about;
  }

  /** What is known at the end of a stream. */
  settlement(): Settlement {
    const settlement: Settlement = {};
    const modelVersion = this.sighting.modelVersion ?? this.#modelVersion;
    if (modelVersion !== undefined) settlement.modelVersion = modelVersion;
    if (this.#input === undefined && this.#output === undefined) return settlement;
    settlement.usage = {};
    if (this.#input !== undefined) settlement.usage.inputTokens = this.#input;
    if (this.#output !== undefined) settlement.usage.outputTokens = this.#output;
    if (this.#cached) settlement.usage.cachedInputTokens = this.#cached;
    return settlement;
  }

  #addContent(content: string | readonly unknown[]): void {
    if (typeof content === "string") {
      this.#text ||= content;
      return;
    }
    for (const block of content) {
      if (typeof block === "string") this.#text ||= block;
      else if (typeof block === "object" && block !== null) this.#addBlock(block);
    }
  }

  #addBlock(block: { type?: string; text?: unknown }): void {
    const { type = "" } = block;
    if (type === "text") this.#text ||= textOf(block.text) ?? "";
    else if (!reasoning.has(type) && !calls.has(type)) this.#parts += 1;
    else if (type === "tool_call") this.#toolCalls += 1;
  }

  #addOther(value: unknown): void {
    if (typeof value === "string") this.#text ||= value;
    else if (value !== undefined && value !== null) this.#parts += 1;
  }

  /** Chunks carry the difference to the chunk before. */
  #addUsage(usage: AnswerShape["usage_metadata"]): void {
    if (!usage) return;
    this.#input = (this.#input ?? 0) + (usage.input_tokens ?? 0);
    this.#output = (this.#output ?? 0) + (usage.output_tokens ?? 0);
    this.#cached += usage.input_token_details?.cache_read ?? 0;
  }

  #setUsage(usage: { input_tokens?: number; output_tokens?: number }): void {
    this.#input = usage.input_tokens ?? this.#input;
    this.#output = usage.output_tokens ?? this.#output;
  }
}
