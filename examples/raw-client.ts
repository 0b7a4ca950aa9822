// No framework: Google's own client under a policy. What one attempt does is yours to say; where it goes, when, and how
// often is the policy's.
import { GoogleGenAI } from "@google/genai";
import { attempted, createPolicy } from "@holdfast/core";

const policy = createPolicy({
  accounts: [{ name: "main", apiKey: process.env.GEMINI_API_KEY }],
  fallbacks: { "gemini-4-argon": ["gemini-3.8-flash"] },
});

const { value, trace } = await policy.execute(
  async ({ apiKey = "", baseURL, model }, { signal }) => {
    const httpOptions = baseURL === undefined ? {} : { baseUrl: baseURL };
    const { models } = new GoogleGenAI({ apiKey, httpOptions });
    const contents = "Why does kelp need a holdfast? Answer in one sentence.";
    const answer = await models.generateContent({
      model,
      contents,
      config: { abortSignal: signal },
    });
    const { text = "", usageMetadata, modelVersion, candidates } = answer;
    // What an attempt knows of its answer lets the policy refuse an empty or blocked one and count the tokens.
    return attempted(text, {
      answer: {
        text,
        ...(candidates?.[0]?.finishReason && { finishReason: candidates[0].finishReason }),
      },
      usage: { inputTokens: usageMetadata?.promptTokenCount ?? 0 },
      ...(modelVersion === undefined ? {} : { modelVersion }),
    });
  },
  { model: "gemini-4-argon" },
);
console.log(value, `(${trace.servedBy}, ${trace.attempts.length} attempts)`);
