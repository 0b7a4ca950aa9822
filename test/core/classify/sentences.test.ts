import { classify, type FailureKind } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { body, errorInfo } from "./shapes.ts";

/** Which move helps, as letters: M another model, A another account, E another endpoint, R the same again. */
const moves = (value: unknown): string => {
  const { helps, retryable } = classify(value);
  return [retryable && "R", helps.model && "M", helps.account && "A", helps.endpoint && "E"]
    .filter(Boolean)
    .join("");
};

type Row = [message: string, kind: FailureKind, moves: string];

function table(code: number, status: string, rows: Row[]): void {
  describe(`${code} ${status}`, () => {
    test.each(rows)("%s", (message, kind, expected) => {
      const answer = { status: code, headers: {}, body: body(`${code} ${status}`, message) };
      expect([classify(answer).kind, moves(answer)]).toEqual([kind, expected]);
    });
  });
}

table(400, "INVALID_ARGUMENT", [
  ["Request contains an invalid argument.", "invalid-request", ""],
  [
    "Invalid JSON payload received. Unknown name \"foo\" at 'tools[0]': Cannot find field.",
    "invalid-request",
    "",
  ],
  ["Invalid value at 'generation_config.temperature' (TYPE_FLOAT), \"hot\"", "invalid-request", ""],
  ["* GenerateContentRequest.contents: contents is not specified\n", "invalid-request", ""],
  [
    "* GenerateContentRequest.contents[0].parts: contents.parts must not be empty.",
    "invalid-request",
    "",
  ],
  [
    "Unable to submit request because it has a temperature value of 3 but the supported range is from 0 (inclusive) to 2.0001 (exclusive).",
    "invalid-request",
    "",
  ],
  ["Please use a valid role: user, model.", "invalid-request", ""],
  [
    "Please ensure that multiturn requests alternate between user and model.",
    "invalid-request",
    "",
  ],
  [
    "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
    "invalid-request",
    "",
  ],
  [
    "The GenerateContentRequest proto is invalid:\n  * tools[0].function_declarations[7].name: [FIELD_INVALID] Invalid function name.",
    "invalid-request",
    "",
  ],
  [
    "* GenerateContentRequest.tools[0].function_declarations[0].parameters.properties: should be non-empty for OBJECT type",
    "invalid-request",
    "",
  ],
  [
    "* GenerateContentRequest.generation_config.response_schema.enum: only allowed for STRING type",
    "invalid-request",
    "",
  ],
  [
    "Function calling with a response mime type: 'application/json' is unsupported",
    "invalid-request",
    "",
  ],
  ["Tool use with function calling is unsupported", "invalid-request", ""],
  [
    "Built-in tools ({google_search}) and Function Calling cannot be combined in the same request.",
    "invalid-request",
    "",
  ],
  ["Multiple tools are supported only when they are all search tools.", "invalid-request", ""],
  [
    "CachedContent can not be used with GenerateContent request setting system_instruction, tools or tool_config.",
    "invalid-request",
    "",
  ],
  [
    "The thinking budget 99999 is invalid. Please choose a value between 512 and 24576.",
    "invalid-request",
    "",
  ],
  [
    "Unable to process input image. Please retry or report in the troubleshooting guide",
    "invalid-request",
    "",
  ],
  ["Unsupported MIME type: application/zip", "invalid-request", ""],
  [
    "Cannot fetch content from the provided URL. Please ensure the URL is valid and accessible.",
    "invalid-request",
    "",
  ],
  ["The document has no pages.", "invalid-request", ""],
  [
    "A schema in GenerationConfig in the request exceeds the maximum allowed nesting depth.",
    "invalid-request",
    "",
  ],
  [
    "The specified schema produces a constraint that has too many states for serving.",
    "invalid-request",
    "",
  ],
  [
    "User has requested a restricted HarmBlockThreshold setting BLOCK_NONE. You can get access by switching your account type to monthly invoiced billing.",
    "invalid-request",
    "",
  ],
  [
    "* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch",
    "invalid-request",
    "",
  ],
  ["max_output_tokens must be greater than 0", "invalid-request", ""],
  ["The number of stop sequences exceeds the limit of 5.", "invalid-request", ""],
  ["Function call is missing a thought_signature in functionCall parts.", "invalid-request", "M"],
  ["Thought signature is not valid", "invalid-request", "M"],
  ["Budget 0 is invalid. This model only works in thinking mode.", "invalid-request", "M"],
  ["Thinking level is not supported for this model.", "invalid-request", "M"],
  ["thinking_config is not supported.", "invalid-request", "M"],
  [
    "Unable to submit request because thinking is not configurable in this model; please remove the thinking_config setting and try it again.",
    "invalid-request",
    "M",
  ],
  ["Function calling is not enabled for models/gemma-3-27b-it", "invalid-request", "M"],
  ["Developer instruction is not enabled for models/gemma-3-27b-it", "invalid-request", "M"],
  ["JSON mode is not enabled for models/gemma-3-27b-it", "invalid-request", "M"],
  ["Image input modality is not enabled for models/gemini-x", "invalid-request", "M"],
  ["Multiturn chat is not enabled for models/gemini-x-image", "invalid-request", "M"],
  ["Search Grounding is not supported.", "invalid-request", "M"],
  ["Search as tool is not enabled for this model", "invalid-request", "M"],
  ["Penalty is not enabled for models/gemini-x", "invalid-request", "M"],
  [
    "The requested combination of response modalities (TEXT) is not supported by the model. models/gemini-x-image accepts the following combination of response modalities: * IMAGE, TEXT",
    "invalid-request",
    "M",
  ],
  [
    "The input token count (1310720) exceeds the maximum number of tokens allowed (1048576).",
    "context-length-exceeded",
    "M",
  ],
  [
    "The input token count exceeds the maximum number of tokens allowed 32768.",
    "context-length-exceeded",
    "M",
  ],
  [
    "Unable to submit request because the input token count is 1310720 but model only supports up to 1048576. Reduce the input token count and try again.",
    "context-length-exceeded",
    "M",
  ],
  [
    "Request payload size exceeds the limit: 20971520 bytes. Please use the File API.",
    "payload-too-large",
    "",
  ],
  ["API key not valid. Please pass a valid API key.", "invalid-api-key", "A"],
  ["API Key not found. Please pass a valid API key.", "invalid-api-key", "A"],
  ["API key expired. Please renew the API key.", "api-key-expired", "A"],
  [
    "This model models/gemini-x is no longer available. Please update your code to use a newer model.",
    "model-not-found",
    "M",
  ],
]);

