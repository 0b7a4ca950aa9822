import { type Failure, type FailureKind, type QuotaViolation } from "./failure.ts";
import { printableName } from "./model-catalogue.ts";

/** What a model catalogue adds to a diagnosis. */
export interface DiagnosisHints {
  /** Names of models that exist and are spelled like the one asked for, nearest first. */
  nearest?: readonly string[];
  /** The model that replaces the one asked for. */
  successor?: string;
}

type Sentence = (facts: Facts) => string;

interface Facts {
  /** `model "gemini-…"`, or `the model`. */
  model: string;
  /** ` of 20 free-tier requests per day`, or nothing. */
  limit: string;
  /** `, for 2 min 5 s`, or nothing. */
  delay: string;
  /** ` at contents[0].parts`, or nothing. */
  fields: string;
}

const sentences: Record<FailureKind, Sentence> = {
  "invalid-request": (facts) => `The request is not valid${facts.fields}`,
  "payload-too-large": () => "The request is larger than the endpoint accepts",
  "resource-not-found": () =>
    "A file, cache or batch the request names does not exist or belongs to another project",
  "context-length-exceeded": ({ model }) => `The input is longer than the window of ${model}`,
  "truncated-max-tokens": () =>
    "The output limit was used up, by thinking perhaps, before any text came",
  "model-not-found": ({ model }) => `${capital(model)} does not exist or is closed to this project`,
  "invalid-api-key": () => "The API key is not valid",
  "api-key-expired": () => "The API key has expired",
  "api-key-leaked": () => "The API key was reported as leaked and is blocked; make a new one",
  "api-key-restricted": () => "The API key's restrictions (IP, referrer, API) refuse this call",
  unauthenticated: () => "No usable credentials arrived with the request",
  "api-not-enabled": () => "The Gemini API is not enabled in the project of this key",
  "billing-required": () => "The project needs a billing account for this call",
  "project-suspended": () => "The project is suspended or denied access",
  "permission-denied": () => "The key or its project lacks permission for this call",
  "region-unsupported": () => "The API is not offered at the place the request came from",
  "rate-limit-minute": (facts) =>
    `The limit${facts.limit || " of requests per minute"} for ${facts.model} is used up${facts.delay}`,
  "rate-limit-tokens-minute": (facts) =>
    `The limit${facts.limit || " of input tokens per minute"} for ${facts.model} is used up${facts.delay}`,
  "rate-limit-unknown": (facts) =>
    `A limit for ${facts.model} is used up; the answer does not say which${facts.delay}`,
  "rate-limit-day": (facts) =>
    `The daily limit${facts.limit} for ${facts.model} is used up${facts.delay || " until midnight Pacific time"}`,
  "quota-zero": ({ model }) =>
    `${capital(model)} has no quota in this project's tier (limit 0); waiting does not help`,
  "rate-limit-spend": ({ delay }) =>
    `The billing account spends faster than its tier allows${delay || "; that clears in minutes"}`,
  "spend-cap": () => "Prepaid credits or the monthly spending cap are used up",
  "capacity-exhausted": ({ model }) => `${capital(model)} is overloaded; that passes`,
  "server-error": () => "The server failed with an internal error",
  timeout: () => "No answer came in time",
  "gateway-error": () => "A gateway between here and the model failed",
  network: () => "The server could not be reached over the network",
  "empty-response": ({ model }) => `${capital(model)} answered with nothing in it`,
  "malformed-function-call": ({ model }) =>
    `${capital(model)} wrote a function call that cannot be used`,
  recitation: () => "The answer was withheld because it repeats published text",
  "stream-interrupted": () => "The stream broke off before it was complete",
  "content-blocked-prompt": () => "The prompt was blocked by a content policy",
  "content-blocked-response": () => "The answer was blocked by a content policy",
  cancelled: () => "The caller cancelled the call",
  unknown: () => "The call failed in a way that is not known; its cause says more",
};

/**
 * One English line that says what went wrong, with the facts of this failure: model, limit, fields, delay.
 *
 * Holds no key, no request text and nothing the provider wrote but names; the long story in English or Chinese is
 * `explain` of `@holdfast/core/explain`.
 */
export function diagnose(failure: Failure, hints: DiagnosisHints = {}): string {
  const sentence = sentences[failure.kind](factsOf(failure));
  const status = failure.status === undefined ? "" : ` (HTTP ${failure.status})`;
  return `${sentence}${status}.${advice(failure.kind, hints)}`;
}

function factsOf(failure: Failure): Facts {
  const model = printableName(failure.model ?? failure.quota?.model);
  const fields = (failure.fields ?? []).map(printableName).filter((name) => name !== undefined);
  return {
    model: model === undefined ? "the model" : `model "${model}"`,
    limit: limitOf(failure.quota),
    delay: delayOf(failure),
    fields: fields.length === 0 ? "" : ` at ${fields.slice(0, 3).join(", ")}`,
  };
}

function delayOf({ kind, retryAfter }: Failure): string {
  if (retryAfter === undefined) return "";
  // Google suggests seconds for a quota that opens once a day.
  const useless = kind === "rate-limit-day" && retryAfter < 300_000;
  return useless ? "" : `, for ${duration(retryAfter)}`;
}

function limitOf({ limit, window, unit = "requests", metric = "" }: QuotaViolation = {}): string {
  if (limit === undefined) return "";
  const tier = metric.includes("free_tier") ? "free-tier " : "";
  return ` of ${limit} ${tier}${unit}${window === undefined ? "" : ` per ${window}`}`;
}

/** A time as people say it: the two largest units. */
export function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1_000);
  const parts: [number, string][] = [
    [Math.floor(seconds / 3_600), "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return "0 s";
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(" ");
}

function advice(kind: FailureKind, { nearest = [], successor }: DiagnosisHints): string {
  if (kind !== "model-not-found") return "";
  const replaced = printableName(successor);
  const names = nearest
    .map(printableName)
    .filter((name) => name !== undefined && name !== replaced)
    .slice(0, 3)
    .map((name) => `"${name}"`);
  const meant = names.length === 0 ? "" : ` Did you mean ${names.join(" or ")}?`;
  return meant + (replaced === undefined ? "" : ` Its successor is "${replaced}".`);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
