import { type CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";

/** A text, a thought, a call of a tool, or where the stream breaks. */
type Part = string | { thought: string } | { call: string } | Error;

function fieldsOf(part: Exclude<Part, Error>): ConstructorParameters<typeof AIMessageChunk>[0] {
  if (typeof part === "string") return part;
  if ("call" in part)
    return { content: "", tool_call_chunks: [{ name: part.call, args: "{}", id: "1" }] };
  return { content: [{ type: "reasoning", reasoning: part.thought, index: 7 }] };
}

/** Speaks its parts, tells its run each of them, and breaks where a part is an error. */
export class Speaker extends BaseChatModel {
  readonly asked: BaseMessage[][] = [];
  readonly #speeches: (readonly Part[])[];

  constructor(...speeches: (readonly Part[])[]) {
    super({});
    this.#speeches = speeches;
  }

  override _llmType(): string {
    return "speaker";
  }

  override _generate(): never {
    throw new Error("it only streams");
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    _options: unknown,
    manager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    this.asked.push(messages);
    for (const part of this.#speeches[this.asked.length - 1] ?? []) {
      if (part instanceof Error) throw part;
      const text = typeof part === "string" ? part : "";
      const message = new AIMessageChunk(fieldsOf(part));
      const chunk = new ChatGenerationChunk({ text, message });
      yield chunk;
      const place = { prompt: 0, completion: 0 };
      await manager?.handleLLMNewToken(text, place, undefined, undefined, undefined, { chunk });
    }
  }
}

/** What a connection that breaks in mid-stream leaves behind. */
export const broken = (): Error =>
  Object.assign(new TypeError("terminated"), { cause: { code: "UND_ERR_SOCKET" } });