table(400, "FAILED_PRECONDITION", [
  ["User location is not supported for the API use.", "region-unsupported", "E"],
  [
    "User location is not supported for the API use without a billing account linked.",
    "billing-required",
    "AE",
  ],
  [
    "Gemini API free tier is not available in your country. Please enable billing on your project in Google AI Studio.",
    "billing-required",
    "AE",
  ],
  ["Image generation is not available in your country", "region-unsupported", "E"],
  ["The File abc is not in an ACTIVE state and usage is not allowed.", "invalid-request", "R"],
]);

table(401, "UNAUTHENTICATED", [
  [
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
    "unauthenticated",
    "A",
  ],
  [
    "API keys are not supported by this API. Expected OAuth2 access token or other authentication credentials that assert a principal.",
    "unauthenticated",
    "A",
  ],
  [
    "Request is missing required authentication credential. Expected OAuth 2 access token.",
    "unauthenticated",
    "A",
  ],
]);

table(403, "PERMISSION_DENIED", [
  ["Your API key was reported as leaked. Please use another API key.", "api-key-leaked", "A"],
  [
    "Requests to this API generativelanguage.googleapis.com method google.ai.generativelanguage.v1beta.GenerativeService.GenerateContent are blocked.",
    "api-key-restricted",
    "A",
  ],
  ["Requests from referer https://example.com are blocked.", "api-key-restricted", "A"],
  [
    "The provided API key has an IP address restriction. The originating IP address of the call (203.0.113.7) violates this restriction.",
    "api-key-restricted",
    "A",
  ],
  [
    "Generative Language API has not been used in project 42 before or it is disabled. Enable it by visiting https://console.developers.google.com then retry.",
    "api-not-enabled",
    "A",
  ],
  [
    "This API method requires billing to be enabled. Please enable billing on project #42.",
    "billing-required",
    "A",
  ],
  ["Permission denied: Consumer 'projects/42' has been suspended.", "project-suspended", "A"],
  ["Your project has been denied access. Please contact support.", "project-suspended", "A"],
  [
    "This service has been disabled in this account for violation of Terms of\n\t\tService.",
    "project-suspended",
    "A",
  ],
  [
    "Method doesn't allow unregistered callers (callers without established identity).",
    "unauthenticated",
    "A",
  ],
  ["The caller does not have permission", "permission-denied", "MA"],
  [
    "Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/projects/p/locations/l/publishers/google/models/gemini-x' (or it may not exist).",
    "permission-denied",
    "A",
  ],
  ["Permission denied on resource project default.", "permission-denied", "A"],
  [
    "You do not have permission to access the File abc or it may not exist.",
    "resource-not-found",
    "",
  ],
  [
    "You do not have permission to access the CachedContent or it may not exist.",
    "resource-not-found",
    "",
  ],
]);

