import { type HintName } from "./article.ts";
import { chineseAccess } from "./chinese-access.ts";
import { chineseLimits } from "./chinese-limits.ts";
import { chineseRequests } from "./chinese-requests.ts";
import { chineseService } from "./chinese-service.ts";
import { type Language } from "./language.ts";

const hints: Readonly<Record<HintName, string>> = {
  json: "请求体不是合法的 JSON：服务器无法解析。",
  "unknown-field": "API 不认识某个字段名：拼写错误，或属于另一个 API 版本。",
  type: "某个字段的类型错误，例如应为数字却传了字符串（temperature）。",
  empty: "contents、parts 或某个 part 为空。",
  role: '某条 content 的角色不是 "user" 或 "model"。',
  range: "某个参数超出允许的范围。",
  signature: "历史记录中的函数调用缺少思考签名；请原样送回模型给出的 parts。",
  "function-order": "函数调用与响应不成对：每次调用之后必须紧跟一个响应。",
  thinking: "思考设置不适合该模型，或互相冲突。",
  capability: "模型不支持所需的能力；换一个模型或许可以。",
  image: "图像无法读取：损坏、为空、类型不支持或过大。",
  "file-processing": "文件仍在处理；请等到状态变为 ACTIVE，通常只需几秒。",
  "cached-content": "使用 cachedContent 时，系统指令和工具应写在缓存里，而不是请求里。",
  schema: "回答或函数的 schema 不被 API 接受。",
  missing: "缺少必填参数。",
  dns: "无法解析主机名：DNS 问题、baseURL 拼写错误或没有网络。",
  refused: "该地址没有服务在监听，或被防火墙拒绝：请检查 baseURL 和代理。",
  tls: "证书不受信任，通常是因为公司代理拆解了 TLS。",
  referrer: "密钥只允许某些来源网址（referrer），而这次调用不在其中。",
  ip: "密钥只允许某些 IP 地址，而这次调用来自其他地址。",
  service: "密钥允许调用的 API 中没有 Generative Language API。",
  app: "密钥仅限 Android 或 iOS 应用使用。",
  threshold: "某项安全设置要求的阈值不允许该账号使用。",
  proxy: "代理拒绝了连接或无法访问：请检查其地址和凭据。",
  unanswered: "该地址没有及时响应：防火墙、VPN 或公司代理可能丢弃了连接。",
  scopes: "OAuth 令牌缺少所需的权限范围（scope）；请按 API 要求的范围重新登录。",
  "project-id": "请求中指定的项目不存在，或这些凭据无权使用它。",
  iam: "服务账号缺少该调用所需的 IAM 角色。",
  bearer: "在需要 OAuth 令牌的地方发送了 API 密钥；密钥应放在请求头 x-goog-api-key 中。",
  "billing-off": "项目没有关联结算账号，或结算账号已关闭。",
  cap: "已达到项目或其层级的每月支出上限。",
  "fixed-policy": "拦截来自任何设置都无法关闭的类别；只有更换内容才有帮助。",
  adjustable: "拦截来自可调整的类别，其阈值由 safetySettings 设定。",
  "proxy-limit": "HTTP 413 来自 API 之前的代理或中转；对过大的请求体，Google 自己返回 400。",
  "shut-down": "名称没有写错，但该模型已经下线。",
  "closed-to-new":
    "名称没有写错，但该模型不再对从未使用过它的项目开放；较早使用过它的项目或许仍可调用。",
  "other-method": "名称没有写错：该模型不支持这个方法、API 版本、地区，或不对该项目开放。",
};

const either = (places: readonly string[]): string =>
  [places.slice(0, -1).join("、"), places.at(-1)].filter(Boolean).join("或");

