import { classify, type FailureKind } from "@holdfast/core";
import { describe, expect, test } from "vitest";

// Sentences of nobody in particular: what a kind is recognised by is its idea, however a provider, a relay or a client puts it.
const english: Partial<Record<FailureKind, string[]>> = {
  "invalid-api-key": [
    "Invalid API key",
    "The API key you provided is invalid.",
    "API key is incorrect, please check it",
    "Wrong API key supplied",
    "No valid API key was provided",
    "The supplied key was rejected: invalid API key",
    "api_key is invalid",
    "Your API key is not recognized",
  ],
  "api-key-expired": [
    "The API key has expired",
    "Your key expired yesterday, renew it",
    "API key expired",
    "This API key is expired.",
  ],
  "api-key-leaked": [
    "This key has been reported as leaked and was disabled",
    "Your API key was found in a public repository and is compromised",
    "API key was flagged as leaked",
  ],
  "api-key-restricted": [
    "Requests from this IP address are blocked by the key's restrictions",
    "The API key does not allow requests from this referer",
    "This API key is restricted to certain IP addresses",
    "API key restrictions do not permit this service",
    "Requests from this iOS client application <empty> are blocked.",
  ],
  unauthenticated: [
    "Authentication required",
    "You are not authenticated",
    "Missing authentication header",
    "No auth credentials found",
    "The access token is invalid or has expired",
    "Token expired",
    "Please log in again",
    "Unauthorized",
    "Authorization header is missing",
  ],
  "api-not-enabled": [
    "The Generative Language API is not enabled for this project",
    "Enable the API in the Google Cloud console before using it",
    "Vertex AI API has been disabled for project 12",
  ],
  "billing-required": [
    "Billing is not enabled for this project",
    "You must enable billing to use this model",
    "This feature requires a billing account",
    "This model is only available to paid users",
  ],
  "project-suspended": [
    "Your account has been suspended",
    "The project was suspended for abuse",
    "Account deactivated",
    "Your account has been banned",
    "This consumer is suspended",
  ],
  "permission-denied": [
    "Permission denied",
    "You do not have permission to use this model",
    "Access denied",
    "Forbidden",
    "The service account lacks the required permission aiplatform.endpoints.predict",
  ],
  "region-unsupported": [
    "Your country is not supported",
    "This service is not available in your region",
    "Gemini is not available in your location",
    "Country, region, or territory not supported",
    "API access from your region is restricted",
    "The API is unavailable in your country",
  ],
  "model-not-found": [
    "The model `gemini-9` does not exist",
    "Model not found: gemini-9",
    "Unknown model gemini-9",
    "No such model: gemini-9",
    "gemini-1.0-pro has been retired",
    "The model gemini-1.5-pro was discontinued",
    "models/gemini-foo is not found",
    "gemini-1.5-flash is deprecated and no longer supported",
    "model gemini-9 is not a valid model ID",
  ],
  "context-length-exceeded": [
    "The prompt is too long",
    "The input exceeds the model's context window",
    "Too many tokens in the request",
    "Your input has 2000000 tokens, the maximum is 1048576",
    "Input token limit exceeded",
    "maximum context length is 8192 tokens",
    "The request exceeds the maximum number of tokens",
    "context window exceeded",
  ],
  "payload-too-large": [
    "Request body too large",
    "The request payload is too large",
    "Request Entity Too Large",
    "The uploaded file is too large",
    "Payload Too Large",
    "File size exceeds the limit of 20 MB",
  ],
  "rate-limit-minute": [
    "Rate limit reached: 10 requests per minute",
    "You have exceeded the limit of 15 requests/minute",
    "Too many requests per minute",
    "RPM limit exceeded",
  ],
  "rate-limit-tokens-minute": [
    "You exceeded your tokens per minute limit",
    "TPM limit reached",
    "Rate limit: input tokens per minute exceeded",
  ],
  "rate-limit-day": [
    "Daily quota exceeded",
    "You have used up your daily limit",
    "Daily request limit reached",
    "You have reached your requests per day limit",
    "Quota exceeded: 50 requests/day",
    "The daily limit has been exceeded",
  ],
  "rate-limit-unknown": [
    "Too Many Requests",
    "Rate limit exceeded",
    "You are being rate limited",
    "Quota exceeded",
    "Request was throttled",
    "Rate limit hit, slow down",
    "You have hit your usage limit",
  ],
  "quota-zero": ["Quota exceeded for metric: x, limit: 0", "This model has no free tier quota"],
  "rate-limit-spend": ["You have exceeded your spend-based rate limit"],
  "spend-cap": [
    "Your credits are exhausted",
    "Insufficient balance",
    "You have run out of credits",
    "Payment required",
    "Monthly spend limit reached",
    "Your prepaid balance is used up",
    "You have no credits left",
    "Spending limit exceeded",
    "Not enough credits",
    "Your credit balance is too low",
  ],
  "capacity-exhausted": [
    "The model is overloaded",
    "The server is overloaded, try later",
    "Service unavailable",
    "We are at capacity",
    "No capacity available",
    "The model is currently experiencing high load",
    "Server is too busy",
    "The service is temporarily unavailable",
    "Our servers are busy",
    "Model is at capacity",
    "system overloaded",
    "received 1011 (internal error) The service is currently unavailable.; then sent 1011 (internal error) The service is currently unavailable.",
  ],
  "server-error": [
    "Internal server error",
    "An internal error occurred",
    "Internal Error",
    "Something went wrong on our side",
    "An unexpected server error occurred",
    "The server had an error while processing your request",
    "received 1011 (internal error) Internal error occurred.; then sent 1011 (internal error)",
  ],
  timeout: [
    "Request timed out",
    "Timeout",
    "Deadline exceeded",
    "The request timed out after 60 seconds",
    "Gateway timeout",
    "Read timeout",
    "timeout of 30000ms exceeded",
    "The operation took too long",
  ],
  "gateway-error": [
    "Bad gateway",
    "502 Bad Gateway",
    "upstream server returned an invalid response",
  ],
  network: [
    "fetch failed",
    "Connection refused",
    "Connection reset by peer",
    "socket hang up",
    "Network error",
    "getaddrinfo ENOTFOUND generativelanguage.googleapis.com",
    "DNS lookup failed",
    "Could not resolve host: generativelanguage.googleapis.com",
    "Failed to connect to server",
    "ssl handshake failed",
    "proxy connection failed",
    "Connection closed before response",
    "read ECONNRESET",
    "network is unreachable",
    "Unable to reach the server",
    "request to https://relay.example/v1 failed, reason: ",
  ],
  "stream-interrupted": [
    "The stream was interrupted",
    "Stream ended unexpectedly",
    "Unexpected end of JSON input",
    "connection closed while streaming",
    "incomplete chunked read",
    "Premature close",
    "The response was cut off",
    "Unterminated string in JSON at position 41",
    "stream closed before completion",
  ],
  "empty-response": [
    "The model returned an empty response",
    "No content in response",
    "Empty completion",
    "The response had no candidates",
    "No text was generated",
    "Model produced no output",
    "received empty response from model",
  ],
  "content-blocked-prompt": [
    "The prompt was blocked",
    "Your request was blocked by safety filters",
    "Prompt rejected by content policy",
    "Input was flagged as unsafe",
  ],
  "content-blocked-response": [
    "The response was blocked by safety settings",
    "Response filtered: SAFETY",
    "Content filtered",
    "Candidate was blocked due to PROHIBITED_CONTENT",
    "The output was blocked for safety reasons",
  ],
  recitation: ["The response was blocked due to recitation", "finishReason: RECITATION"],
  "malformed-function-call": [
    "The model produced a malformed function call",
    "Malformed tool call",
    "finish reason MALFORMED_FUNCTION_CALL",
    "Unexpected tool call",
  ],
  "truncated-max-tokens": [
    "Max tokens reached",
    "The response was truncated: maximum output tokens reached",
    "finish reason: MAX_TOKENS",
    "max_tokens limit reached before any text",
  ],
  cancelled: [
    "The request was cancelled by the user",
    "AbortError: aborted",
    "Operation aborted",
    "Request aborted",
    "canceled",
  ],
  "invalid-request": [
    "Bad request",
    "Invalid JSON payload received",
    "Invalid argument",
    "Missing required parameter: contents",
    "temperature must be a number",
    "contents must not be empty",
    "Malformed request",
    "Invalid value for field temperature",
    "The request is invalid",
    "Unknown field: foo",
    "* GenerateContentRequest.contents[0].parts[1].inline_data.mime_type: MIME type must be image/png",
  ],
  "resource-not-found": [
    "File files/abc123 not found",
    "cachedContents/xyz does not exist",
    "The file has expired",
    "You do not have permission to access the file or it may not exist",
  ],
  unknown: [
    "boom",
    "Cannot read properties of undefined (reading 'map')",
    "x is not a function",
    "Tool search failed",
    "Assertion failed",
    "division by zero",
    "[object Object]",
    "null",
    "Command exited with code 1",
    "The file src/a.ts could not be edited",
    "Invalid arguments for tool read_file",
    "The model decided to stop",
    "No results found for your query",
    "Could not parse the user's date",
    "Missing semicolon at line 3",
    "I cannot help with that request.",
    "The weather in Paris is 12 degrees",
    "ENOENT: no such file or directory, open 'a.txt'",
    "EACCES: permission denied, open 'a.txt'",
    "Unexpected value",
  ],
};

