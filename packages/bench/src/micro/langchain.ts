// What the adapter adds to LangChain, beside LangChain's own ways to repeat and to fall back.
import { createPolicy } from "@holdfast/core";
import { holdfastAgentMiddleware, holdfastChatModel } from "@holdfast/langchain";
import { SimpleChatModel } from "@langchain/core/language_models/chat_models";
import { ChatGoogle } from "@langchain/google";
import {
  type AgentMiddleware,
  createAgent,
  modelFallbackMiddleware,
  modelRetryMiddleware,
} from "langchain";

import { type Comparison } from "./interleave.ts";

class FakeChat extends SimpleChatModel {
  override bindTools(): this {
    return this;
  }

  _llmType(): string {
    return "fake";
  }

  _call(): Promise<string> {
    return Promise.resolve("ok");
  }
}

/** Asks as the models of the providers do: through the queue and the retries of LangChain's `AsyncCaller`. */
class CallingChat extends FakeChat {
  override _call(): Promise<string> {
    return this.caller.call(() => Promise.resolve("ok"));
  }
}

const quiet = { maxRetries: 0 };
const fake = { model: "fake" };
const chat = new FakeChat(quiet);
const calling = new CallingChat({});
const held = holdfastChatModel(createPolicy(), () => new FakeChat(quiet), fake);
const flat = holdfastChatModel(createPolicy(), () => new FakeChat(quiet), {
  ...fake,
  trace: "flat",
});
const retried = chat.withRetry();
const withFallback = chat.withFallbacks([new FakeChat(quiet)]);
const both = chat.withRetry().withFallbacks([new FakeChat(quiet).withRetry()]);

/** One answer through LangChain. */
export const chatInvoke: Comparison = {
  name: "LangChain: model.invoke",
  peer: "withFallbacks([…])",
  times: 2_000,
  cases: [
    { name: "bare model", run: () => chat.invoke("hi") },
    { name: "bare model, through its AsyncCaller", run: () => calling.invoke("hi") },
    { name: "holdfast, one run a call", run: () => flat.invoke("hi") },
    { name: "holdfast, one run an attempt", run: () => held.invoke("hi") },
    { name: "withRetry()", run: () => retried.invoke("hi") },
    { name: "withFallbacks([…])", run: () => withFallback.invoke("hi") },
    { name: "withRetry().withFallbacks([…])", run: () => both.invoke("hi") },
  ],
};

const answer = JSON.stringify({
  candidates: [{ content: { role: "model", parts: [{ text: "ok" }] }, finishReason: "STOP" }],
  usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 1, totalTokenCount: 4 },
  modelVersion: "gemini-3.8-flash",
});
const apiClient = {
  hasApiKey: () => true,
  getProjectId: () => Promise.resolve("project"),
  fetch: () => Promise.resolve(new Response(answer)),
};
const google = (): ChatGoogle => new ChatGoogle({ model: "gemini-3.8-flash", apiClient });
const bareGoogle = google();
const heldGoogle = holdfastChatModel(createPolicy(), google());
const flatGoogle = holdfastChatModel(createPolicy(), google(), { trace: "flat" });
const googleFallback = bareGoogle.withFallbacks([google()]);

/** One answer of a class that people use, whose network answers at once. */
export const googleInvoke: Comparison = {
  name: "LangChain: ChatGoogle.invoke",
  peer: "bare model",
  times: 100,
  cases: [
    { name: "bare model", run: () => bareGoogle.invoke("hi") },
    {
      // What can be ended costs more, whoever means to end it.
      name: "bare model, with a signal of the call's own",
      run: () => bareGoogle.invoke("hi", { signal: new AbortController().signal }),
    },
    { name: "holdfast, one run a call", run: () => flatGoogle.invoke("hi") },
    { name: "holdfast, one run an attempt", run: () => heldGoogle.invoke("hi") },
    { name: "withFallbacks([…])", run: () => googleFallback.invoke("hi") },
  ],
};

const question = { messages: [{ role: "user" as const, content: "hi" }] };
// Their types do not agree with `exactOptionalPropertyTypes`.
const retry = modelRetryMiddleware({ onFailure: "error" }) as unknown as AgentMiddleware;
const agents = {
  "bare model": createAgent({ model: chat }),
  "modelRetryMiddleware and modelFallbackMiddleware": createAgent({
    model: chat,
    middleware: [modelFallbackMiddleware(new FakeChat(quiet)), retry],
  }),
  "holdfast as the model": createAgent({ model: held }),
  "holdfast as the model, one run a call": createAgent({ model: flat }),
  holdfastAgentMiddleware: createAgent({
    model: chat,
    middleware: [holdfastAgentMiddleware(createPolicy(), { fallbacks: [new FakeChat(quiet)] })],
  }),
};

/** One turn of an agent. */
export const agentInvoke: Comparison = {
  name: "LangChain: createAgent, one turn",
  peer: "modelRetryMiddleware and modelFallbackMiddleware",
  times: 50,
  cases: Object.entries(agents).map(([name, agent]) => ({
    name,
    run: () => agent.invoke(question),
  })),
};
