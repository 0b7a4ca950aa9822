import { type Failure, type FailureKind } from "@holdfast/core";
import { entryOf, type Model } from "@holdfast/core/models";

import { type HintName } from "./article.ts";
import { type ExplainContext } from "./context.ts";

/** No sentence of the API is longer; bounds the cost. */
const longestMessage = 2_000;

type Phrases = readonly (readonly [RegExp, HintName])[];

const requestPhrases: Phrases = [
  [/harmblockthreshold/i, "threshold"],
  [/unknown name|cannot find field/i, "unknown-field"],
  [
    /invalid json|not valid json|unexpected (token|end)|unable to parse|closing quote|expected .{0,20} after/i,
    "json",
  ],
  [/thought.?signature/i, "signature"],
  [/not in an active state/i, "file-processing"],
  [/cachedcontent can not be used/i, "cached-content"],
  [/response_?schema|function_?declarations/i, "schema"],
  [/thinking/i, "thinking"],
  [/valid role/i, "role"],
  [/not (enabled|supported)|does not support/i, "capability"],
  [/function (call|response) (turn|parts?)/i, "function-order"],
  [
    /must not be empty|at least one part|initialized field|contents (is|are) (not specified|required)/i,
    "empty",
  ],
  [
    /out of (the )?(supported )?range|supported range|must be (between|in the range)|exceeds the maximum/i,
    "range",
  ],
  [/invalid value at|\bTYPE_[A-Z0-9]+|starting an object|not repeating/i, "type"],
  [/image/i, "image"],
  [/required|must be specified|missing/i, "missing"],
];

const blockPhrases: Phrases = [
  [/PROHIBITED_CONTENT|BLOCKLIST|SPII/, "fixed-policy"],
  [/\bSAFETY\b|HARM_CATEGORY/, "adjustable"],
];

/** Phrases that tell one cause of a kind from the others; the first that fits wins. */
const phrases: Readonly<Partial<Record<FailureKind, Phrases>>> = {
  "invalid-request": requestPhrases,
  network: [
    [/certificate|\bcert\b|\bCERT_|UNABLE_TO_(VERIFY|GET_ISSUER)|self.signed/i, "tls"],
    [/\bproxy|tunnel/i, "proxy"],
    [/ENOTFOUND|EAI_AGAIN|getaddrinfo|no such host|not resolve/i, "dns"],
    [/ECONNREFUSED|connection refused/i, "refused"],
    [/time(d )?-?out|ETIMEDOUT|WinError 10060/i, "unanswered"],
  ],
  "api-key-restricted": [
    [/REFERR?ER/i, "referrer"],
    [/IP_ADDRESS|\bIP address/i, "ip"],
    [/SERVICE_BLOCKED|requests to this api/i, "service"],
    [/ANDROID|IOS_APP/i, "app"],
  ],
  "permission-denied": [
    [/SCOPE_INSUFFICIENT|insufficient (authentication |oauth )?scopes/i, "scopes"],
    [/CONSUMER_INVALID|USER_PROJECT_DENIED|resource project|use project/i, "project-id"],
    [/IAM_PERMISSION|permission '?[\w.]{1,80}'? denied/i, "iam"],
  ],
  unauthenticated: [
    [/TOKEN_TYPE_UNSUPPORTED|expected oauth|api keys? (are|is) not supported/i, "bearer"],
  ],
  "billing-required": [
    [/BILLING_DISABLED|requires? billing|billing to be enabled/i, "billing-off"],
  ],
  "spend-cap": [[/\bspend(ing)? (cap|limit)/i, "cap"]],
  "content-blocked-prompt": blockPhrases,
  "content-blocked-response": blockPhrases,
};

/** The sharper cause that this failure shows, if any; nothing of its text is handed on. */
export function hintOf(failure: Failure, context: ExplainContext): HintName | undefined {
  const { kind, message, reason, status } = failure;
  const said = `${reason ?? ""} ${message.slice(0, longestMessage)}`;
  if (kind === "model-not-found") return modelHint(failure, said, context);
  // Google answers 400 to a body that is too large.
  if (kind === "payload-too-large") return status === 413 ? "proxy-limit" : undefined;
  return phrases[kind]?.find(([phrase]) => phrase.test(said))?.[1];
}

const isPast = (gone: Model["retired"], now: number): boolean =>
  gone !== undefined && Date.parse(gone.since) <= now;

/** Of a model that the catalogue knows, its name is not what is wrong. */
function modelHint(
  failure: Failure,
  said: string,
  { model, models, now }: ExplainContext,
): HintName | undefined {
  const entry = entryOf(failure.model ?? model ?? "", models);
  if (isPast(entry?.retired, now)) return "shut-down";
  if (isPast(entry?.closedToNewUsers, now) || /to new (users|customers|projects)/i.test(said))
    return "closed-to-new";
  return entry === undefined ? undefined : "other-method";
}
