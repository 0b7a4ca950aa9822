import {
  diagnose,
  type Failure,
  type FailureKind,
  type ModelFacts,
  type PolicyEvent,
} from "@holdfast/core";

import { duration } from "./print.ts";

type Event<Type extends PolicyEvent["type"]> = Extract<PolicyEvent, { type: Type }>;

/** What came back, in a sentence. */
export function whatCameBack(failure: Failure, models: ModelFacts): string {
  const nearest = failure.model === undefined ? undefined : models.nearest?.(failure.model);
  return `${failure.kind}. ${diagnose(failure, nearest ? { nearest } : {})}`;
}

/** What was decided, and why. */
export function whatWasDecided({ action, why }: Event<"decision">): string {
  if (action === "give-up") return `gives up: ${why}`;
  if (action === "degrade") return `answers with the last resort: ${why}`;
  if (action === "next") return `goes on to another target: ${why}`;
  return why.startsWith("the quota") ? why : `stays: ${why}`;
}

const scopes: Readonly<Record<string, string>> = {
  account: "this account",
  project: "this project",
  "billing-account": "this billing account",
  quota: "this model in this project",
  model: "this model",
  endpoint: "this endpoint",
  "upstream-model": "this model",
  target: "this target",
};

/** What is closed for so long is tested in between: it may be good again. */
const hour = 3_600_000;

/** What every call of the policy knows from now on. */
export function whatIsClosed({ scope, opensIn }: Event<"scope-close">): string {
  const name = scopes[scope.slice(0, scope.indexOf(":"))] ?? scope;
  return opensIn < hour
    ? `no call asks ${name} for ${duration(opensIn)}`
    : `no call asks ${name} any more, but for one test an hour`;
}

const reasons: Partial<Record<FailureKind, string>> = {
  "invalid-api-key": "its key is not valid",
  "api-key-expired": "its key has expired",
  "model-not-found": "there is no such model",
  "rate-limit-minute": "its quota of the minute is used up",
  "rate-limit-day": "its quota of the day is used up",
  "quota-zero": "it has no quota at all",
};

/** Why a target was not asked. */
export function whyNotAsked(kind: FailureKind): string {
  return reasons[kind] ?? `it is closed (${kind})`;
}
