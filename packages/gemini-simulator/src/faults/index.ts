import { z } from "zod";

import { apiDisabled } from "./api-disabled.ts";
import { badGateway } from "./bad-gateway.ts";
import { bareExhaustion } from "./bare-exhaustion.ts";
import { billingRequired } from "./billing-required.ts";
import { blockedPrompt } from "./blocked-prompt.ts";
import { blockedResponse } from "./blocked-response.ts";
import { cancelled } from "./cancelled.ts";
import { contextOverflow } from "./context-overflow.ts";
import { dayQuota } from "./day-quota.ts";
import { deadlineExceeded } from "./deadline-exceeded.ts";
import { emptyBody } from "./empty-body.ts";
import { emptyStop } from "./empty-stop.ts";
import { expiredKey } from "./expired-key.ts";
import { type Fault } from "./fault.ts";
import { hang } from "./hang.ts";
import { htmlPage } from "./html-page.ts";
import { internalError } from "./internal-error.ts";
import { badArgument } from "./invalid-argument.ts";
import { invalidKey } from "./invalid-key.ts";
import { leakedKey } from "./leaked-key.ts";
import { malformedFunctionCall } from "./malformed-function-call.ts";
import { malformedStream } from "./malformed-stream.ts";
import { maxTokens } from "./max-tokens.ts";
import { minuteQuota } from "./minute-quota.ts";
import { minuteTokenQuota } from "./minute-token-quota.ts";
import { missingModel } from "./model-not-found.ts";
import { noCapacity } from "./no-capacity.ts";
import { overload } from "./overload.ts";
import { payloadTooLarge } from "./payload-too-large.ts";
import { permissionDenied } from "./permission-denied.ts";
import { projectSuspended } from "./project-suspended.ts";
import { recitation } from "./recitation.ts";
import { redirect } from "./redirect.ts";
import { refused } from "./refused.ts";
import { regionBlocked } from "./region-blocked.ts";
import { resetMidBody } from "./reset-mid-body.ts";
import { reset } from "./reset.ts";
import { restrictedKey } from "./restricted-key.ts";
import { scriptedAnswer } from "./scripted-answer.ts";
import { sharedCapacity } from "./shared-capacity.ts";
import { slowFirstToken } from "./slow-first-token.ts";
import { spendCap } from "./spend-cap.ts";
import { spendRate } from "./spend-rate.ts";
import { stallMidBody } from "./stall-mid-body.ts";
import { streamError } from "./stream-error.ts";
import { truncatedStream } from "./truncated-stream.ts";
import { unregisteredCaller } from "./unregistered-caller.ts";
import { unsupportedToken } from "./unsupported-token.ts";
import { wrongContentType } from "./wrong-content-type.ts";
import { zeroQuota } from "./zero-quota.ts";

/** The name of a fault; each is a file beside this one. */
export type FaultName =
  | "api-disabled"
  | "bad-gateway"
  | "bare-exhaustion"
  | "billing-required"
  | "blocked-prompt"
  | "blocked-response"
  | "cancelled"
  | "context-overflow"
  | "day-quota"
  | "deadline-exceeded"
  | "empty-body"
  | "empty-stop"
  | "expired-key"
  | "hang"
  | "html-page"
  | "internal-error"
  | "invalid-argument"
  | "invalid-key"
  | "leaked-key"
  | "malformed-function-call"
  | "malformed-stream"
  | "max-tokens"
  | "minute-quota"
  | "minute-token-quota"
  | "model-not-found"
  | "no-capacity"
  | "overload"
  | "payload-too-large"
  | "permission-denied"
  | "project-suspended"
  | "recitation"
  | "redirect"
  | "refused"
  | "region-blocked"
  | "reset"
  | "reset-mid-body"
  | "restricted-key"
  | "scripted-answer"
  | "shared-capacity"
  | "slow-first-token"
  | "spend-cap"
  | "spend-rate"
  | "stall-mid-body"
  | "stream-error"
  | "truncated-stream"
  | "unregistered-caller"
  | "unsupported-token"
  | "wrong-content-type"
  | "zero-quota";

/** A fault by name, or with its options. */
export type FaultInput = FaultName | ({ type: FaultName } & Record<string, unknown>);

/** All faults by name. */
export const faults: Readonly<Record<FaultName, Fault>> = {
  "api-disabled": apiDisabled,
  "bad-gateway": badGateway,
  "bare-exhaustion": bareExhaustion,
  "billing-required": billingRequired,
  "blocked-prompt": blockedPrompt,
  "blocked-response": blockedResponse,
  cancelled: cancelled,
  "context-overflow": contextOverflow,
  "day-quota": dayQuota,
  "deadline-exceeded": deadlineExceeded,
  "empty-body": emptyBody,
  "empty-stop": emptyStop,
  "expired-key": expiredKey,
  hang: hang,
  "html-page": htmlPage,
  "internal-error": internalError,
  "invalid-argument": badArgument,
  "invalid-key": invalidKey,
  "leaked-key": leakedKey,
  "malformed-function-call": malformedFunctionCall,
  "malformed-stream": malformedStream,
  "max-tokens": maxTokens,
  "minute-quota": minuteQuota,
  "minute-token-quota": minuteTokenQuota,
  "model-not-found": missingModel,
  "no-capacity": noCapacity,
  overload: overload,
  "payload-too-large": payloadTooLarge,
  "permission-denied": permissionDenied,
  "project-suspended": projectSuspended,
  recitation: recitation,
  redirect: redirect,
  refused: refused,
  "region-blocked": regionBlocked,
  reset: reset,
  "reset-mid-body": resetMidBody,
  "restricted-key": restrictedKey,
  "scripted-answer": scriptedAnswer,
  "shared-capacity": sharedCapacity,
  "slow-first-token": slowFirstToken,
  "spend-cap": spendCap,
  "spend-rate": spendRate,
  "stall-mid-body": stallMidBody,
  "stream-error": streamError,
  "truncated-stream": truncatedStream,
  "unregistered-caller": unregisteredCaller,
  "unsupported-token": unsupportedToken,
  "wrong-content-type": wrongContentType,
  "zero-quota": zeroQuota,
};

const definitions = Object.values(faults);

const withOptions = z.discriminatedUnion(
  "type",
  definitions.map(({ name, options }) => options.extend({ type: z.literal(name) })) as never,
);

/** Checks a fault and fills in the defaults of its options. */
export const faultSchema: z.ZodType<{ type: FaultName }, FaultInput> = z.preprocess(
  (given) => (typeof given === "string" ? { type: given } : given),
  withOptions,
) as never;

/** What a fault may look like: a bare name, or an object. */
export function faultJsonSchema(): object {
  const { $schema: _, ...objects } = z.toJSONSchema(withOptions, { io: "input" });
  return { anyOf: [{ type: "string", enum: definitions.map(({ name }) => name) }, objects] };
}
