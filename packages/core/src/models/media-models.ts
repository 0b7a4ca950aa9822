import { type Dated, type Model } from "./model.ts";
import { embedding2Prices } from "./prices.ts";
import { embeddingLimits, flashLiteImageLimits, imageLimits, tts25Limits } from "./tier-limits.ts";

const june25: Dated = { since: "2026-06-25", source: "deprecations" };
const veoOver: Dated = { since: "2026-06-30", source: "deprecations" };
const imagenOver: Dated = { since: "2026-08-17", source: "deprecations" };
const closed25: Dated = { since: "2026-09-18", source: "changelog" };

const imageModels: readonly Model[] = [
  {
    id: "gemini-nano-banana-2.1",
    kind: "image",
    released: "2026-10-06",
    source: "changelog",
  },
  {
    id: "gemini-3.1-flash-image",
    kind: "image",
    released: "2026-05-28",
    unlisted: { since: "2026-10-06", source: "changelog" },
    successor: "gemini-nano-banana-2.1",
    limits: imageLimits,
    source: "deprecations",
  },
  {
    id: "gemini-3.1-flash-lite-image",
    kind: "image",
    limits: flashLiteImageLimits,
    source: "models",
  },
  {
    id: "gemini-3-pro-image",
    kind: "image",
    released: "2026-05-28",
    limits: imageLimits,
    source: "deprecations",
  },
  {
    id: "gemini-3.1-flash-image-preview",
    kind: "image",
    aliases: ["gemini-3.1-flash-preview-image"],
    released: "2026-02-26",
    retired: june25,
    successor: "gemini-3.1-flash-image",
    source: "deprecations",
  },
  {
    id: "gemini-3-pro-image-preview",
    kind: "image",
    aliases: ["gemini-3-pro-preview-image"],
    released: "2025-11-20",
    retired: june25,
    successor: "gemini-3-pro-image",
    source: "deprecations",
  },
  {
    id: "gemini-2.5-flash-image",
    kind: "image",
    released: "2025-10-02",
    closedToNewUsers: closed25,
    successor: "gemini-nano-banana-2.1",
    limits: imageLimits,
    source: "deprecations",
  },
  {
    id: "gemini-2.5-flash-image-preview",
    kind: "image",
    aliases: ["gemini-2.5-flash-preview-image"],
    retired: { since: "2026-01-15", source: "changelog" },
    successor: "gemini-2.5-flash-image",
    source: "changelog",
  },
  {
    id: "imagen-4.0-generate-001",
    kind: "image",
    aliases: ["imagen-4.0-generate-preview-06-06"],
    retired: imagenOver,
    successor: "gemini-nano-banana-2.1",
    source: "deprecations",
  },
  {
    id: "imagen-4.0-ultra-generate-001",
    kind: "image",
    aliases: ["imagen-4.0-ultra-generate-preview-06-06"],
    retired: imagenOver,
    successor: "gemini-nano-banana-2.1",
    source: "deprecations",
  },
  {
    id: "imagen-4.0-fast-generate-001",
    kind: "image",
    retired: imagenOver,
    successor: "gemini-nano-banana-2.1",
    source: "deprecations",
  },
];

const videoModels: readonly Model[] = [
  { id: "veo-2.0-generate-001", kind: "video", retired: veoOver, source: "deprecations" },
  { id: "veo-3.0-generate-001", kind: "video", retired: veoOver, source: "deprecations" },
  { id: "veo-3.0-fast-generate-001", kind: "video", retired: veoOver, source: "deprecations" },
];

const voiceModels: readonly Model[] = [
  { id: "gemini-3.8-live", kind: "live", released: "2026-09-15", source: "deprecations" },
  {
    id: "gemini-3.8-live-extended-thinking",
    kind: "live",
    released: "2026-09-15",
    source: "deprecations",
  },
  { id: "gemini-3.8-flash-tts", kind: "tts", released: "2026-09-22", source: "changelog" },
  { id: "gemini-3.8-flash-lite-tts", kind: "tts", released: "2026-09-22", source: "changelog" },
  {
    id: "gemini-3.1-flash-tts-preview",
    kind: "tts",
    unlisted: { since: "2026-09-22", source: "changelog" },
    successor: "gemini-3.8-flash-lite-tts",
    source: "changelog",
  },
  {
    id: "gemini-2.5-flash-preview-tts",
    kind: "tts",
    aliases: ["gemini-2.5-flash-tts"],
    closedToNewUsers: closed25,
    successor: "gemini-3.8-flash-tts",
    limits: tts25Limits,
    source: "changelog",
  },
  {
    id: "gemini-2.5-pro-preview-tts",
    kind: "tts",
    aliases: ["gemini-2.5-pro-tts"],
    closedToNewUsers: closed25,
    successor: "gemini-3.8-flash-tts",
    limits: tts25Limits,
    source: "changelog",
  },
];

const embeddingModels: readonly Model[] = [
  {
    id: "gemini-embedding-2",
    kind: "embedding",
    released: "2026-04-22",
    limits: embeddingLimits,
    prices: embedding2Prices,
    source: "models",
  },
  { id: "gemini-embedding-001", kind: "embedding", limits: embeddingLimits, source: "models" },
  {
    id: "text-embedding-004",
    kind: "embedding",
    retired: { since: "2026-01-14", source: "changelog" },
    successor: "gemini-embedding-2",
    source: "changelog",
  },
  {
    id: "embedding-001",
    kind: "embedding",
    retired: { since: "2025-10-31", source: "deprecations" },
    successor: "gemini-embedding-2",
    source: "deprecations",
  },
];

/** Models that make or embed something other than text. */
export const mediaModels: readonly Model[] = [
  ...imageModels,
  ...videoModels,
  ...voiceModels,
  ...embeddingModels,
];