/** Everything `explain` says in Simplified Chinese. */
export const chinese: Language = {
  locale: "zh-CN",
  colon: "：",
  articles: { ...chineseRequests, ...chineseAccess, ...chineseLimits, ...chineseService },
  hints,
  notYet: "请求暂时被拒绝：它引用的内容尚未就绪。稍后发送同样的请求即可成功。",
  general: [
    "检查密钥和配额：密钥在 Google AI Studio 中是否存在？其项目的限额如何？",
    "对照 API 参考检查请求格式。",
    "阅读 error.message 以及错误的 cause：其中有服务方的原话。",
    "检查网络和代理：除非设置 NODE_USE_ENV_PROXY=1，Node 的 fetch 会忽略 HTTP_PROXY 和 HTTPS_PROXY。",
    "查看状态页面：https://aistudio.google.com/status",
  ],
  headings: {
    facts: "本次失败",
    causes: "可能的原因",
    holdfast: "Holdfast 的处理",
    actions: "您可以做什么",
    general: "如果仍未解决",
    links: "延伸阅读",
  },
  units: { hours: "小时", minutes: "分", seconds: "秒" },
  facts: {
    status: (status, reason) => `状态：HTTP ${status}${reason ? `，${reason}` : ""}`,
    code: (code) => `错误代码：${code}`,
    provider: (provider) => `服务方：${provider}`,
    model: (model) => `模型：${model}`,
    retired: (since) => `该模型已于 ${since} 下线。`,
    routed: (since, to) => `自 ${since} 起，该名称由 ${to} 回答。`,
    closed: (since) => `自 ${since} 起，该模型不再对新用户开放。`,
    successor: (name) => `后继模型：${name}`,
    nearest: (names) => `您是不是想用：${names.join("、")}`,
    fields: (names) => `字段：${names.join("、")}`,
    quota: ({ limit, tier, unit, window }) => {
      const what = `${tier ?? ""}${window ?? ""}${unit}`;
      return limit === undefined ? `配额：${what}` : `配额：${what} ${limit.toLocaleString("en")}`;
    },
    quotaName: (name) => `配额名称：${name}`,
    tierLimits: (tier, limits) => `该模型在${tier}的已知限额：${limits.join("、")}`,
    delay: (duration) => `回答要求等待 ${duration}。`,
    uselessDelay: (duration) => `回答要求等待 ${duration}，但对这种限额没有用。`,
    reset: (time) => `重新开放：${time}`,
  },
  names: {
    units: { requests: "请求数", tokens: "输入 token 数" },
    windows: { minute: "每分钟", day: "每天" },
    tiers: {
      free: "免费层级",
      "tier-1": "第 1 层级",
      "tier-2": "第 2 层级",
      "tier-3": "第 3 层级",
    },
    limits: {
      requestsPerMinute: "次请求/分钟",
      tokensPerMinute: "token/分钟",
      requestsPerDay: "次请求/天",
      batchTokens: "批处理 token",
    },
  },
  holdfast: {
    again: (attempts, shortest, longest) =>
      `对同一目标最多尝试 ${attempts} 次，间隔随机并逐次延长（${shortest} 至 ${longest}）。`,
    waits: "如果耐心（patience）和期限（deadline）允许，稍后再次调用同一目标。",
    persists: "如果没有其他目标，在期限（deadline）之内会继续尝试。",
    never: "不会对同一目标重复调用。",
    moves: (places) => `在策略提供的范围内，转到${either(places)}。`,
    stays: "换模型、账号或端点都没有帮助，因此立即放弃，并给出这份诊断。",
    stops: "尝试次数用完后放弃，并给出这份诊断。",
    places: { model: "另一个模型", account: "另一个项目的账号", endpoint: "另一个端点" },
    larger: "上下文窗口更大的模型",
    closesForAll: (scope) => `立即对所有调用关闭${scope}。`,
    closesOnEvidence: (scope) =>
      `本次调用避开${scope}；只有当多次调用都在此失败时，才对所有调用关闭。`,
    scopes: {
      request: "该请求",
      window: "窗口不更大的模型",
      model: "该模型",
      account: "该账号",
      project: "该项目",
      "billing-account": "该结算账号",
      "quota-domain": "该配额（项目和模型）",
      endpoint: "该端点",
      "upstream-model": "同一来源提供的该模型",
      target: "该目标",
      none: "无",
    },
    reopens: {
      "next-call": "下一次调用重新开始。",
      "hourly-probe": "大约每小时用一次真实调用测试它是否已经恢复。",
      window: "在回答要求的等待时间之后开放；没有要求时在这一分钟结束时开放。",
      day: "如果回答给出数小时的等待时间，则在其后开放；否则在太平洋时间午夜开放，其间偶尔测试。",
      minutes: "几分钟后开放。",
      backoff: "经过逐次延长的间隔后自行开放。",
    },
    blocked: "绝不会把被拦截的请求转到另一个账号或端点。",
    cancelled: "立即停止，并原样交还您的中止原因。",
  },
};
