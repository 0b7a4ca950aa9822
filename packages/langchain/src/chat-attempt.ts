// One attempt of a chat model: what is sent, and what came of it.
import {
  type AttemptContext,
  attempted,
  type Attempted,
  type Executed,
  type Policy,
  type Target,
} from "@holdfast/core";
import { type BaseChatModel } from "@langchain/core/language_models/chat_models";
import { type BaseMessage } from "@langchain/core/messages";
import { type Runnable } from "@langchain/core/runnables";

import { after } from "./after.ts";
import { Digest } from "./answer.ts";
import { bind, type Options } from "./bind.ts";
import { type Preflight } from "./preflight.ts";
import { type Sighting, sightingKey } from "./sighting.ts";
import { type Source } from "./source.ts";
import { type StepMemory } from "./step-memory.ts";

/** Makes the history of a conversation readable for the model that is to go on with it. */
export type PrepareMessages = (messages: BaseMessage[], model: BaseChatModel) => BaseMessage[];

/** What the attempts of one chat model have in common. */
export interface Chat {
  policy: Policy;
  source: Source<Runnable>;
  prepareMessages: PrepareMessages;
  preflight?: Preflight | undefined;
  memory: StepMemory;
}

/** One call: what is asked, with the call options. */
export interface Asked {
  messages: BaseMessage[];
  options: Options;
}

/** A candidate ready to be asked. */
export interface Ready {
  model: BaseChatModel;
  messages: BaseMessage[];
  options: Options;
  digest: Digest;
}

/**
 * Opens the target, binds the tools to it, prepares the messages. `options` are a copy for this attempt alone, with its
 * signal.
 */
export function ready(
  { source, prepareMessages }: Chat,
  options: Options,
  { target, context }: { target: Target; context: AttemptContext },
): Ready | Promise<Ready> {
  // Only Holdfast understands it.
  if (options.holdfast) delete options.holdfast;
  const bound = after(source.open(target), (candidate) => bind(candidate, options));
  return after(bound, ({ model, options: own }) => {
    const sighting: Sighting = {};
    own[sightingKey] = sighting;
    return {
      model,
      messages: prepareMessages(context.input as BaseMessage[], model),
      options: own,
      digest: new Digest(sighting),
    };
  });
}

/** An answer; or, when first tokens of it have left already, the promise of one. */
export interface Result<T> {
  value: T | Promise<T>;
  /** Who went on with an answer that broke off, once it is there. */
  served?: () => Executed<unknown> | undefined;
}

/** How an answer is read. */
interface Reading<T> {
  digest: Digest;
  /** How the digest takes it in. @default as a message */
  note?: (digest: Digest, value: T) => void;
}

const asMessage = (digest: Digest, value: unknown): void => digest.add(value);

/** Waits for a whole answer. */
export function whole<T>(
  running: Promise<T>,
  { digest, note = asMessage }: Reading<T>,
): Promise<Attempted<Result<T>>> {
  return running.then((value) => {
    note(digest, value);
    return attempted({ value }, digest.about());
  });
}
