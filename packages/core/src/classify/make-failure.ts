// A verdict becomes a Failure: the catalogue's row, what the payload makes more precise, one redacted line.

import {
  catalogue,
  type Failure,
  type FailureKind,
  type Helps,
  type ScopeName,
  type Sureness,
} from "../failure.ts";
import { redact } from "../redact.ts";

/** The answer to "what went wrong", with only what differs from the catalogue's row. */
export interface Verdict {
  kind: FailureKind;
  retryable?: boolean;
  helps?: Partial<Helps>;
  scope?: ScopeName;
  sure?: Sureness;
}

/** What a failure says beside its verdict. */
export type FailureFacts = Partial<Omit<Failure, keyof Verdict | "error">> & { error?: unknown };

const longestMessage = 500;

// oxlint-disable-next-line no-control-regex -- taking them out is the point
const controls = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069]+/g;

/** One line that a terminal or a log can show: no control or direction characters, no keys, not too long. */
function oneLine(text: string): string {
  // A little more than is shown is redacted, so that no key is cut into something that no longer looks like one.
  const some = text.slice(0, longestMessage + 200).replace(controls, " ");
  const line = redact((some.includes("  ") ? some.replace(/ {2,}/g, " ") : some).trim());
  return line.length > longestMessage ? `${line.slice(0, longestMessage - 1)}…` : line;
}

/** Builds the failure; `facts.error` becomes a field that printing does not show. */
export function makeFailure(verdict: Verdict, { error, ...facts }: FailureFacts): Failure {
  const row = catalogue[verdict.kind];
  const failure: Failure = {
    kind: verdict.kind,
    retryable: verdict.retryable ?? row.retryable,
    helps: { ...row.helps, ...verdict.helps },
    scope: verdict.scope ?? row.scope,
    sure: verdict.sure ?? row.sure,
    message: "",
  };
  Object.assign(failure, facts);
  failure.message = oneLine(facts.message ?? "");
  return Object.defineProperty(failure, "error", { value: error });
}