table(404, "NOT_FOUND", [
  [
    "models/gemini-x is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.",
    "model-not-found",
    "M",
  ],
  [
    "models/text-embedding-x is not found for API version v1beta, or is not supported for embedContent.",
    "model-not-found",
    "M",
  ],
  [
    "This model models/gemini-x is no longer available to new users. Please update your code to use a newer model.",
    "model-not-found",
    "MA",
  ],
  [
    "Publisher Model `projects/p/locations/l/publishers/google/models/gemini-x` was not found or your project does not have access to it.",
    "model-not-found",
    "ME",
  ],
  ["Requested entity was not found.", "model-not-found", "M"],
  ["Models/gemini-x was retired on 2026-06-01. It has been shut down.", "model-not-found", "M"],
  ["CachedContent cachedContents/abc not found", "resource-not-found", ""],
  ["File files/abc not found.", "resource-not-found", ""],
  ["Batch batches/abc does not exist.", "resource-not-found", ""],
]);

table(429, "RESOURCE_EXHAUSTED", [
  ["Resource has been exhausted (e.g. check quota).", "rate-limit-unknown", "RMAE"],
  [
    "You exceeded your current quota, please check your plan and billing details.",
    "rate-limit-unknown",
    "RMAE",
  ],
  [
    "Quota exceeded for quota metric 'Generate Content API requests per minute' and limit 'GenerateContent request limit per minute for a region' of service 'generativelanguage.googleapis.com'",
    "rate-limit-minute",
    "RAE",
  ],
  [
    "Quota exceeded for aiplatform.googleapis.com/generate_content_requests_per_minute_per_project_per_base_model with base model: gemini-x. Please submit a quota increase request.",
    "rate-limit-minute",
    "RMAE",
  ],
  [
    "Quota exceeded for quota metric 'Gemini 2.5 Pro Requests' and limit 'Gemini 2.5 Pro Requests per day per user per tier' of service 'cloudcode-pa.googleapis.com'",
    "rate-limit-day",
    "MAE",
  ],
  [
    "* Quota exceeded for metric: generativelanguage.googleapis.com/generate_requests_per_model, limit: 25, model: gemini-x\nPlease retry in 19.6s.",
    "rate-limit-minute",
    "RMAE",
  ],
  [
    "* Quota exceeded for metric: generativelanguage.googleapis.com/generate_requests_per_model_per_day, limit: 250, model: gemini-x\nPlease retry in 5h54m39.64s.",
    "rate-limit-day",
    "MAE",
  ],
  [
    "* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_paid_tier_input_token_count, limit: 1000000, model: gemini-x\nPlease retry in 45.8s.",
    "rate-limit-tokens-minute",
    "RMAE",
  ],
  [
    "* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 0, model: gemini-x",
    "quota-zero",
    "MAE",
  ],
  [
    "Gemini X Pro Preview doesn't have a free quota tier. Please use another model instead.",
    "quota-zero",
    "MAE",
  ],
  [
    "You have exhausted your capacity on this model. Your quota will reset after 12h34m16s.",
    "rate-limit-day",
    "MAE",
  ],
  [
    "You have exhausted your capacity on this model. Your quota will reset after 26s.",
    "rate-limit-unknown",
    "RMAE",
  ],
  ["You have exhausted your daily quota on this model.", "rate-limit-day", "MAE"],
  [
    "Resource exhausted. Please try again later. Please refer to https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details.",
    "capacity-exhausted",
    "RME",
  ],
  ["No capacity available for model gemini-x on the server", "capacity-exhausted", "RME"],
  [
    "Your prepayment credits are depleted. Please go to AI Studio to manage your project and billing.",
    "spend-cap",
    "A",
  ],
  [
    "Your project has exceeded its monthly spending cap. Please go to AI Studio to manage your project spend cap.",
    "spend-cap",
    "A",
  ],
  [
    "You exceeded your spend-based rate limit. Your spending rate has exceeded the allowed limit for your account's billing history and tier.",
    "rate-limit-spend",
    "RAE",
  ],
]);

