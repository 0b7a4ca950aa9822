// Agents stream inside `invoke`: what has left through a callback cannot be taken back.
import {
  BaseCallbackHandler,
  callbackHandlerPrefersChatModelStreamEvents,
  callbackHandlerPrefersStreaming,
  type NewTokenIndices,
} from "@langchain/core/callbacks/base";
import {
  type CallbackManager,
  type CallbackManagerForLLMRun,
} from "@langchain/core/callbacks/manager";
import { type BaseChatModel } from "@langchain/core/language_models/chat_models";
import { type ChatModelStreamEvent } from "@langchain/core/language_models/event";

import { eventHasContent, hasContent } from "./answer.ts";

/** Notices the first token that leaves an attempt, and each one after it. */
export class TokenSpy extends BaseCallbackHandler {
  override readonly name: string = "holdfast_token_spy";
  override awaitHandlers: boolean = true;
  /** Whether something has been handed on. */
  emitted = false;
  /** The message that events tell of. */
  messageId: string | undefined;
  /** Resolves with the first token. */
  readonly first: Promise<void>;
  /** Called with each token. */
  onToken: () => void = () => undefined;
  #resolve: () => void = () => undefined;

  constructor() {
    super();
    this.first = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Notes a token. */
  note(): void {
    this.emitted = true;
    this.#resolve();
    this.onToken();
  }

  // LangChain dictates the parameters.
  // oxlint-disable-next-line max-params
  override handleLLMNewToken(
    token: string,
    _index: NewTokenIndices,
    _runId: string,
    _parentRunId?: string,
    _tags?: string[],
    fields?: { chunk?: unknown },
  ): void {
    const { chunk } = fields ?? {};
    const message = (chunk as { message?: unknown } | undefined)?.message;
    if (token || (message !== undefined && hasContent(message))) this.note();
  }

  override handleChatModelStreamEvent(event: ChatModelStreamEvent): void {
    if (event.event === "message-start") this.messageId = event.id;
    if (eventHasContent(event)) this.note();
  }
}

/** A spy on the child run of an attempt, where anybody is there to see its tokens. */
export function spyOn(
  manager: CallbackManager | undefined,
  model: BaseChatModel,
): TokenSpy | undefined {
  const watched =
    streamsInside(model) ||
    manager?.handlers.some(
      (handler) =>
        callbackHandlerPrefersStreaming(handler) ||
        callbackHandlerPrefersChatModelStreamEvents(handler),
    );
  if (!manager || !watched) return undefined;
  const spy = new TokenSpy();
  manager.addHandler(spy, false);
  return spy;
}

/** Whether a model streams inside `invoke`, whoever looks. */
function streamsInside(model: BaseChatModel): boolean {
  return (model as { streaming?: boolean }).streaming === true;
}

/** A run manager with a spy on the tokens that a model tells it, where it tells them before its answer is whole. */
export function spiedRun(
  manager: CallbackManagerForLLMRun | undefined,
  model: BaseChatModel,
): { spy?: TokenSpy; seen: CallbackManagerForLLMRun | undefined } {
  if (!manager || !streamsInside(model)) return { seen: manager };
  const spy = new TokenSpy();
  const seen = Object.create(manager) as CallbackManagerForLLMRun;
  seen.handleLLMNewToken = (token, ...rest) => {
    if (token) spy.note();
    return manager.handleLLMNewToken(token, ...rest);
  };
  return { spy, seen };
}
