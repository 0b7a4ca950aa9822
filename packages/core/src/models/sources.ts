import { type Source, type SourceName } from "./model.ts";

/** The public pages the catalogue rests on. */
export const sources: Readonly<Record<SourceName, Source>> = {
  changelog: {
    title: "Gemini API release notes",
    url: "https://ai.google.dev/gemini-api/docs/changelog",
    asOf: "2026-10-27",
  },
  deprecations: {
    title: "Gemini deprecations",
    url: "https://ai.google.dev/gemini-api/docs/deprecations",
    asOf: "2026-11-10",
  },
  models: {
    title: "Gemini models",
    url: "https://ai.google.dev/gemini-api/docs/models",
    asOf: "2026-11-01",
  },
  "rate-limits": {
    title: "Gemini API rate limits",
    url: "https://ai.google.dev/gemini-api/docs/rate-limits",
    asOf: "2026-08-18",
  },
  batch: {
    title: "Gemini Batch API",
    url: "https://ai.google.dev/gemini-api/docs/batch-api",
    asOf: "2026-08-18",
  },
  pricing: {
    title: "Gemini API pricing",
    url: "https://ai.google.dev/gemini-api/docs/pricing",
    asOf: "2026-09-20",
  },
  refusals: {
    title: "Limits named by refusals in public reports; the live ones are shown here",
    url: "https://aistudio.google.com/rate-limit",
    asOf: "2026-11-01",
  },
};
