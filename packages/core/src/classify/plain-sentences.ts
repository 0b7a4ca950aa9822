// Bare words and names of classes: what is left where neither a status nor a sentence says what went wrong.
// Words that may be anybody's count only where they are all that was said.

import { anyOf, type Sentence } from "./sentence.ts";

const alone = (words: string): RegExp => new RegExp(`^(?:\\w*error: ?)?(?:${words})[.!]?$`);

/** Asked last. Classes are what a wrapper chose, and some choose wrongly. */
export const plainSentences: readonly Sentence[] = [
  {
    says: anyOf(
      /\b(?:RateLimit\w*|ResourceExhausted|TooManyRequests|\w*QuotaError)\b/,
      alone("slow down"),
    ),
    kind: "rate-limit-unknown",
  },
  {
    says: anyOf(
      /\b(?:Authentication(?:Error|Exception)|Unauthenticated)\b/,
      /auth(?:entic|oriz)ation (?:is )?(?:required|failed|needed)|not authenticated|(?:unable to|could not|cannot) authenticate/,
      /authorization header\b.{0,20}\b(?:missing|invalid|required)|(?:missing|no) authorization header/,
      alone("unauthori[sz]ed|(?:token|session) (?:has )?expired"),
    ),
    kind: "unauthenticated",
  },
  {
    says: anyOf(
      /\b(?:PermissionDenied(?:Error)?|ForbiddenError)\b/,
      /(?:not|n't) have (?:permission|access) to (?:use |access )?(?:this|the) (?:model|api|resource|project|endpoint|service)/,
      alone("(?:permission|access) denied"),
      /^\W*(?:\w*error: ?)?forbidden\b/,
    ),
    kind: "permission-denied",
  },
  { says: /\bContextWindowExceededError\b/, kind: "context-length-exceeded" },
  {
    says: /\b(?:ContentPolicyViolationError|BlockedPromptException)\b/,
    kind: "content-blocked-prompt",
  },
  {
    says: anyOf(
      /\b(?:BadRequestError|InvalidArgument|InvalidRequestError|UnprocessableEntityError)\b/,
      // A WebSocket's close for a message that could not be used.
      /\b1007\b.{0,5}invalid frame/,
      alone(
        "(?:the request is )?(?:invalid|malformed) ?(?:argument|request)?|the request is malformed",
      ),
    ),
    kind: "invalid-request",
  },
  { says: /\b(?:ServiceUnavailable(?:Error)?|OverloadedError)\b/, kind: "capacity-exhausted" },
  { says: /\bDeadlineExceeded\b/, kind: "timeout" },
  { says: /\b\w*Connect(?:ion)?(?:Closed)?Error\b/, kind: "network" },
  { says: /\b(?:InternalServerError|ServerError)\b/, kind: "server-error" },
  { says: anyOf(/\bcancell?ederror\b/, alone("(?:aborted|cancell?ed)")), kind: "cancelled" },
];
