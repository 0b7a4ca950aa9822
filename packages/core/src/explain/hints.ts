import { type Failure } from "@holdfast/core";

import { type HintName } from "./article.ts";

/** No sentence of the API is longer; bounds the cost. */
const longestMessage = 2_000;

/** Phrases of the API that tell one cause of a kind from the others; the first that fits wins. */
const phrases: readonly (readonly [RegExp, HintName])[] = [
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

const networkPhrases: readonly (readonly [RegExp, HintName])[] = [
  [/certificate|\bcert\b|\bCERT_|UNABLE_TO_(VERIFY|GET_ISSUER)|self.signed/i, "tls"],
  [/ENOTFOUND|EAI_AGAIN|getaddrinfo/i, "dns"],
  [/ECONNREFUSED/i, "refused"],
];

const restrictionPhrases: readonly (readonly [RegExp, HintName])[] = [
  [/REFERR?ER/i, "referrer"],
  [/IP_ADDRESS|\bIP address/i, "ip"],
  [/SERVICE_BLOCKED|requests to this api/i, "service"],
  [/ANDROID|IOS_APP/i, "app"],
];

/** The sharper cause that this failure shows, if any; nothing of its text is handed on. */
export function hintOf({ kind, message, reason }: Failure): HintName | undefined {
  const said = `${reason ?? ""} ${message.slice(0, longestMessage)}`;
  const find = (table: readonly (readonly [RegExp, HintName])[]): HintName | undefined =>
    table.find(([phrase]) => phrase.test(said))?.[1];
  if (kind === "invalid-request") return find(phrases);
  if (kind === "network") return find(networkPhrases);
  return kind === "api-key-restricted" ? find(restrictionPhrases) : undefined;
}
