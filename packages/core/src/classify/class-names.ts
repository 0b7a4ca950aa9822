// Classes of clients' errors and of google.api_core's, where nothing but the class says what went wrong.

import type { FailureKind } from "../failure.ts";

const classes: readonly (readonly [RegExp, FailureKind])[] = [
  [/\b(?:RateLimit\w*|ResourceExhausted|TooManyRequests|\w*QuotaError)\b/, "rate-limit-unknown"],
  [/\b(?:Authentication(?:Error|Exception)|Unauthenticated|Unauthorized(?:Error)?)\b/, "unauthenticated"],
  [/\b(?:PermissionDenied(?:Error)?|ForbiddenError)\b/, "permission-denied"],
  [/\b(?:BadRequest(?:Error)?|InvalidArgument|InvalidRequestError|UnprocessableEntityError)\b/, "invalid-request"],
  [/\bContextWindowExceededError\b/, "context-length-exceeded"],
  [/\b(?:ContentPolicyViolationError|BlockedPromptException)\b/, "content-blocked-prompt"],
  [/\b(?:ServiceUnavailable(?:Error)?|OverloadedError)\b/, "capacity-exhausted"],
  [/\b(?:DeadlineExceeded)\b/, "timeout"],
  [/\b(?:\w*Connect(?:ion)?(?:Closed)?Error)\b/, "network"],
  [/\b(?:InternalServerError|ServerError)\b/, "server-error"],
];

/** The kind that the name of a class stands for. */
export const kindOfClassName = (text: string): FailureKind | undefined =>
  classes.find(([name]) => name.test(text))?.[1];
