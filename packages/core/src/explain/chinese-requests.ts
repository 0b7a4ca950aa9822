import { type AnswerKind, type Article, type RequestKind } from "./article.ts";

/** Simplified Chinese: the request and its answer. */
export const chineseRequests: Readonly<Record<RequestKind | AnswerKind, Article>> = {
  "invalid-request": {
    title: "请求无效",
    what: "API 知道是谁在调用，但请求本身有问题：格式错误、缺少内容或使用了不允许的内容。同样的请求每次都会失败。",
    causes: [
      "请求体不是合法的 JSON：多了逗号，少了引号或括号，或文本没有转义。",
      "缺少必填参数，例如 contents，或某条 content 的 parts。",
      '字段类型错误，例如把 temperature 写成字符串（应为 0.7，而不是 "0.7"）。',
      "contents 或 parts 为空，常见原因是历史记录里留有没有文本的回答。",
      "字段名拼写错误，或该字段只存在于更新的 API 版本（用 v1 调用了 v1beta 的字段）。",
      "模型名拼写错误，或模型不支持所需的能力：思考、工具、图像。",
      "函数调用与响应的顺序不对，或历史记录中缺少思考签名（thought signature）。",
    ],
    actions: [
      "阅读 error.message：其中写明了出错字段的路径，例如 contents[2].parts。",
      "对照 API 参考检查请求体；用 JSON.stringify 生成，不要手工拼接字符串。",
      "数字就传数字，列表就传列表；删除空的 contents 和空的 parts。",
      "用 @holdfast/core/models 的 preflight 检查请求体：这些错误在发送之前就能发现。",
    ],
  },
  "payload-too-large": {
    title: "请求过大",
    what: "请求体的字节数超过了端点或中间代理的上限。这与 token 数无关。",
    causes: [
      "图像、音频或视频以 base64 写在请求体里，体积会增加三分之一。",
      "途中的代理或中转的上限比 Google 更低（HTTP 413）。",
    ],
    actions: [
      "用 Files API 上传媒体文件，在请求中引用其 URI。",
      "缩小图像，裁剪音频和视频，或减少每次发送的数量。",
      "调高代理的请求体上限。",
    ],
  },
  "resource-not-found": {
    title: "找不到文件、缓存或批处理任务",
    what: "请求引用的资源在该密钥所属的项目中不存在。",
    causes: [
      "文件已过期：文件在 48 小时后删除，缓存内容在 TTL 到期后删除。",
      "资源由另一个项目的密钥创建；文件、缓存和批处理任务属于创建它们的项目。",
      "资源名拼写错误。",
    ],
    actions: ["重新上传文件或创建缓存，并使用新的名称。", "把使用该资源的调用固定到创建它的账号。"],
  },
  "context-length-exceeded": {
    title: "输入超出模型的上下文窗口",
    what: "输入的 token 数超过了模型一次能接收的数量。",
    causes: [
      "对话历史不断增长，没有裁剪。",
      "把整篇文档或很大的工具结果放进了提示词。",
      "图像、音频或视频占用的 token 比预期多。",
    ],
    actions: [
      "缩短输入：删除或概括较早的对话，只发送文档中相关的部分。",
      "发送前先计数：使用 countTokens，或 @holdfast/core/models 的 estimateTokens。",
      "使用上下文窗口更大的模型，并写入 fallbacks。",
    ],
  },
  "truncated-max-tokens": {
    title: "输出上限在产生文本之前就用完了",
    what: "模型在达到 maxOutputTokens 时停止，其中没有任何文本。",
    causes: ["思考也计入输出，用完了额度。", "对所要求的内容来说 maxOutputTokens 太小。"],
    actions: [
      "调高 maxOutputTokens，或不设置它。",
      "降低 thinkingLevel；Gemini 2.5 则降低 thinkingBudget。",
      "要求更短的回答。",
    ],
  },
  "model-not-found": {
    title: "模型不存在，或不对该项目开放",
    what: "请求中的模型名，不是该项目用这个方法和 API 版本可以调用的模型。",
    causes: [
      "模型名拼写错误。",
      "模型已下线，或不再对从未使用过它的项目开放；模型列表中可能仍会显示它。",
      "模型存在，但不支持该方法（例如用嵌入模型对话）、该 API 版本或该地区。",
    ],
    actions: [
      "使用模型列表中的名称，逐字核对。",
      "改用已下线模型的后继模型。",
      "列出密钥可以调用的模型：GET /v1beta/models。",
    ],
  },
  cancelled: {
    title: "调用已取消",
    what: "您自己的代码中止了传给该调用的 signal。",
    causes: ["用户关闭了页面或点击了停止。", "您自己设置的超时到期，例如 AbortSignal.timeout。"],
    actions: ["如果是有意取消，无需处理。", "给调用更多时间，或用策略的 deadline 代替外层的超时。"],
  },
  unknown: {
    title: "未知的失败",
    what: "这次失败的状态码和内容都不在 Holdfast 已知的范围内。",
    causes: [
      "错误来自您自己的代码或某个库。",
      "中转或代理以自己的格式作了回答。",
      "API 出现了新的错误类型。",
    ],
    actions: [
      "阅读 error.message 以及错误的 cause。",
      "用自定义规则告诉策略这个错误的含义。",
      "用 curl 发送同样的请求，看看是谁在回答。",
    ],
  },
  "empty-response": {
    title: "回答为空",
    what: "API 返回了成功，但没有任何内容。",
    causes: [
      "模型立即结束了回答；重新采样往往有效。",
      "提示词的结尾不需要回答，或历史记录以模型的发言结束。",
      "工具结果或停止序列在回答开始前就结束了它。",
    ],
    actions: ["让它重试；如果一直为空，请修改提示词的结尾或停止序列。", "换一个模型。"],
  },
  "malformed-function-call": {
    title: "模型写出的函数调用无法使用",
    what: "回答中的函数调用无法解析，或调用了没有提供的函数。",
    causes: [
      "函数的 schema 嵌套过深、过大或含糊不清。",
      "参数中有大量需要转义的文本，例如代码。",
      "历史记录提到了本次请求没有声明的工具。",
    ],
    actions: [
      "简化函数的 schema 和描述；减少一次提供的函数数量。",
      "在模型仍支持时降低 temperature，或换一个模型。",
    ],
  },
  recitation: {
    title: "回答因与已发布的文本雷同而被扣留",
    what: "回答与已发布的文本过于接近，被 Google 停止。",
    causes: [
      "提示词索要已知的文本：歌词、文章、许可证、常见代码。",
      "回答恰好大段重复了某个来源。",
    ],
    actions: ["要求概括或用自己的话表达，并补充自己的上下文。", "让它重试：再次采样往往可以通过。"],
  },
  "stream-interrupted": {
    title: "流式输出中断",
    what: "回答已经开始，但流在完成之前结束了。",
    causes: [
      "代理或负载均衡关闭了空闲或过长的连接。",
      "服务器在回答途中出错。",
      "网络发生变化：Wi-Fi、VPN、电脑休眠。",
    ],
    actions: [
      "重新提问；已经显示的文本绝不会被悄悄重复。",
      "调高代理的空闲超时，并为该路径关闭缓冲。",
    ],
  },
  "content-blocked-prompt": {
    title: "提示词被拦截",
    what: "内容政策在模型回答之前拒绝了提示词。Holdfast 不会设法绕过这种拦截。",
    causes: [
      "安全过滤器设置得比用途所需更严格。",
      "提示词、历史记录或其中的图像触犯了不可调整的政策。",
    ],
    actions: [
      "查看 promptFeedback.blockReason 和安全评级。",
      "改写提示词，或去掉被拒绝的部分。",
      "如果拦截来自可调整的类别，请检查 safetySettings。",
    ],
  },
  "content-blocked-response": {
    title: "回答被拦截",
    what: "模型作了回答，但内容政策扣留了它。Holdfast 不会设法绕过这种拦截。",
    causes: [
      "安全过滤器设置得比用途所需更严格。",
      "回答触犯了不可调整的政策，例如个人信息或禁止的内容。",
    ],
    actions: [
      "查看候选回答的 finishReason 和安全评级。",
      "改写提示词，引向其他方向。",
      "如果拦截来自可调整的类别，请检查 safetySettings。",
    ],
  },
};
