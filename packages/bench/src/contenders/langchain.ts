// LangChain.js as people use it: its defaults, its runnables, its agent middleware, all as published.
import { ChatGoogle } from "@langchain/google/node";
import { createAgent, modelFallbackMiddleware, modelRetryMiddleware } from "langchain";

import { type Contender, type Serve, type Setting } from "../contender.ts";
import { geminiFetch, keyOf, promptOf } from "./gemini-fetch.ts";

interface Invokable {
  invoke(input: string, options: { signal: AbortSignal }): Promise<{ text: string }>;
}

const chat = (model: string, account: string): ChatGoogle =>
  new ChatGoogle({ model, apiKey: keyOf(account) });

/** Calls take the scenario's keys in turn. The package takes the platform's `fetch`, which a run replaces. */
function perKey(setting: Setting, make: (account: string) => Invokable): Serve {
  globalThis.fetch = geminiFetch(setting);
  const models = setting.scenario.keys.map(({ account }) => make(account));
  return async (call, signal) => {
    const model = models[call.id % models.length];
    if (!model) throw new Error("a scenario has at least one key");
    const { text } = await model.invoke(promptOf(call), { signal });
    return text;
  };
}

/** A chat model as it comes. */
export const langchain: Contender = {
  name: "langchain",
  origin: "real",
  about: "@langchain/google: ChatGoogle as it comes (its AsyncCaller makes up to 6 retries)",
  timers: true,
  start: (setting) => perKey(setting, (account) => chat(setting.scenario.model, account)),
};

/** The documented way to have both. */
export const langchainRunnables: Contender = {
  name: "langchain-runnables",
  origin: "real",
  about: "ChatGoogle.withRetry().withFallbacks([…]) as documented",
  timers: true,
  start: (setting) => {
    const { model, fallback } = setting.scenario;
    return perKey(setting, (account) => {
      const primary = chat(model, account).withRetry();
      return fallback === undefined ? primary : primary.withFallbacks([chat(fallback, account)]);
    });
  },
};

/** The two middlewares of agents. */
export const langchainMiddleware: Contender = {
  name: "langchain-middleware",
  origin: "real",
  about: "createAgent with modelFallbackMiddleware and modelRetryMiddleware",
  timers: true,
  start: (setting) => {
    const { model, fallback } = setting.scenario;
    return perKey(setting, (account) => {
      const retries = modelRetryMiddleware({ onFailure: "error" });
      const agent = createAgent({
        model: chat(model, account),
        tools: [],
        middleware:
          fallback === undefined ? [retries] : [modelFallbackMiddleware(chat(fallback, account)), retries],
      });
      return {
        async invoke(input, options) {
          const { messages } = await agent.invoke({ messages: [{ role: "user", content: input }] }, options);
          return { text: messages.at(-1)?.text ?? "" };
        },
      };
    });
  },
};
