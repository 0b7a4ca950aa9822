// Structured output is the candidate's own affair: each has its way to it, and its own parser.
import { type Policy, type Target } from "@holdfast/core";
import { type StructuredOutputMethodOptions } from "@langchain/core/language_models/base";
import { type BaseChatModel } from "@langchain/core/language_models/chat_models";
import { type Runnable } from "@langchain/core/runnables";

import { bind } from "./bind.ts";
import { innermost } from "./describe.ts";
import { HoldfastRunnable } from "./runnable.ts";
import { type Source } from "./source.ts";

/** What is asked of every candidate. */
export interface StructuredRequest {
  schema: never;
  config: StructuredOutputMethodOptions<boolean> | undefined;
}

/** The source of the candidates' structured outputs, each made once. */
class StructuredSource implements Source<Runnable> {
  readonly call: Source<Runnable>["call"];
  readonly #models: Source<Runnable>;
  readonly #request: StructuredRequest;
  readonly #made = new WeakMap<Runnable, Runnable>();
  readonly #whole = new WeakSet<Runnable>();

  constructor(models: Source<Runnable>, request: StructuredRequest) {
    this.call = models.call;
    this.#models = models;
    this.#request = request;
  }

  async open(target: Target): Promise<Runnable> {
    const candidate = await this.#models.open(target);
    const known = this.#made.get(candidate);
    if (known) return known;
    const { model, options } = await bind(candidate, {});
    // What was bound to a candidate is said with each call of what is made of it.
    const made = this.make(model).withConfig(options);
    this.#made.set(candidate, made);
    // The parser of tool calls chokes on the blocks that this package streams.
    if (model._llmType() === "google" && this.#request.config?.method !== "jsonSchema")
      this.#whole.add(made);
    return made;
  }

  /** Whether the output of one of these comes in one part. */
  isWhole(made: Runnable): boolean {
    return this.#whole.has(made);
  }

  sample(): undefined {
    return undefined;
  }

  make(model: BaseChatModel): Runnable {
    const { schema, config } = this.#request;
    return model.withStructuredOutput(schema, config as StructuredOutputMethodOptions);
  }
}

/**
 * A runnable that asks one candidate after the other for structured output; an answer that cannot be parsed counts as
 * a failed attempt.
 * @throws what the first candidate throws for a schema or a method that it does not know
 */
export function structuredOutput(
  policy: Policy,
  models: Source<Runnable>,
  request: StructuredRequest,
): HoldfastRunnable<unknown, unknown> {
  const source = new StructuredSource(models, request);
  const sample = models.sample();
  if (sample) source.make(innermost(sample) as BaseChatModel);
  return new HoldfastRunnable({
    policy,
    source,
    name: "HoldfastStructuredOutput",
    judged: true,
    whole: (made) => source.isWhole(made),
  });
}
