// Where stacks tell nothing (see `finalError`), an agent wraps an error that passes a middleware into one of its own, on
// which no mark of ours is left: a `modelRetryMiddleware` outside of another middleware cannot know that the call is
// over. So the model remembers it.
import { GaveUpError } from "@holdfast/core";
import { type BaseMessage } from "@langchain/core/messages";

import { configurableOf, type Options } from "./bind.ts";

/** What is asked, in one step of an agent. */
interface Question {
  messages: readonly BaseMessage[];
  options: Options;
}

/** One execution of the node in which `createAgent` asks its model; the task's id is part of it. */
const modelStep = /(?:^|\|)model_request:[^|]+$/;

function stepOf(options: Options): string | undefined {
  const { checkpoint_ns: namespace } = configurableOf(options);
  return typeof namespace === "string" && modelStep.test(namespace) ? namespace : undefined;
}

/** Whether two options say the same, as far as that can be seen: objects of a run are made anew each time. */
function alike(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, at) => item === other[at]);
  return one === other || (typeof one === "object" && typeof other === "object");
}

function isSame(one: Question, other: Question): boolean {
  if (!alike(one.messages, other.messages)) return false;
  const [options, others] = [one.options, other.options] as Record<string, unknown>[];
  const names = Object.keys({ ...options, ...others });
  return names.every((name) => alike(options?.[name], others?.[name]));
}

/** Remembers which questions of an agent's steps were given up, as long as their messages live. */
export class StepMemory {
  readonly #given = new WeakMap<BaseMessage, Question & { step: string; error: GaveUpError }>();

  /** @throws GaveUpError the one that this very question ended with, earlier in the same step */
  recall(question: Question): void {
    const step = stepOf(question.options);
    const last = question.messages.at(-1);
    const known = step !== undefined && last && this.#given.get(last);
    if (known && known.step === step && isSame(known, question)) throw known.error;
  }

  /** Notes that a question was given up. */
  note({ messages, options }: Question, error: unknown): void {
    const step = stepOf(options);
    const last = messages.at(-1);
    if (step === undefined || !last || !GaveUpError.isInstance(error)) return;
    this.#given.set(last, { messages, options, step, error });
  }
}