table(499, "CANCELLED", [["The operation was cancelled.", "server-error", "RME"]]);
table(500, "INTERNAL", [
  ["Internal error encountered.", "server-error", "RME"],
  [
    "An internal error has occurred. Please retry or report in the troubleshooting guide",
    "server-error",
    "RME",
  ],
  ["Failed to convert server response to JSON", "server-error", "RME"],
]);
table(503, "UNAVAILABLE", [
  ["The model is overloaded. Please try again later.", "capacity-exhausted", "RME"],
  [
    "This model is currently experiencing high demand. Spikes in demand are usually temporary.",
    "capacity-exhausted",
    "RME",
  ],
  ["The service is currently unavailable.", "capacity-exhausted", "RME"],
  ["Service Unavailable", "capacity-exhausted", "RME"],
  ["Deadline expired before operation could complete.", "timeout", "RME"],
  [
    "failed to connect to all addresses; last error: UNKNOWN: ipv4:192.0.2.1:443: tcp handshaker shutdown",
    "network",
    "RE",
  ],
]);
table(504, "DEADLINE_EXCEEDED", [
  ["Deadline expired before operation could complete.", "timeout", "RME"],
  ["The request timed out. Please try again.", "timeout", "RME"],
]);

describe("reasons that details state", () => {
  test.each<[string, FailureKind]>([
    ["API_KEY_IP_ADDRESS_BLOCKED", "api-key-restricted"],
    ["API_KEY_ANDROID_APP_BLOCKED", "api-key-restricted"],
    ["SERVICE_DISABLED", "api-not-enabled"],
    ["BILLING_DISABLED", "billing-required"],
    ["CONSUMER_SUSPENDED", "project-suspended"],
    ["CONSUMER_INVALID", "permission-denied"],
    ["ACCESS_TOKEN_SCOPE_INSUFFICIENT", "permission-denied"],
    ["ACCESS_TOKEN_TYPE_UNSUPPORTED", "unauthenticated"],
  ])("%s", (reason, kind) => {
    const failure = classify(
      body("403 PERMISSION_DENIED", "In words nobody has seen.", [errorInfo(reason)]),
    );
    expect(failure).toMatchObject({ kind, reason, sure: "stated" });
  });

  test("an expired key has the reason of an invalid one and says so in its sentence only", () => {
    const expired = body("400 INVALID_ARGUMENT", "API key expired. Please renew the API key.", [
      errorInfo("API_KEY_INVALID"),
    ]);
    expect(classify(expired).kind).toBe("api-key-expired");
  });

  test("a used-up shared capacity is nobody's quota", () => {
    const answer = body("429 RESOURCE_EXHAUSTED", "Try later.", [
      errorInfo("MODEL_CAPACITY_EXHAUSTED", { model: "gemini-x" }),
    ]);
    expect(classify(answer)).toMatchObject({ kind: "capacity-exhausted", model: "gemini-x" });
  });
});
