import { splitVersion, type Target } from "@holdfast/core";

/**
 * What a factory is given, to be spread into the options of either Google class:
 * `new ChatGoogle({ ...target, temperature: 0 })`. Nothing in it means something else to them.
 */
export interface ModelTarget {
  model: string;
  /** Holdfast repeats; the class must not. */
  maxRetries: 0;
  /** Absent where the class finds the key in its environment. */
  apiKey?: string;
  /** The account's endpoint, as `ChatGoogleGenerativeAI` calls it. */
  baseUrl?: string;
  /** The account's endpoint, as `ChatGoogle` calls it. */
  endpoint?: string;
  /** The version at the end of the account's endpoint, where there is one: both classes add it themselves. */
  apiVersion?: string;
}

/** Turns a target into constructor options. */
export function modelTarget({ model, apiKey, baseURL, provider }: Target): ModelTarget {
  const split = provider === "google" && baseURL !== undefined ? splitVersion(baseURL) : undefined;
  const { root: endpoint = baseURL, version: apiVersion } = split ?? {};
  return {
    model,
    maxRetries: 0,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(endpoint === undefined ? {} : { baseUrl: endpoint, endpoint }),
    ...(apiVersion === undefined ? {} : { apiVersion }),
  };
}
