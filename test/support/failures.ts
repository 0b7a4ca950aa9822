// Errors in the shapes in which Gemini's clients throw them.

/** An error as an HTTP client of Gemini throws it. */
export function apiError(status: number, message: string, details: readonly object[] = []): Error {
  const error = { code: status, message, status: "", details };
  return Object.assign(new Error(message), { status, data: { error } });
}

/** The refusal of a quota, as Gemini words it. */
export function quotaError(options: {
  limit?: number;
  retryDelay?: string;
  id?: string;
  metric?: string;
  model?: string;
}): Error {
  const {
    limit,
    retryDelay,
    id = "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
    metric = "generativelanguage.googleapis.com/generate_content_free_tier_requests",
    model = "gemini-3.8-flash",
  } = options;
  const violation = {
    quotaMetric: metric,
    quotaId: id,
    quotaDimensions: { location: "global", model },
    ...(limit === undefined ? {} : { quotaValue: String(limit) }),
  };
  const again = retryDelay === undefined ? "" : `\nPlease retry in ${retryDelay}.`;
  return apiError(
    429,
    `You exceeded your current quota, please check your plan and billing details.\n* Quota exceeded for metric: ${metric}, limit: ${limit ?? 0}, model: ${model}${again}`,
    [
      { "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations: [violation] },
      ...(retryDelay === undefined
        ? []
        : [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay }]),
    ],
  );
}

export const overloaded = (): Error =>
  apiError(503, "The model is overloaded. Please try again later.");
export const internal = (): Error =>
  apiError(
    500,
    "An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting",
  );
export const badKey = (): Error =>
  apiError(400, "API key not valid. Please pass a valid API key.", [
    {
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: "API_KEY_INVALID",
      domain: "googleapis.com",
    },
  ]);
export const badRegion = (): Error =>
  apiError(400, "User location is not supported for the API use.");
export const badRequest = (): Error =>
  apiError(400, "Invalid value at 'generation_config.temperature' (TYPE_FLOAT), \"hot\"");
export const unknownModel = (model: string): Error =>
  apiError(
    404,
    `models/${model} is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.`,
  );
