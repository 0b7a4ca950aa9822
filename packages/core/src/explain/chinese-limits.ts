import { type Article, type LimitKind } from "./article.ts";

const tierLimits =
  "在 aistudio.google.com/rate-limit 查看所在层级的限额：限额按项目和模型计算，而不是按密钥。";
const backoff =
  "让失败的调用退避重试：先等待回答要求的时间，之后逐次延长，并加入随机成分。Holdfast 会替您完成。";
const upgrade = "升级：关联结算账号（tier 1），或达到下一层级；限额会在大约十分钟内提高。";
const batch = "把可以等待的任务交给 Batch API：价格减半，限额独立，交互配额用完时仍可运行。";
const projects =
  "把负载分散到您自己的更多项目，每个项目作为策略的一个账号；同一项目的第二个密钥没有帮助。";
const fallback = "设置备用模型：每个模型都有自己的配额。";

/** Simplified Chinese: how much is asked. */
export const chineseLimits: Readonly<Record<LimitKind, Article>> = {
  "rate-limit-minute": {
    title: "一分钟内请求过多",
    what: "该项目对这个模型的每分钟请求数已用完。一分钟之内会重新开放。",
    causes: [
      "同时发出的调用超过了层级允许的数量；免费层级每分钟允许 5 到 15 次。",
      "您自己的重试，或其他库的重试，使调用成倍增加。",
      "其他程序也在使用同一个项目。",
    ],
    actions: [backoff, tierLimits, upgrade, fallback, batch, projects],
  },
  "rate-limit-tokens-minute": {
    title: "一分钟内 token 过多",
    what: "该项目对这个模型的每分钟输入 token 数已用完。一分钟之内会重新开放。",
    causes: [
      "提示词过长：历史记录、文档和工具在每次调用时都会重新发送。",
      "单个请求就超过了限额；这种情况等待也没有用。",
      "其他程序也在使用同一个项目。",
    ],
    actions: [
      "缩短输入，或缓存重复的部分；estimateTokens 可以估算请求体的 token 数。",
      backoff,
      tierLimits,
      upgrade,
      fallback,
      batch,
      projects,
    ],
  },
  "rate-limit-unknown": {
    title: "某个限额已用完，但回答没有说明是哪一个",
    what: "API 因配额而拒绝，却没有指明配额。可能是每分钟、每天、容量或费用的限制。",
    causes: [
      "一分钟内的请求或 token 过多。",
      "当天的配额已用完。",
      "Google 对该模型的容量不足。",
      "预付额度或支出上限已用完。",
    ],
    actions: [backoff, tierLimits, upgrade, fallback, batch, projects],
  },
  "rate-limit-day": {
    title: "当天的配额已用完",
    what: "该项目对这个模型的每日配额已用完。即使回答建议几秒后重试，也没有用。",
    causes: [
      "免费层级每天允许的请求很少：多数 flash 模型约 20 次。",
      "重试也计入配额。",
      "对嵌入来说，每段文本计一次，而不是每个请求计一次。",
    ],
    actions: [
      fallback,
      projects,
      batch,
      upgrade,
      tierLimits,
      "等待重置：太平洋时间午夜，除非回答给出了更晚的时间。在此之前请退避。",
    ],
  },
  "quota-zero": {
    title: "该层级没有这个模型的配额",
    what: "限额为 0：该模型不包含在项目的层级中。即使回答建议等待，等待也没有用。",
    causes: [
      "免费层级没有 pro 模型和图像模型的配额。",
      "没有关联结算账号，或升级尚未生效。",
      "该模型正在从这一层级撤出。",
    ],
    actions: [
      "使用层级包含的模型，例如 flash 模型；把它设为备用模型。",
      upgrade,
      tierLimits,
      projects,
      "Batch API 有独立的限额，但同样需要结算账号；退避在这里没有帮助。",
    ],
  },
  "rate-limit-spend": {
    title: "账号支出过快",
    what: "结算账号在十分钟内的支出超过了层级允许的数额：tier 1 为 10 美元，tier 2 为 50 美元，tier 3 为 200 美元。几分钟后会自行开放。",
    causes: [
      "短时间内大量昂贵的调用：长输入、pro 模型或图像模型、思考。",
      "多个项目共用一个结算账号。",
    ],
    actions: [
      "退避：停止负载几分钟，最多每 20 秒调用一次。",
      "把工作分散到更长的时间，或交给 Batch API。",
      upgrade,
      tierLimits,
      "使用由另一个结算账号付费的、您自己的更多项目。",
    ],
  },
  "spend-cap": {
    title: "额度已用完",
    what: "预付额度已耗尽，或已达到每月支出上限。在有人处理或月份结束之前，情况不会改变。",
    causes: [
      "预付额度已用完。",
      "已达到层级或项目的每月上限：tier 1 为 250 美元，tier 2 为 2,000 美元。",
      "结算系统出错；这种情况发生过，几小时后自行恢复。",
    ],
    actions: [
      "在 Google AI Studio 中购买额度或提高上限。",
      upgrade,
      "使用在别处结算的账号；您自己的更多项目只有在使用另一个结算账号时才有帮助。",
      "使用更便宜的模型和 Batch API，查看所在层级的限额，并让策略在此期间退避。",
    ],
  },
};
