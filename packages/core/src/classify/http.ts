// What is left when nothing but the status speaks.

import type { Verdict } from "./make-failure.ts";

const elsewhere = { endpoint: true };

const verdicts: Readonly<Record<number, Verdict>> = {
  400: { kind: "invalid-request" },
  401: { kind: "unauthenticated" },
  402: { kind: "spend-cap" },
  403: { kind: "permission-denied" },
  // No sentence of Google's: perhaps the path is wrong, not the model.
  404: { kind: "model-not-found", helps: elsewhere },
  405: { kind: "invalid-request", helps: elsewhere },
  406: { kind: "invalid-request" },
  407: { kind: "network", retryable: false },
  408: { kind: "timeout" },
  409: { kind: "server-error" },
  411: { kind: "invalid-request" },
  412: { kind: "invalid-request" },
  // Google answers 400 to a body that is too large; 413 comes from a proxy before it.
  413: { kind: "payload-too-large", helps: elsewhere },
  414: { kind: "payload-too-large", helps: elsewhere },
  415: { kind: "invalid-request" },
  422: { kind: "invalid-request" },
  425: { kind: "server-error" },
  429: { kind: "rate-limit-unknown" },
  431: { kind: "payload-too-large", helps: elsewhere },
  451: { kind: "region-unsupported" },
  499: { kind: "server-error" },
  501: { kind: "invalid-request" },
  502: { kind: "gateway-error" },
  503: { kind: "capacity-exhausted" },
  504: { kind: "timeout" },
  // Cloudflare's: the origin did not answer in time.
  522: { kind: "timeout" },
  524: { kind: "timeout" },
  // Anthropic's: overloaded.
  529: { kind: "capacity-exhausted" },
};

/** The kind that a status stands for by itself; `undefined` where it says nothing. */
export function classifyStatus(status: number | undefined): Verdict | undefined {
  if (status === undefined) return undefined;
  if (Object.hasOwn(verdicts, status)) return verdicts[status];
  if (status >= 520 && status <= 530) return { kind: "gateway-error" };
  if (status >= 500 && status < 600) return { kind: "server-error" };
  return status >= 400 && status < 500 ? { kind: "invalid-request" } : undefined;
}
