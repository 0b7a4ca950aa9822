// Structured output hides the model's answer behind a parser; this sees it.
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { type LLMResult } from "@langchain/core/outputs";

import { Digest } from "./answer.ts";

/** Takes in the answers of the models that run inside a runnable. */
export class AnswerSpy extends BaseCallbackHandler {
  override readonly name: string = "holdfast_answer_spy";
  override awaitHandlers: boolean = true;
  readonly digest: Digest = new Digest();
  /** Whether a model answered at all. */
  answered = false;

  override handleLLMEnd({ generations, llmOutput }: LLMResult): void {
    const generation = generations[0]?.[0];
    const message = (generation as { message?: object } | undefined)?.message;
    if (!message) return;
    this.answered = true;
    this.digest.hear(llmOutput);
    this.digest.hear(generation?.generationInfo);
    this.digest.add(message);
  }
}
