import { classify, type FailureKind } from "@holdfast/core";
import { describe, expect, test } from "vitest";

const said = (rows: [string, FailureKind][]): void => {
  test.each(rows)("%s", (line, kind) => {
    expect(classify(line).kind).toBe(kind);
    expect(classify(new Error(line)).kind).toBe(kind);
  });
};

describe("lines about the connection", () => {
  said([
    ["TypeError: fetch failed", "network"],
    ["exception TypeError: fetch failed sending request", "network"],
    ["Cannot connect to API: getaddrinfo ENOTFOUND generativelanguage.googleapis.com", "network"],
    ["connect ECONNREFUSED 127.0.0.1:443", "network"],
    ["read ECONNRESET", "network"],
    ["socket hang up", "network"],
    ["Client network socket disconnected before secure TLS connection was established", "network"],
    ["connect ETIMEDOUT 192.0.2.1:443", "network"],
    ["NetworkError when attempting to fetch resource.", "network"],
    ["Load failed", "network"],
    ["error sending request for url (https://cloudcode-pa.googleapis.com/v1internal)", "network"],
    ["httpx.ConnectError: [Errno -2] Name or service not known", "network"],
    ["[Errno 11001] getaddrinfo failed", "network"],
    [
      "('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
      "network",
    ],
    ["httpx.RemoteProtocolError: Server disconnected without sending a response.", "network"],
    [
      'Post "https://generativelanguage.googleapis.com": dial tcp: lookup generativelanguage.googleapis.com: no such host',
      "network",
    ],
    ["dial tcp 192.0.2.1:443: i/o timeout", "network"],
    ["net/http: TLS handshake timeout", "network"],
    ["java.net.UnknownHostException: generativelanguage.googleapis.com", "network"],
    [
      "[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol (_ssl.c:1000)",
      "network",
    ],
    ["Connection to generativelanguage.googleapis.com timed out. (connect timeout=60)", "network"],
    [
      "Timeout of 60.0s exceeded, last exception: 503 failed to connect to all addresses",
      "network",
    ],
    [
      "request to https://oauth2.googleapis.com/token failed, reason: self-signed certificate in certificate chain",
      "network",
    ],
    ["unable to verify the first certificate", "network"],
    ["tls: failed to verify certificate: x509: certificate signed by unknown authority", "network"],
    ["Headers Timeout Error", "timeout"],
    ["The operation was aborted due to timeout", "timeout"],
    ["TimeoutError: The read operation timed out", "timeout"],
    ["Request timed out.", "timeout"],
    ["context deadline exceeded (Client.Timeout exceeded while awaiting headers)", "timeout"],
    ["504 Deadline Exceeded", "timeout"],
    ["Error: 408 Request Timeout", "timeout"],
  ]);
});

describe("lines about streams and bodies", () => {
  said([
    ["Incomplete JSON segment at the end", "stream-interrupted"],
    ["[GoogleGenerativeAI Error]: Failed to parse stream", "stream-interrupted"],
    ["[GoogleGenerativeAI Error]: Error reading from the stream", "stream-interrupted"],
    [
      '[GoogleGenerativeAI Error]: Error parsing JSON response: "{"candidates": [{"conte"',
      "stream-interrupted",
    ],
    ["terminated", "stream-interrupted"],
    ["TypeError: terminated", "stream-interrupted"],
    ["Premature close", "stream-interrupted"],
    ["ERR_STREAM_PREMATURE_CLOSE", "stream-interrupted"],
    ["Unexpected end of JSON input", "stream-interrupted"],
    ["Unexpected token '<', \"<html>oops</html>\" is not valid JSON", "stream-interrupted"],
    ["json.decoder.JSONDecodeError: Extra data: line 2 column 1 (char 100)", "stream-interrupted"],
    [
      "peer closed connection without sending complete message body (incomplete chunked read)",
      "stream-interrupted",
    ],
    ["unexpected EOF", "stream-interrupted"],
    ["Model stream ended without a finish reason.", "stream-interrupted"],
    ['{"candidates": [{"content": {"parts": [{"te', "stream-interrupted"],
    ["Model stream ended with empty response text.", "empty-response"],
    [
      "No candidates returned from API. This may indicate the prompt was blocked or an error occurred.",
      "empty-response",
    ],
    ["The model returned no content.", "empty-response"],
    ["ValueError: Content has no parts.", "empty-response"],
    [
      "The `response.text` quick accessor requires the response to contain a valid `Part`, but none were returned.",
      "empty-response",
    ],
    ['{"choices": [], "usage": {...}}', "empty-response"],
    ["The model returned no content. Finish reason: SAFETY.", "content-blocked-response"],
    ["The model returned no content. Finish reason: RECITATION.", "recitation"],
    ["[GoogleGenerativeAI Error]: Candidate was blocked due to SAFETY", "content-blocked-response"],
    ["[GoogleGenerativeAI Error]: Candidate was blocked due to RECITATION", "recitation"],
    [
      "[GoogleGenerativeAI Error]: Text not available. Response was blocked due to PROHIBITED_CONTENT",
      "content-blocked-prompt",
    ],
    ["Prompt was blocked: PROHIBITED_CONTENT.", "content-blocked-prompt"],
    [
      "google.generativeai.types.generation_types.BlockedPromptException: block_reason: SAFETY",
      "content-blocked-prompt",
    ],
    ["StopCandidateException: index: 0 finish_reason: SAFETY", "content-blocked-response"],
    ["StopCandidateException: finish_reason: 4", "recitation"],
    [
      "Candidate(content=Content(role='model'), finish_reason=<FinishReason.MALFORMED_FUNCTION_CALL: 'MALFORMED_FUNCTION_CALL'>)",
      "malformed-function-call",
    ],
    ["Malformed function call: print(default_api.search(", "malformed-function-call"],
    [
      "GenerateContentResponse(candidates=[Candidate(finish_reason=<FinishReason.MAX_TOKENS: 'MAX_TOKENS'>)])",
      "truncated-max-tokens",
    ],
  ]);
});

