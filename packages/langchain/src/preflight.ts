// A look at messages before they are sent, through the check that the options bring along.
import { type CallFinding, type CallOptions } from "@holdfast/core";
import { type BaseChatModel } from "@langchain/core/language_models/chat_models";
import { type BaseMessage } from "@langchain/core/messages";
import { type Runnable } from "@langchain/core/runnables";

import { type Options } from "./bind.ts";
import { callOptionsOf } from "./call-settings.ts";
import { candidateOf, candidateOfName, innermost } from "./describe.ts";
import { type Source } from "./source.ts";

/** `preflight` of `@holdfast/core/models`. */
export type Preflight = (
  body: unknown,
  options: { model: string | undefined },
) => readonly CallFinding[];

/** Whose call is looked at, and by what. */
export interface Looking {
  source: Source<Runnable>;
  preflight?: Preflight | undefined;
}

/** One call of a chat model. */
interface Asked {
  messages: readonly BaseMessage[];
  options: Options;
}

/** What the policy is told of a call; with the findings, where it is to be looked at. */
export function lookedAt(looking: Looking, asked: Asked, streaming: boolean): CallOptions {
  const { source, preflight } = looking;
  const call = callOptionsOf(source.call, asked, streaming);
  if (!preflight) return call;
  const model = askedOfGoogle(source);
  if (model === undefined) return call;
  return { ...call, findings: preflight(bodyOf(source, asked), { model }) };
}

/** The model asked for, where it is one of Google's: the check knows the rules of no other. */
function askedOfGoogle(source: Source<Runnable>): string | undefined {
  const [first] = source.call.candidates ?? [];
  const sample = first === undefined ? source.sample() : undefined;
  const candidate =
    typeof first === "string" ? candidateOfName(first) : (first ?? (sample && candidateOf(sample)));
  if (candidate?.provider !== "google") return undefined;
  return source.call.model ?? candidate.model;
}

/** The body that Google's packages will make of a call, as far as a check looks. */
function bodyOf(source: Source<Runnable>, { messages, options }: Asked): object {
  const said = messages.filter((message) => message.type !== "system" && !isNothing(message));
  const system = messages.filter(({ type }) => type === "system").flatMap(partsOf);
  return {
    contents: said.map((message) => ({
      role: message.type === "ai" ? "model" : "user",
      parts: partsOf(message),
    })),
    ...(system.length > 0 ? { systemInstruction: { parts: system } } : {}),
    ...settingsOf(source, options),
  };
}

/** An answer that came without anything is left out by the packages, or filled in. */
const isNothing = (message: BaseMessage): boolean =>
  message.type === "ai" && message.content.length === 0;

/** Texts as they are; of anything else, only that it is there. */
function partsOf({ content }: BaseMessage): object[] {
  if (typeof content === "string") return [{ text: content }];
  return content.map((block) =>
    block.type === "text" && "text" in block ? { text: block.text } : { inlineData: {} },
  );
}

/** The settings that the model was made with and those of the call, put into Gemini's words by the model itself. */
function settingsOf(source: Source<Runnable>, options: Options): object {
  const sample = source.sample();
  const model = sample && (innermost(sample) as Partial<BaseChatModel>);
  try {
    const params = model?.invocationParams?.(options) as { generationConfig?: object } | undefined;
    return params?.generationConfig ? { generationConfig: params.generationConfig } : {};
  } catch {
    // A setting that the model itself refuses is refused again, with its own words, when the call is made.
    return {};
  }
}
