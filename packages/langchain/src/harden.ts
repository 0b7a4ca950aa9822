// One retry authority, and the quirks of the Google packages mended, without touching the caller's instance.
import { type BaseChatModel } from "@langchain/core/language_models/chat_models";

import { isGenai, mendGenai } from "./google-genai.ts";
import { isGoogle, mendGoogle } from "./google.ts";

type Ask = (...args: unknown[]) => Promise<unknown>;

/** The part of an `AsyncCaller` that decides on retries. */
export interface Caller {
  maxConcurrency: number;
  maxRetries: number;
  onFailedAttempt: (error: unknown) => void;
  call(ask: Ask, ...args: unknown[]): Promise<unknown>;
  callWithOptions(options: object, ask: Ask, ...args: unknown[]): Promise<unknown>;
}

const hardened = new WeakMap<BaseChatModel, BaseChatModel>();
const mended = new WeakSet<BaseChatModel>();

/** Whether the model is one that `harden` derived: its retries are off and its sightings complete. */
export function isHardened(model: BaseChatModel): boolean {
  return mended.has(model);
}

/** The same queue, hence the same `maxConcurrency`, but one attempt, whose error arrives as it was thrown. */
export function withoutRetries(caller: Caller): Caller {
  const own = Object.create(caller) as Caller;
  own.maxRetries = 0;
  own.onFailedAttempt = (error) => {
    throw error;
  };
  if (caller.maxConcurrency < Infinity) return own;
  // Neither queue nor retries: who is asked once, and at once, is asked directly.
  own.call = (ask, ...args) => ask(...args);
  own.callWithOptions = (_, ask, ...args) => ask(...args);
  return own;
}

function derive(model: BaseChatModel): BaseChatModel {
  const own = Object.create(model) as Omit<BaseChatModel, "caller"> & { caller: Caller };
  own.caller = withoutRetries(own.caller);
  const made = own as unknown as BaseChatModel;
  mended.add(made);
  hardened.set(made, made);
  return made;
}

/**
 * The model with its own retries off and its quirks mended: for the two Google classes a derived object, so that an
 * instance used elsewhere keeps its ways; any other model as it is (`maxRetries: 0` goes to it with each call).
 */
export function harden(model: BaseChatModel): BaseChatModel {
  let own = hardened.get(model);
  if (own) return own;
  own = model;
  if (isGenai(model)) {
    own = derive(model);
    mendGenai(own as typeof model, model);
  } else if (isGoogle(model)) {
    own = derive(model);
    mendGoogle(own as typeof model, model);
  }
  hardened.set(model, own);
  return own;
}