describe("lines that name a status", () => {
  said([
    ["Request failed with status code 503", "capacity-exhausted"],
    ["Request failed: HTTP 503", "capacity-exhausted"],
    ["500 status code (no body)", "server-error"],
    ["400 status code (no body)", "invalid-request"],
    ["502 Bad Gateway", "gateway-error"],
    ["<html><head><title>502 Bad Gateway</title></head></html>", "gateway-error"],
    ["API Error: 429 Too Many Requests", "rate-limit-unknown"],
    ['{"error":"Stream request failed: 429"}', "rate-limit-unknown"],
    [
      "Error code: 429 - [{'error': {'code': 429, 'message': 'Resource has been exhausted (e.g. check quota).', 'status': 'RESOURCE_EXHAUSTED'}}]",
      "rate-limit-unknown",
    ],
    [
      'google.api_core.exceptions.ResourceExhausted: 429 Quota exceeded [violations { quota_metric: "generativelanguage.googleapis.com/generate_content_free_tier_requests" quota_id: "GenerateRequestsPerDayPerProjectPerModel-FreeTier" quota_dimensions { key: "model" value: "gemini-x" } quota_value: 50 } , retry_delay { seconds: 37 } ]',
      "rate-limit-day",
    ],
    [
      '403 Request had insufficient authentication scopes. [reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT" domain: "googleapis.com"]',
      "permission-denied",
    ],
    ["GoogleGenerativeAIError: [404 Not Found]", "model-not-found"],
  ]);
});

describe("aborts", () => {
  said([
    ["This operation was aborted", "cancelled"],
    ["The user aborted a request.", "cancelled"],
    ["AbortError: signal is aborted without reason", "cancelled"],
    ["Request was aborted.", "cancelled"],
    ["Delay was aborted", "cancelled"],
  ]);
});

describe("lines that say nothing known", () => {
  said([
    ["boom", "unknown"],
    ["", "unknown"],
    ["Cannot read properties of undefined (reading 'parts')", "unknown"],
    ["The tool 'search' failed", "unknown"],
    ["ENOENT: no such file or directory, open 'a.json'", "unknown"],
    ["duplicate key value violates unique constraint", "unknown"],
    ["Order 429 was shipped", "unknown"],
    ["The meeting is at 14:30 UTC", "unknown"],
    ["Key 'name' is missing in object", "unknown"],
    ["Heavy load test passed", "unknown"],
    ["Daily report sent", "unknown"],
    ["The job was cancelled by the scheduler", "unknown"],
    ["Validation failed: email is required", "unknown"],
  ]);
});

test("a text in gRPC's format yields quota, model and delay", () => {
  const failure = classify(
    '429 Quota exceeded [violations { quota_metric: "g.googleapis.com/generate_content_free_tier_requests" quota_id: "GenerateRequestsPerDayPerProjectPerModel-FreeTier" quota_dimensions { key: "model" value: "gemini-x" } quota_value: 50 } , retry_delay { seconds: 37 } ]',
  );
  expect(failure).toMatchObject({
    retryAfter: 37_000,
    model: "gemini-x",
    quota: { limit: 50, window: "day", unit: "requests", model: "gemini-x" },
  });
});
