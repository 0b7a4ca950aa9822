// For agents whose model is not ours to replace: the policy as a middleware of `createAgent`.
import { type Policy } from "@holdfast/core";
import { type Runnable } from "@langchain/core/runnables";
import { type AgentMiddleware } from "langchain";

import { HoldfastChatModel, type HoldfastModelOptions } from "./chat-model.ts";
import { type SourceInput } from "./source.ts";

/** What the middleware can be told. */
export interface HoldfastAgentOptions extends HoldfastModelOptions {
  /** What else may serve when the agent's own model cannot, in order of preference. */
  fallbacks?: readonly (Runnable | string)[];
}

/** The part of a model request that is used. */
interface Request {
  model: unknown;
}

const brand = Symbol.for("AgentMiddleware");

/**
 * A middleware for `createAgent` that lets the policy carry every call of the agent's model: `createAgent({ model, tools,
 * middleware: [holdfastAgentMiddleware(policy, { fallbacks: [flash] })] })`. The model's own key serves; tools, response
 * format and streaming work as without it. An agent whose model is a `HoldfastChatModel` needs none.
 */
export function holdfastAgentMiddleware(
  policy: Policy,
  { fallbacks = [], ...options }: HoldfastAgentOptions = {},
): AgentMiddleware {
  const carried = new WeakMap<object, HoldfastChatModel>();
  const carry = (model: object): HoldfastChatModel => {
    if (model instanceof HoldfastChatModel) return model;
    let own = carried.get(model);
    if (!own) {
      const models = [model, ...fallbacks] as SourceInput<Runnable>;
      carried.set(model, (own = new HoldfastChatModel({ policy, models, ...options })));
    }
    return own;
  };
  const middleware = {
    [brand]: true as const,
    name: "HoldfastMiddleware",
    wrapModelCall: <Given extends Request, Answer>(
      request: Given,
      handler: (request: Given) => Answer,
    ): Answer => handler({ ...request, model: carry(request.model as object) }),
  };
  return middleware;
}
