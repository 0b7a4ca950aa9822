// What relays say in Chinese (one-api, new-api and their kin, which many put before Gemini).

import type { Sentence } from "./sentence.ts";

/** What says clearly what is wrong; asked where no quota is named. */
export const chineseSentences: readonly Sentence[] = [
  {
    says: /(?:额度|余额|积分|点数|配额).{0,8}(?:不足|用尽|用完|耗尽)|欠费|请(?:先)?充值/,
    kind: "spend-cap",
  },
  {
    says: /(?:负载|上游|服务|服务器|系统|模型|渠道).{0,10}(?:饱和|繁忙|过载|过高|拥挤)/,
    kind: "capacity-exhausted",
  },
  { says: /(?:密钥|令牌|key).{0,6}(?:过期)/i, kind: "api-key-expired" },
  {
    says: /(?:无效|错误)的? ?(?:api)?[ -]?(?:密钥|key)|(?:密钥|key).{0,6}(?:无效|错误|不正确)/i,
    kind: "invalid-api-key",
  },
  {
    says: /(?:无效|未提供|缺少|没有).{0,4}令牌|令牌.{0,6}(?:无效|错误|状态不可用)|未授权|请(?:先)?登录/,
    kind: "unauthenticated",
  },
  { says: /(?:账号|账户|用户|项目).{0,6}(?:封禁|禁用|停用|冻结)/, kind: "project-suspended" },
  {
    says: /(?:地区|区域|国家|位置).{0,10}(?:不支持|不可用|受限)|不支持.{0,8}(?:地区|区域|国家)/,
    kind: "region-unsupported",
  },
  {
    // The relay has no way to the model; another one may.
    says: /无可用(?:的)?渠道/,
    kind: "model-not-found",
    helps: { endpoint: true },
  },
  {
    says: /(?:模型).{0,40}(?:不存在|未找到|已下线|已停用)|(?:不支持|没有|找不到)(?:该|此|这个)?模型/,
    kind: "model-not-found",
  },
  {
    says: /敏感词|内容.{0,6}(?:违规|审核)|(?:违反|触发).{0,10}(?:政策|策略|安全)/,
    kind: "content-blocked-prompt",
  },
  { says: /(?:上下文|输入|提示词?).{0,10}(?:过长|超[出过长])/, kind: "context-length-exceeded" },
  { says: /(?:请求体|文件|图片).{0,6}(?:过大|太大)/, kind: "payload-too-large" },
];

/** What says only that something went wrong; asked after what the other languages say. */
export const chineseTrouble: readonly Sentence[] = [
  { says: /超时/, kind: "timeout" },
  { says: /流.{0,6}(?:中断|断开)|响应.{0,6}(?:中断|不完整)/, kind: "stream-interrupted" },
  {
    says: /网络.{0,6}(?:错误|异常|失败)|连接.{0,6}(?:失败|断开|重置|错误)|(?:请求|连接)上游.{0,6}失败/,
    kind: "network",
  },
  {
    says: /(?:返回|响应|回复).{0,40}为空|(?:返回|响应|回复).{0,4}(?:空内容|空响应)|空回复/,
    kind: "empty-response",
  },
  { says: /(?:服务器?|系统)(?:内部)?(?:错误|异常)|内部错误/, kind: "server-error" },
];
