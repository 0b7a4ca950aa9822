// Sessions in real time are the application's own; the token that begins one is a call like any other.
import { type CallOptions, type Policy, type Target } from "@holdfast/core";

import { finalError } from "./final-error.ts";

interface TokenOptions {
  readonly model: string;
}

/** What a provider makes its realtime models with: ai@7's `experimental_realtime`. */
interface RealtimeFactory {
  (...args: unknown[]): unknown;
  getToken(options: TokenOptions): PromiseLike<object>;
}

/** Whether a provider's property makes tokens for sessions. */
export function isRealtime(value: unknown): value is RealtimeFactory {
  return typeof value === "function" && "getToken" in value;
}

/** Where tokens come from. */
export interface TokenSource {
  readonly policy: Policy;
  /** What core is to plan with for a model. */
  readonly plan: (model: string) => CallOptions;
  /** The same property of the provider of a target. */
  readonly factoryFor: (target: Target) => unknown;
}

/**
 * The factory with tokens from the first account that can give one. The session that begins with it is that account's, and
 * always of the model asked for: what an application sends in it names that model.
 */
export function heldRealtime(
  factory: RealtimeFactory,
  { policy, plan, factoryFor }: TokenSource,
): RealtimeFactory {
  const getToken = async (options: TokenOptions): Promise<object> => {
    try {
      const { value } = await policy.execute(
        (target) => {
          const made = factoryFor(target);
          if (!isRealtime(made)) throw new TypeError(`Holdfast: ${target.name} makes no tokens`);
          return made.getToken(options);
        },
        { ...plan(options.model), input: options },
      );
      return value;
    } catch (error) {
      throw finalError(error, policy);
    }
  };
  return Object.assign((...args: unknown[]) => factory(...args), factory, { getToken });
}
