import { type Answer, prettyJson, textAnswer } from "./answer.ts";
import { type Framing } from "./request.ts";

/** A detail of `google.rpc`: `@type` and its fields. */
export type ErrorDetail = { "@type": string } & Record<string, unknown>;

/** A refusal in the words of Google's API. */
export interface GoogleError {
  code: number;
  status: string;
  message: string;
  details?: ErrorDetail[];
}

const rpc = "type.googleapis.com/google.rpc.";
const service = "generativelanguage.googleapis.com";

/** The body of a refusal; the array form is that of streams without `alt=sse` and of the OpenAI-compatible endpoint. */
export function errorBody(error: GoogleError, framing: Framing): unknown {
  const { code, message, status, details } = error;
  if (framing === "interaction") return { error: { code: interactionCode(status), message } };
  const body = { error: { code, message, status, ...(details && { details }) } };
  return framing === "json" || framing === "sse" ? body : [body];
}

/** The Interactions API has words of its own for what went wrong. */
function interactionCode(status: string): string {
  return status === "INVALID_ARGUMENT" ? "invalid_request" : status.toLowerCase();
}

/** A refusal as an answer. A refused SSE call keeps its status and a plain JSON body, under the content type of a stream. */
export function errorAnswer(error: GoogleError, framing: Framing): Answer {
  const contentType = framing === "sse" ? "text/event-stream" : "application/json; charset=UTF-8";
  return textAnswer(error.code, contentType, prettyJson(errorBody(error, framing)));
}

/** `google.rpc.ErrorInfo` with its fields as they are given. */
export function bareErrorInfo(fields: {
  reason: string;
  domain?: string;
  metadata: Record<string, string>;
}): ErrorDetail {
  return { "@type": `${rpc}ErrorInfo`, ...fields };
}

/** `google.rpc.ErrorInfo` of the Generative Language API: the machine-readable reason. */
export function errorInfo(reason: string, metadata: Record<string, string> = {}): ErrorDetail {
  return {
    "@type": `${rpc}ErrorInfo`,
    reason,
    domain: "googleapis.com",
    metadata: { service, ...metadata },
  };
}

/** `google.rpc.LocalizedMessage`: the sentence once more. */
export function localizedMessage(message: string): ErrorDetail {
  return { "@type": `${rpc}LocalizedMessage`, locale: "en-US", message };
}

/** `google.rpc.Help`: links. */
export function help(...links: { description: string; url: string }[]): ErrorDetail {
  return { "@type": `${rpc}Help`, links };
}

/** `google.rpc.RetryInfo`: whole seconds, cut off as Gemini cuts them. */
export function retryInfo(milliseconds: number): ErrorDetail {
  return { "@type": `${rpc}RetryInfo`, retryDelay: `${Math.floor(milliseconds / 1000)}s` };
}

/** `google.rpc.QuotaFailure`: the limits that were hit. */
export function quotaFailure(violations: object[]): ErrorDetail {
  return { "@type": `${rpc}QuotaFailure`, violations };
}

/** `google.rpc.BadRequest`: the fields that are wrong. */
export function badRequest(violations: { field?: string; description: string }[]): ErrorDetail {
  return { "@type": `${rpc}BadRequest`, fieldViolations: violations };
}

/** 400 INVALID_ARGUMENT with a sentence. */
export function invalidArgument(message: string, details?: ErrorDetail[]): GoogleError {
  return { code: 400, status: "INVALID_ARGUMENT", message, ...(details && { details }) };
}