// As relays in Chinese say it.
const chinese: Partial<Record<FailureKind, string[]>> = {
  "spend-cap": [
    "用户额度不足, 剩余额度: 0 (request id: 1)",
    "该令牌额度已用尽",
    "账户余额不足，请充值",
  ],
  "capacity-exhausted": ["当前分组上游负载已饱和，请稍后再试", "服务器繁忙，请稍后再试"],
  "invalid-api-key": ["无效的 API 密钥"],
  unauthenticated: ["无效的令牌", "未提供令牌"],
  "project-suspended": ["该账号已被封禁"],
  "region-unsupported": ["您所在的地区不支持使用"],
  "model-not-found": ["模型 gemini-9 不存在", "当前分组 default 下对于模型 gemini-9 无可用渠道"],
  "rate-limit-minute": ["您已达到请求数限制：1分钟内最多请求10次"],
  "rate-limit-day": ["今日请求次数已达上限"],
  "rate-limit-unknown": ["请求过于频繁，请稍后再试"],
  timeout: ["请求超时"],
  network: ["请求上游地址失败", "网络错误，请检查网络"],
  "content-blocked-prompt": ["输入包含敏感词"],
  "server-error": ["服务器内部错误"],
  "context-length-exceeded": ["上下文过长"],
};

describe.each([...Object.entries(english), ...Object.entries(chinese)])("%s", (kind, sentences) => {
  test.each(sentences)("%s", (sentence) => {
    expect(classify(new Error(sentence)).kind).toBe(kind);
  });
});

describe("whatever surrounds a sentence", () => {
  const said = Object.entries(english).flatMap(([kind, sentences]) =>
    kind === "unknown" ? [] : sentences.slice(0, 1).map((sentence) => ({ kind, sentence })),
  );

  test.each(said)("$sentence, as the cause of another error", ({ kind, sentence }) => {
    const error = new Error("The agent could not answer", { cause: new Error(sentence) });
    expect(classify(error).kind).toBe(kind);
  });

  test.each(said)("$sentence, in capitals or without them", ({ kind, sentence }) => {
    expect(classify(new Error(sentence.toLowerCase())).kind).toBe(kind);
  });

  test.each(said)("$sentence, as JSON in a string in JSON", ({ kind, sentence }) => {
    const inner = JSON.stringify({ error: { message: sentence } });
    expect(classify(JSON.stringify({ error: { message: inner } })).kind).toBe(kind);
  });
});
