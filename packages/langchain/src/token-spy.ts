// Agents stream inside `invoke`: what has left through a callback cannot be taken back.
import {
  BaseCallbackHandler,
  callbackHandlerPrefersChatModelStreamEvents,
  callbackHandlerPrefersStreaming,
  type NewTokenIndices,
} from "@langchain/core/callbacks/base";
import { type CallbackManager } from "@langchain/core/callbacks/manager";
import { type BaseChatModel } from "@langchain/core/language_models/chat_models";
import { type ChatModelStreamEvent } from "@langchain/core/language_models/event";

import { eventHasContent, hasContent } from "./answer.ts";

/** Notices the first token that leaves an attempt, and each one after it. */
export class TokenSpy extends BaseCallbackHandler {
  override readonly name: string = "holdfast_token_spy";
  override awaitHandlers: boolean = true;
  /** Whether something has been handed on. */
  emitted = false;
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
    if (eventHasContent(event)) this.note();
  }
}

/** A spy on the child run of an attempt, where anybody is there to see its tokens. */
export function spyOn(
  manager: CallbackManager | undefined,
  model: BaseChatModel,
): TokenSpy | undefined {
  const { streaming } = model as { streaming?: boolean };
  const watched =
    streaming === true ||
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
