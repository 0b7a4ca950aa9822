// The options of one attempt: whose credentials travel with it, what of a conversation the next model understands.
import { type AttemptContext, type Target } from "@holdfast/core";

import {
  type ByProvider,
  type HostMessage,
  type HostOptions,
  type HostPart,
} from "./host-types.ts";
import { type Route } from "./route.ts";

/** Headers that carry a key. */
const credentials = new Set([
  "authorization",
  "api-key",
  "x-api-key",
  "x-goog-api-key",
  "x-goog-user-project",
  "cookie",
  "proxy-authorization",
]);

type Headers = NonNullable<HostOptions["headers"]>;

function withoutCredentials(headers: Headers): Headers {
  for (const name in headers) {
    if (name === "user-agent" || !credentials.has(name.toLowerCase())) continue;
    return Object.fromEntries(
      Object.entries(headers).filter(([key]) => !credentials.has(key.toLowerCase())),
    );
  }
  return headers;
}

/** Fields of provider metadata that only the model or account they come from understands. */
const bound = ["thoughtSignature", "itemId", "reasoningEncryptedContent"];

function unbindProvider(options: ByProvider): ByProvider {
  return Object.fromEntries(
    Object.entries(options).map(([provider, fields]) => [
      provider,
      fields &&
        Object.fromEntries(Object.entries(fields).filter(([field]) => !bound.includes(field))),
    ]),
  );
}

function unbindPart(part: HostPart): HostPart {
  return part.providerOptions
    ? { ...part, providerOptions: unbindProvider(part.providerOptions) }
    : part;
}

/** A conversation without the marks that another model or account put on it: ids of its items, signatures of its thoughts. */
function unbindPrompt(prompt: readonly HostMessage[]): readonly HostMessage[] {
  return prompt.map((message) =>
    message.role === "assistant" && typeof message.content !== "string"
      ? { ...message, content: message.content.map(unbindPart) }
      : message,
  );
}

function mustUnbind(target: Target, context: AttemptContext): boolean {
  if (target.rank > 0) return true;
  return (
    context.attempt > 1 &&
    context.failures.some(({ message }) => /thought.?signature/i.test(message))
  );
}

function withoutOurs(options: ByProvider): ByProvider {
  const { holdfast: _, ...rest } = options;
  return rest;
}

/** What the host's model is called with in one attempt. */
export function attemptOptions(route: Route, target: Target, context: AttemptContext): HostOptions {
  const given = context.input as HostOptions;
  const { adapt } = route.options;
  const adapted = adapt ? (adapt(given as never, target) as HostOptions) : given;
  const { headers, prompt, providerOptions } = adapted;
  const options = { ...adapted, abortSignal: context.signal };
  if (headers && !route.ownsHeaders(target)) options.headers = withoutCredentials(headers);
  if (typeof prompt === "object" && mustUnbind(target, context))
    options.prompt = unbindPrompt(prompt);
  if (providerOptions?.["holdfast"]) options.providerOptions = withoutOurs(providerOptions);
  return options;
}
