import { type AccessKind, type Article } from "./article.ts";

/** Simplified Chinese: who asks, and from where. */
export const chineseAccess: Readonly<Record<AccessKind, Article>> = {
  "invalid-api-key": {
    title: "API 密钥无效",
    what: "Google 不认识这个密钥。对此它返回 400，而不是 401。",
    causes: [
      "复制密钥时不完整，或带上了空格、引号或换行。",
      "密钥或其项目已被撤销或删除。",
      "它不是 Gemini 密钥：而是 OAuth 令牌、其他服务的密钥或占位符。",
      "环境变量为空，或另一个变量优先（Google 的客户端中 GOOGLE_API_KEY 优先于 GEMINI_API_KEY）。",
    ],
    actions: [
      "在 Google AI Studio 中核对密钥，或新建一个；新密钥以 AQ. 开头，而不是 AIza。",
      "检查进程实际读取的是哪个变量。",
      "在策略中加入另一个项目的账号，避免一个失效的密钥让服务中断。",
    ],
  },
  "api-key-expired": {
    title: "API 密钥已过期",
    what: "密钥曾经有效，现已到期。",
    causes: ["密钥设有到期日，且已过期。", "密钥已轮换，而该进程仍在使用旧密钥。"],
    actions: [
      "在 Google AI Studio 中新建密钥，并重启或重新加载使用它的程序。",
      "如果密钥是刚建的，请等几分钟：生效需要时间。",
    ],
  },
  "api-key-leaked": {
    title: "API 密钥被报告为已泄露",
    what: "Google 在公开的地方（例如代码仓库）发现了该密钥并将其封禁。它不会恢复。",
    causes: [
      "密钥被提交到公开仓库，或随网页、应用一起发布。",
      "密钥被贴到公开的论坛、日志或笔记本中。",
    ],
    actions: [
      "新建密钥，删除旧密钥，并检查项目用量中有没有不属于您的部分。",
      "把密钥放在服务器的环境变量里，绝不放进浏览器或 git。",
      "把新密钥限制为只能调用 Gemini API，并只允许您的地址。",
    ],
  },
  "api-key-restricted": {
    title: "API 密钥的限制拒绝了这次调用",
    what: "密钥有效，但它的限制不允许这样的调用。",
    causes: [
      "IP 限制：调用来自密钥未列出的地址，可能经过了代理，或部署位置有变。",
      "来源网址（referrer）限制：密钥用于网页，而调用来自服务器或其他页面。",
      "API 限制：密钥没有列出 Generative Language API。",
      "密钥仅供 Android 或 iOS 应用使用。",
    ],
    actions: [
      "在 Google Cloud 控制台中打开该密钥，更正其限制：IP 地址、来源网址、API。",
      "在服务器上使用没有来源网址限制的密钥。",
      "加入一个其密钥允许在此使用的账号。",
    ],
  },
  unauthenticated: {
    title: "没有收到可用的凭据",
    what: "请求没有携带密钥，或携带了该端点不接受的凭据。",
    causes: [
      "缺少密钥：变量没有设置，或中转去掉了请求头。",
      "把 API 密钥当作 Bearer 令牌发送，或 OAuth 令牌已过期。",
      "端点是 Vertex AI，需要 OAuth，而密钥来自 AI Studio。",
    ],
    actions: [
      "用请求头 x-goog-api-key 发送密钥。",
      "刷新 OAuth 凭据：gcloud auth application-default login。",
      "检查密钥与端点是否匹配。",
    ],
  },
  "api-not-enabled": {
    title: "项目未启用 Gemini API",
    what: "密钥所属的项目没有开启 Generative Language API。",
    causes: ["该项目从未启用此 API，或已将其停用。", "密钥属于另一个项目，而不是您以为的那个。"],
    actions: [
      "在 Google Cloud 控制台中启用 Generative Language API；几分钟后生效。",
      "或在 Google AI Studio 中新建密钥，它会自动启用。",
      "在此之前，加入另一个项目的账号。",
    ],
  },
  "billing-required": {
    title: "项目需要关联结算账号",
    what: "项目没有关联结算账号，因此调用被拒绝。",
    causes: [
      "您所在的国家或地区不提供免费层级。",
      "该模型或功能只对付费层级开放。",
      "结算账号已关闭或已解除关联。",
    ],
    actions: ["在 Google AI Studio 中为项目关联结算账号。", "使用已开通结算的项目的账号。"],
  },
  "project-suspended": {
    title: "项目已被停用",
    what: "Google 拒绝了该项目的访问。",
    causes: [
      "Google 认为存在违反条款的行为，或用量疑似滥用。",
      "项目的密钥泄露并被他人滥用。",
      "结算账号出现问题。",
    ],
    actions: [
      "查看 Google 发给项目所有者的邮件，并在 Google Cloud 控制台中申诉。",
      "在条款允许的情况下，暂时使用您的另一个项目。",
    ],
  },
  "permission-denied": {
    title: "没有权限",
    what: "密钥可以识别，但没有权限执行该操作。",
    causes: [
      "密钥对该项目无效，或已被撤销。",
      "密钥所属的项目未启用 Gemini API。",
      "密钥的 IP 或来源网址（referrer）限制拒绝了调用。",
      "调用来自不支持的地区。",
      "模型是调优模型或私有模型，或服务账号缺少 IAM 角色。",
    ],
    actions: [
      "在 Google AI Studio 中确认密钥存在、未被撤销，并属于正确的项目。",
      "在 Google Cloud 控制台中检查 API 和密钥的限制：是否启用 API、IP 地址、来源网址。",
      "如果位于不支持的地区，请通过支持地区的中转端点调用（账号的 baseURL）。",
      "使用 Vertex AI 时，为服务账号授予 Vertex AI User 角色。",
    ],
  },
  "region-unsupported": {
    title: "所在地区不提供该 API",
    what: "Google 拒绝来自该进程所在地的调用，与密钥无关。对此它返回 400。",
    causes: ["服务器，或 VPN、代理的出口位于不支持的地区。", "云函数运行的地区与您以为的不同。"],
    actions: [
      "把进程放在支持的地区运行。",
      "或通过您在支持地区的中转端点发送调用：设置账号的 baseURL。",
      "或使用提供该模型的地区的 Vertex AI。",
    ],
  },
};
