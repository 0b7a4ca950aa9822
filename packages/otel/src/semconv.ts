// Names and buckets of the semantic conventions for generative AI, all of them still "Development" as of November 2026:
// https://github.com/open-telemetry/semantic-conventions-genai, docs/gen-ai/gen-ai-spans.md and gen-ai-metrics.md

/** Attributes of the conventions. */
export const semantic = {
  operation: "gen_ai.operation.name",
  provider: "gen_ai.provider.name",
  requestModel: "gen_ai.request.model",
  requestStream: "gen_ai.request.stream",
  responseModel: "gen_ai.response.model",
  timeToFirstChunk: "gen_ai.response.time_to_first_chunk",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  tokenType: "gen_ai.token.type",
  errorType: "error.type",
  statusCode: "http.response.status_code",
} as const;

/** Buckets, in seconds, that the conventions ask for. */
export const durationBuckets: number[] = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];

/** Buckets, in tokens. */
export const tokenBuckets: number[] = Array.from({ length: 14 }, (_, power) => 4 ** power);

const providers: Readonly<Record<string, string>> = {
  google: "gcp.gemini",
  vertex: "gcp.vertex_ai",
  "google-vertex": "gcp.vertex_ai",
  azure: "azure.ai.openai",
  bedrock: "aws.bedrock",
  "amazon-bedrock": "aws.bedrock",
  mistral: "mistral_ai",
  moonshotai: "moonshot_ai",
  xai: "x_ai",
};

/** What the conventions call a provider; the name of one they do not know stays. */
export function providerName(provider: string): string {
  if (provider.startsWith("google.vertex")) return "gcp.vertex_ai";
  const [family = provider] = provider.split(".");
  return providers[family] ?? family;
}

/** The type of a scope: `account` of `account:main`. */
export function scopeType(scope: string): string {
  return scope.split(":", 1)[0] ?? scope;
}
