import { type FailureKind } from "@holdfast/core";

import { type Locale } from "./language.ts";

/** A page to read more on. */
export interface Link {
  title: string;
  url: string;
}

const pages = {
  troubleshooting: [
    "Troubleshooting guide",
    "故障排除指南",
    "https://ai.google.dev/gemini-api/docs/troubleshooting",
  ],
  reference: [
    "API reference: generateContent",
    "API 参考：generateContent",
    "https://ai.google.dev/api/generate-content",
  ],
  models: ["Gemini models", "Gemini 模型", "https://ai.google.dev/gemini-api/docs/models"],
  deprecations: [
    "Deprecated models",
    "已弃用的模型",
    "https://ai.google.dev/gemini-api/docs/deprecations",
  ],
  tokens: [
    "Understand and count tokens",
    "了解和计算 token",
    "https://ai.google.dev/gemini-api/docs/tokens",
  ],
  files: ["Files API", "Files API", "https://ai.google.dev/gemini-api/docs/files"],
  caching: ["Context caching", "上下文缓存", "https://ai.google.dev/gemini-api/docs/caching"],
  thinking: ["Thinking", "思考", "https://ai.google.dev/gemini-api/docs/thinking"],
  functions: [
    "Function calling",
    "函数调用",
    "https://ai.google.dev/gemini-api/docs/function-calling",
  ],
  safety: ["Safety settings", "安全设置", "https://ai.google.dev/gemini-api/docs/safety-settings"],
  keys: ["Using API keys", "使用 API 密钥", "https://ai.google.dev/gemini-api/docs/api-key"],
  regions: [
    "Available regions",
    "支持的地区",
    "https://ai.google.dev/gemini-api/docs/available-regions",
  ],
  billing: ["Billing", "结算", "https://ai.google.dev/gemini-api/docs/billing"],
  limits: [
    "Rate limits and tiers",
    "速率限制和层级",
    "https://ai.google.dev/gemini-api/docs/rate-limits",
  ],
  batch: ["Batch API", "Batch API", "https://ai.google.dev/gemini-api/docs/batch-api"],
  usage: [
    "The limits of your projects",
    "您的项目的限额",
    "https://aistudio.google.com/rate-limit",
  ],
  status: ["Status page", "状态页面", "https://aistudio.google.com/status"],
  enable: [
    "Enable the Generative Language API",
    "启用 Generative Language API",
    "https://console.cloud.google.com/apis/library/generativelanguage.googleapis.com",
  ],
  credentials: [
    "Keys and their restrictions",
    "密钥及其限制",
    "https://console.cloud.google.com/apis/credentials",
  ],
  proxy: [
    "Node.js: NODE_USE_ENV_PROXY",
    "Node.js：NODE_USE_ENV_PROXY",
    "https://nodejs.org/api/cli.html",
  ],
} as const satisfies Record<string, readonly [string, string, string]>;

type Page = keyof typeof pages;

const request: readonly Page[] = ["reference", "troubleshooting"];
const key: readonly Page[] = ["keys", "credentials", "troubleshooting"];
const limit: readonly Page[] = ["limits", "usage", "batch", "billing"];
const service: readonly Page[] = ["status", "troubleshooting"];
const blocked: readonly Page[] = ["safety", "troubleshooting"];

const byKind: Readonly<Record<FailureKind, readonly Page[]>> = {
  "invalid-request": request,
  "payload-too-large": ["files", ...request],
  "resource-not-found": ["files", "caching", "troubleshooting"],
  "context-length-exceeded": ["tokens", "models", "caching"],
  "truncated-max-tokens": ["thinking", "tokens"],
  "model-not-found": ["models", "deprecations", "troubleshooting"],
  cancelled: ["troubleshooting"],
  unknown: ["troubleshooting", "status"],
  "empty-response": ["troubleshooting", "thinking"],
  "malformed-function-call": ["functions", "troubleshooting"],
  recitation: blocked,
  "stream-interrupted": service,
  "content-blocked-prompt": blocked,
  "content-blocked-response": blocked,
  "invalid-api-key": key,
  "api-key-expired": key,
  "api-key-leaked": key,
  "api-key-restricted": key,
  unauthenticated: key,
  "api-not-enabled": ["enable", ...key],
  "billing-required": ["billing", "regions"],
  "project-suspended": ["troubleshooting", "billing"],
  "permission-denied": [...key, "enable", "regions"],
  "region-unsupported": ["regions", "troubleshooting"],
  "rate-limit-minute": limit,
  "rate-limit-tokens-minute": [...limit, "tokens"],
  "rate-limit-unknown": [...limit, "status"],
  "rate-limit-day": limit,
  "quota-zero": limit,
  "rate-limit-spend": limit,
  "spend-cap": ["billing", "limits", "usage"],
  "capacity-exhausted": ["status", "models", "batch"],
  "server-error": service,
  timeout: service,
  "gateway-error": service,
  network: ["proxy", "status"],
};

/** Where to read more about a kind, in a language where the page has it. */
export function linksFor(kind: FailureKind, locale: Locale): Link[] {
  return byKind[kind].map((page) => {
    const [english, chinese, url] = pages[page];
    const translated = url.startsWith("https://ai.google.dev/");
    return locale === "en"
      ? { title: english, url }
      : { title: chinese, url: translated ? `${url}?hl=zh-cn` : url };
  });
}
