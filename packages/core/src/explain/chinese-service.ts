import { type Article, type ServiceKind } from "./article.ts";

const statusPage = "查看状态页面：aistudio.google.com/status。";

/** Simplified Chinese: the service, and the way to it. */
export const chineseService: Readonly<Record<ServiceKind, Article>> = {
  "capacity-exhausted": {
    title: "模型过载",
    what: "Google 目前没有更多容量提供给这个模型。这与您的配额无关，换密钥也没有帮助。",
    causes: ["此刻使用该模型的人很多；新模型和预览模型最容易受影响。", "部分服务中断。"],
    actions: [
      "以逐次延长的随机间隔重试；Holdfast 会替您完成。",
      "设置容量更大的模型作为备用，例如 flash-lite 模型或较早的稳定模型。",
      "把可以等待的任务放到非高峰时段（美国的夜间和周末）运行，或使用 Batch API。",
      "尝试另一个端点：Vertex AI 按地区拥有自己的容量。",
      statusPage,
    ],
  },
  "server-error": {
    title: "服务器出错",
    what: "Google 返回了内部错误。多数会自行恢复；有些由某个特定请求引起，每次都会重现。",
    causes: [
      "Google 的暂时故障。",
      "输入中有服务器无法处理的特殊字符或控制字符。",
      "输入很长，或使用了少见的工具、schema 和媒体组合。",
    ],
    actions: [
      "等待几秒后重试；Holdfast 会替您完成，次数有限。",
      "如果同一个请求反复失败，请去掉特殊字符：控制字符、残缺的表情符号、罕见的 Unicode 字符。",
      "尝试更短的输入：减少历史记录和文件，简化 schema。",
      "换一个模型。",
      statusPage,
    ],
  },
  timeout: {
    title: "没有及时收到回答",
    what: "调用所用的时间超过了服务器、客户端或策略的限制。",
    causes: ["输入长、思考时间长或输出长。", "模型繁忙。", "途中的代理吞掉了连接。"],
    actions: [
      "使用流式输出，可以更早收到内容。",
      "调高策略中单次尝试的超时，或降低 thinkingLevel、缩短输入。",
      "换用更快的模型。",
      statusPage,
    ],
  },
  "gateway-error": {
    title: "途中的网关出错",
    what: "代替 API 作出回答的是代理、中转或负载均衡。",
    causes: ["Google 的前端出现暂时故障。", "您的中转或代理已停止、过载，或超时设置过短。"],
    actions: [
      "重试；Holdfast 会替您完成。",
      "查看中转或代理的日志，并调高其超时。",
      "在策略中加入第二个端点。",
      statusPage,
    ],
  },
  network: {
    title: "无法连接服务器",
    what: "在收到任何回答之前，连接就失败了。",
    causes: [
      "网络中断，或无法解析主机名（DNS）。",
      "防火墙或公司代理阻断了连接。",
      "设置了 HTTPS_PROXY，但 Node 的 fetch 默认不使用它。",
      "证书不受信任，通常是因为公司代理拆解了 TLS。",
    ],
    actions: [
      "测试连通性：curl -I https://generativelanguage.googleapis.com",
      "使用代理时，以 NODE_USE_ENV_PROXY=1 启动 Node（Node 24 及以上），或为 fetch 提供 EnvHttpProxyAgent。",
      "使用公司证书时，把 NODE_EXTRA_CA_CERTS 设为其 CA 文件；不要关闭证书校验。",
      "检查 baseURL、防火墙、VPN 和 DNS。",
    ],
  },
};
