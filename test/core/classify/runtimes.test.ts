import { classify, type FailureKind } from "@holdfast/core";
import { describe, expect, test } from "vitest";

const host = "https://relay.example/v1beta/models/gemini-x:generateContent";

/** What a log of each runtime shows, and what it means. */
const lines: Record<string, [line: string, kind: FailureKind][]> = {
  Java: [
    [
      "com.google.genai.errors.ServerException: 503 . The model is overloaded.",
      "capacity-exhausted",
    ],
    ["com.google.genai.errors.GenAiIOException: Failed to execute HTTP request.", "network"],
    [`java.io.IOException: unexpected end of stream on ${host}`, "network"],
    ["io.grpc.StatusRuntimeException: UNAVAILABLE: io exception", "network"],
    ["java.net.SocketTimeoutException: Read timed out", "timeout"],
    ["java.net.SocketTimeoutException: Connect timed out", "network"],
    [
      "ResponseStoppedException: Content generation stopped. Reason: MAX_TOKENS",
      "truncated-max-tokens",
    ],
    [
      "ResponseStoppedException: Content generation stopped. Reason: SAFETY",
      "content-blocked-response",
    ],
  ],
  Go: [
    [
      "Error 429, Message: Slow down, Status: RESOURCE_EXHAUSTED, Details: []",
      "rate-limit-unknown",
    ],
    [`Post "${host}": context canceled`, "cancelled"],
    [`Post "${host}": context deadline exceeded`, "timeout"],
    ["http2: server sent GOAWAY and closed the connection; LastStreamID=7", "network"],
    ["stream error: stream ID 5; INTERNAL_ERROR; received from peer", "stream-interrupted"],
    [`error sending request: Post "${host}": EOF`, "network"],
  ],
  Rust: [
    [`error sending request for url (${host}): tcp connect error`, "network"],
    ["client::Error(SendRequest, hyper::Error(IncompleteMessage))", "network"],
    ["error decoding response body: unexpected EOF during chunk size line", "stream-interrupted"],
    [`HTTP status client error (429 Too Many Requests) for url (${host})`, "rate-limit-unknown"],
  ],
  "C#": [
    [
      "HttpRequestException: Response status code does not indicate success: 503",
      "capacity-exhausted",
    ],
    [
      "The request was canceled due to the configured HttpClient.Timeout of 9 seconds elapsing.",
      "timeout",
    ],
    ["System.Net.Http.HttpIOException: The response ended prematurely.", "stream-interrupted"],
  ],
  "PHP, Ruby and curl": [
    ["cURL error 28: Operation timed out after 3001 milliseconds with 0 bytes received", "timeout"],
    ["curl: (18) transfer closed with outstanding read data remaining", "stream-interrupted"],
    ["Faraday::TooManyRequestsError: the server responded with status 429", "rate-limit-unknown"],
    ["Net::OpenTimeout: execution expired", "network"],
    ["Net::ReadTimeout with #<TCPSocket:(closed)>", "timeout"],
  ],
  "Swift and Dart": [
    [
      'NSURLErrorDomain Code=-1003 "A server with the specified hostname could not be found."',
      "network",
    ],
    ["The Internet connection appears to be offline.", "network"],
    ["ClientException: Connection closed while receiving data", "stream-interrupted"],
    ["ClientException: Connection closed before full header was received", "network"],
    [
      "The response has a status code of 503 and validateStatus was configured to throw",
      "capacity-exhausted",
    ],
  ],
  Python: [
    ["asyncio.exceptions.CancelledError", "cancelled"],
    ["httpx.ConnectTimeout: timed out", "network"],
    ["httpx.ReadTimeout", "timeout"],
    ["peer closed connection without sending complete message body", "stream-interrupted"],
  ],
  "a WebSocket": [
    ["received 1011 (internal error) Something failed inside; then sent 1011", "server-error"],
    [
      "received 1007 (invalid frame payload data) No such voice for text; then sent 1007",
      "invalid-request",
    ],
    [
      "received 1008 (policy violation) models/gemini-y is not found for API version v1",
      "model-not-found",
    ],
  ],
};

describe.each(Object.entries(lines))("a line from %s", (_runtime, rows) => {
  test.each(rows)("%s", (line, kind) => {
    expect(classify(line).kind).toBe(kind);
  });
});

test.each([
  "javax.net.ssl.SSLHandshakeException: PKIX path building failed",
  "AuthenticationException: The remote certificate is invalid: RemoteCertificateNameMismatch",
  "tls: failed to verify certificate: x509: certificate signed by unknown authority",
  "HandshakeException: Handshake error (OS Error: CERTIFICATE_VERIFY_FAILED)",
])("a certificate that is not trusted is not asked again: %s", (line) => {
  const { kind, retryable, helps } = classify(line);
  expect({ kind, retryable, helps }).toEqual({
    kind: "network",
    retryable: false,
    helps: { model: false, account: false, endpoint: false },
  });
});

const answer = (status: number, body: unknown) => classify({ status, headers: {}, body });

describe("what stands between", () => {
  test("a relay's 502 for its own failed fetch is the network, any other 502 a gateway", () => {
    expect(answer(502, "[502]: fetch failed").kind).toBe("network");
    expect(answer(502, "<html><title>502 Bad Gateway</title></html>").kind).toBe("gateway-error");
  });

  test("Envoy without a way to its upstream is a gateway, Envoy with too many calls is full", () => {
    const lost = "upstream connect error or disconnect/reset before headers. reset reason: ";
    expect(answer(503, `${lost}connection termination`).kind).toBe("gateway-error");
    expect(answer(503, "no healthy upstream").kind).toBe("gateway-error");
    expect(answer(503, `${lost}overflow`).kind).toBe("capacity-exhausted");
  });

  test("a gateway that guesses at overload is a gateway all the same", () => {
    const detail = "The origin returned an incomplete response. It may be overloaded.";
    expect(answer(502, { title: "Error 502: Bad gateway", status: 502, detail }).kind).toBe(
      "gateway-error",
    );
  });

  test("a body with status 200 that holds nothing but a complaint is what it complains of", () => {
    expect(answer(200, { errorMessage: "Task timed out after 30.03 seconds" }).kind).toBe(
      "timeout",
    );
    expect(answer(200, { errno: 7, errmsg: "Invalid API key" }).kind).toBe("invalid-api-key");
    expect(answer(200, { text: "Invalid API key" }).kind).toBe("empty-response");
  });
});
