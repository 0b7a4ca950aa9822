import { createGemini, type FaultInput, type Tier } from "@holdfast/gemini-simulator";
import { expect, test } from "vitest";

const rpc = "type.googleapis.com/google.rpc.";

/** Where a JSON value has what: paths with the type of what stands there, or the value where that is a name. */
function shapeOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => shapeOf(item, `${path}[]`));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => shapeOf(inner, `${path}.${key}`));
  }
  return [
    /(@type|reason|status|domain|quotaId|quotaMetric)$/i.test(path)
      ? `${path}=${String(value)}`
      : `${path}:${typeof value}`,
  ];
}

const answered = { modelVersion: "m", responseId: "r" };
const used = {
  promptTokenCount: 1,
  totalTokenCount: 1,
  promptTokensDetails: [{ modality: "TEXT", tokenCount: 1 }],
  serviceTier: "s",
};
const host = "generativelanguage.googleapis.com";

function refused(code: number, status: string, details?: object[]): object {
  return { error: { code, message: "", status, ...(details && { details }) } };
}

function quota(...violations: [metric: string, id: string, value?: string][]): object {
  return refused(429, "RESOURCE_EXHAUSTED", [
    { "@type": `${rpc}Help`, links: [{ description: "", url: "" }] },
    {
      "@type": `${rpc}QuotaFailure`,
      violations: violations.map(([metric, quotaId, quotaValue]) => ({
        quotaMetric: `${host}/${metric}`,
        quotaId,
        quotaDimensions: { location: "", model: "" },
        ...(quotaValue !== undefined && { quotaValue }),
      })),
    },
    { "@type": `${rpc}RetryInfo`, retryDelay: "1s" },
  ]);
}

function badKey(reason: string, ...more: object[]): object[] {
  const info = {
    "@type": `${rpc}ErrorInfo`,
    reason,
    domain: "googleapis.com",
    metadata: { service: "" },
  };
  return [info, { "@type": `${rpc}LocalizedMessage`, locale: "", message: "" }, ...more];
}

const freeRequests = "generate_content_free_tier_requests";
const freeTokens = "generate_content_free_tier_input_token_count";

test.each<[FaultInput, object, Tier?]>([
  ["overload", refused(503, "UNAVAILABLE")],
  ["bare-exhaustion", refused(429, "RESOURCE_EXHAUSTED")],
  [
    "minute-quota",
    quota([freeRequests, "GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "5"]),
  ],
  ["day-quota", quota([freeRequests, "GenerateRequestsPerDayPerProjectPerModel-FreeTier", "20"])],
  [
    "minute-token-quota",
    quota([freeTokens, "GenerateContentInputTokensPerModelPerMinute-FreeTier", "250000"]),
  ],
  [
    "minute-token-quota",
    quota([
      "generate_content_paid_tier_2_input_token_count",
      "GenerateContentPaidTierInputTokensPerModelPerMinute-PaidTier2",
      "1",
    ]),
    "tier-2",
  ],
  [
    "minute-quota",
    quota(["generate_requests_per_model", "GenerateRequestsPerMinutePerProjectPerModel", "1"]),
    "tier-1",
  ],
  [
    "zero-quota",
    quota(
      [freeRequests, "GenerateRequestsPerDayPerProjectPerModel-FreeTier"],
      [freeRequests, "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"],
      [freeTokens, "GenerateContentInputTokensPerModelPerMinute-FreeTier"],
    ),
  ],
  ["invalid-key", refused(400, "INVALID_ARGUMENT", badKey("API_KEY_INVALID"))],
  ["expired-key", refused(400, "INVALID_ARGUMENT", badKey("API_KEY_INVALID"))],
  [
    "unsupported-token",
    refused(401, "UNAUTHENTICATED", [
      {
        "@type": `${rpc}ErrorInfo`,
        reason: "ACCESS_TOKEN_TYPE_UNSUPPORTED",
        metadata: { method: "", service: "" },
      },
    ]),
  ],
  [
    "no-capacity",
    refused(503, "UNAVAILABLE", [
      {
        "@type": `${rpc}ErrorInfo`,
        reason: "MODEL_CAPACITY_EXHAUSTED",
        domain: "cloudcode-pa.googleapis.com",
        metadata: { model: "" },
      },
      { "@type": `${rpc}RetryInfo`, retryDelay: "40s" },
    ]),
  ],
  [
    "empty-stop",
    {
      candidates: [{ content: { role: "" }, finishReason: "STOP", index: 0 }],
      usageMetadata: used,
      ...answered,
    },
  ],
  [
    "recitation",
    { candidates: [{ finishReason: "RECITATION", index: 0 }], usageMetadata: used, ...answered },
  ],
  [
    "blocked-prompt",
    {
      promptFeedback: { blockReason: "PROHIBITED_CONTENT" },
      usageMetadata: { promptTokenCount: 1, totalTokenCount: 1 },
    },
  ],
  [
    "max-tokens",
    {
      candidates: [{ content: {}, finishReason: "MAX_TOKENS", index: 0 }],
      usageMetadata: { ...used, thoughtsTokenCount: 1 },
      ...answered,
    },
  ],
])("%o has the structure of the real one", (fault, real, tier = "free") => {
  const gemini = createGemini({
    projects: [{ name: "*", tier }],
    quotas: { limits: [{}] },
    rules: [{ fault }],
  });
  const answer = gemini.handle(
    {
      method: "POST",
      url: "/v1beta/models/gemini-3.8-flash:generateContent?key=K1",
      headers: {},
      body: '{"contents":[{"parts":[{"text":"hi"}]}]}',
    },
    Date.UTC(2026, 10, 2),
  );
  const text = answer.chunks.map((chunk) => chunk.text).join("");
  expect(text).toMatch(/^\{\n {2}"[^]*\}\n$/);
  expect(new Set(shapeOf(JSON.parse(text)))).toEqual(new Set(shapeOf(real)));
});
