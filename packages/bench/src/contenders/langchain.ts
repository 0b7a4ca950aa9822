// LangChain.js as people use it: its defaults, its runnables, its agent middleware, all as published.
import { ChatGoogle } from "@langchain/google/node";
import {
  type AgentMiddleware,
  createAgent,
  modelFallbackMiddleware,
  modelRetryMiddleware,
} from "langchain";

import { type Contender, type Serve, type Setting } from "../contender.ts";
import { geminiFetch, keyOf, promptOf } from "./gemini-fetch.ts";

interface Invokable {
  invoke(input: string, options: { signal: AbortSignal }): Promise<{ text: string }>;
  stream?(
    input: string,
    options: { signal: AbortSignal },
  ): Promise<AsyncIterable<{ text: string }>>;
}

const chat = (model: string, account: string): ChatGoogle =>
  new ChatGoogle({ model, apiKey: keyOf(account) });

/** Calls take the scenario's keys in turn. The package takes the platform's `fetch`, which a run replaces. */
function perKey(setting: Setting, make: (account: string, model: string) => Invokable): Serve {
  globalThis.fetch = geminiFetch(setting);
  const { keys, model: asked } = setting.scenario;
  const models = keys.map(({ account }) => make(account, asked));
  return async (call, signal) => {
    const index = call.id % keys.length;
    const own =
      call.model === undefined ? models[index] : make(keys[index]?.account ?? "", call.model);
    if (!own) throw new Error("a scenario has at least one key");
    const { text } = await own.invoke(promptOf(call), { signal });
    return text;
  };
}

/** A chat model as it comes. */
export const langchain: Contender = {
  name: "langchain",
  origin: "real",
  about: "@langchain/google: ChatGoogle as it comes (its AsyncCaller makes up to 6 retries)",
  timers: true,
  start: (setting) => perKey(setting, (account, model) => chat(model, account)),
};

/** The documented way to have both. */
export const langchainRunnables: Contender = {
  name: "langchain-runnables",
  origin: "real",
  about: "ChatGoogle.withRetry().withFallbacks([…]) as documented",
  timers: true,
  start: (setting) => {
    const { fallback } = setting.scenario;
    return perKey(setting, (account, model) => {
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
    const { fallback } = setting.scenario;
    return perKey(setting, (account, model) => {
      const retries = modelRetryMiddleware({ onFailure: "error" });
      const both =
        fallback === undefined
          ? [retries]
          : [modelFallbackMiddleware(chat(fallback, account)), retries];
      // Its own types do not compile under exactOptionalPropertyTypes.
      const middleware = both as unknown as AgentMiddleware[];
      const agent = createAgent({ model: chat(model, account), tools: [], middleware });
      return {
        async invoke(input, options) {
          const messages = [{ role: "user", content: input }];
          const result = await agent.invoke({ messages }, options);
          return { text: result.messages.at(-1)?.text ?? "" };
        },
      };
    });
  },
};
