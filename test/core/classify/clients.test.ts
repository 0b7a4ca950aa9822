import { classify, type FailureKind } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { type Body, body, clients, errorInfo, quotaFailure, retryInfo } from "./shapes.ts";

const metric = "generativelanguage.googleapis.com/generate_content_free_tier_requests";
const exceeded = "You exceeded your current quota, please check your plan and billing details.";

const bodies: [FailureKind, Body, { retryAfter?: number; retryable: boolean }][] = [
  [
    "rate-limit-minute",
    body(
      "429 RESOURCE_EXHAUSTED",
      `${exceeded} \n* Quota exceeded for metric: ${metric}, limit: 10, model: gemini-x\nPlease retry in 34.07s.`,
      [
        quotaFailure({
          quotaMetric: metric,
          quotaId: "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
          quotaValue: "10",
          model: "gemini-x",
        }),
        retryInfo("34s"),
      ],
    ),
    { retryable: true, retryAfter: 34_070 },
  ],
  [
    "rate-limit-day",
    body("429 RESOURCE_EXHAUSTED", exceeded, [
      quotaFailure(
        {
          quotaMetric: metric,
          quotaId: "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
          quotaValue: "10",
        },
        {
          quotaMetric: metric,
          quotaId: "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
          quotaValue: "250",
        },
      ),
      retryInfo("7s"),
    ]),
    { retryable: false, retryAfter: 7_000 },
  ],
  [
    "quota-zero",
    body(
      "429 RESOURCE_EXHAUSTED",
      `${exceeded}\n* Quota exceeded for metric: ${metric}, limit: 0, model: gemini-x\nPlease retry in 12.5s.`,
      [
        quotaFailure({
          quotaMetric: metric,
          quotaId: "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
          model: "gemini-x",
        }),
        retryInfo("12s"),
      ],
    ),
    { retryable: false, retryAfter: 12_500 },
  ],
  [
    "rate-limit-unknown",
    body("429 RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
    { retryable: true },
  ],
  [
    "invalid-api-key",
    body("400 INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [
      errorInfo("API_KEY_INVALID"),
    ]),
    { retryable: false },
  ],
  [
    "invalid-request",
    body("400 INVALID_ARGUMENT", "Unable to process input image."),
    { retryable: false },
  ],
  [
    "region-unsupported",
    body("400 FAILED_PRECONDITION", "User location is not supported for the API use."),
    { retryable: false },
  ],
  [
    "model-not-found",
    body(
      "404 NOT_FOUND",
      "models/gemini-x is not found for API version v1beta, or is not supported for generateContent.",
    ),
    { retryable: false },
  ],
  ["server-error", body("500 INTERNAL", "An internal error has occurred."), { retryable: true }],
  [
    "capacity-exhausted",
    body("503 UNAVAILABLE", "The model is overloaded. Please try again later."),
    { retryable: true },
  ],
];

describe.each(Object.entries(clients))("%s", (_client, throwing) => {
  test.each(bodies)("shows %s", (kind, answer, expected) => {
    expect(classify(throwing(answer))).toMatchObject({ kind, ...expected });
  });
});
