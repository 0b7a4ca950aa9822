import { catalogue, type Failure, type FailureKind } from "@holdfast/core";
import {
  explain,
  type ExplainOptions,
  type Explanation,
  type Locale,
} from "@holdfast/core/explain";
import { anything, assert, constantFrom, property, record, string } from "fast-check";
import { describe, expect, test } from "vitest";

const kinds = Object.keys(catalogue) as FailureKind[];
const locales: readonly Locale[] = ["en", "zh-CN"];
const now = Date.parse("2026-11-23T12:00:00Z");
const key = `AIza${"k".repeat(35)}`;

function failure(kind: FailureKind, facts: Partial<Failure> = {}): Failure {
  const { retryable, helps, scope, sure } = catalogue[kind];
  return { kind, retryable, helps, scope, sure, message: "", ...facts };
}

const explained = (
  kind: FailureKind,
  facts: Partial<Failure> = {},
  options: ExplainOptions = {},
): Explanation => explain(failure(kind, facts), { now, timeZone: "Asia/Shanghai", ...options });

describe.each(locales)("explain in %s", (locale) => {
  test.each(kinds)(
    "tells of %s what, why, what Holdfast does, what to do and where to read",
    (kind) => {
      const said = explained(kind, {}, { locale });
      expect(said.kind).toBe(kind);
      expect(said.title).not.toBe("");
      expect(said.what.length).toBeGreaterThan(10);
      expect(said.causes.length).toBeGreaterThanOrEqual(2);
      expect(said.actions.length).toBeGreaterThanOrEqual(2);
      expect(said.holdfast).toMatch(/[.。]$/);
      expect(said.links.length).toBeGreaterThan(0);
      expect(said.links.every(({ url }) => URL.canParse(url))).toBe(true);
      for (const line of [
        said.what,
        ...said.causes,
        said.holdfast,
        ...said.actions,
        ...said.general,
      ]) {
        expect(said.text).toContain(line);
      }
    },
  );

  test("says something of its own of every kind", () => {
    const titles = kinds.map((kind) => explained(kind, {}, { locale }).title);
    expect(new Set(titles).size).toBe(kinds.length);
    const texts = kinds.map((kind) => explained(kind, {}, { locale }).what);
    expect(new Set(texts).size).toBe(kinds.length);
  });
});

test("the Chinese is Chinese and the English is not, for every kind", () => {
  for (const kind of kinds) {
    const chinese = explained(kind, {}, { locale: "zh-CN" });
    for (const line of [
      chinese.title,
      chinese.what,
      chinese.holdfast,
      ...chinese.causes,
      ...chinese.actions,
    ]) {
      expect(line).toMatch(/\p{Script=Han}/u);
    }
    expect(explained(kind).text).not.toMatch(/\p{Script=Han}/u);
  }
});

const counts = (locale: Locale): number[][] =>
  kinds.map((kind) => {
    const { causes, actions, links } = explained(kind, {}, { locale });
    return [causes.length, actions.length, links.length];
  });

test("both languages give as many causes and actions, so that none is forgotten", () => {
  expect(counts("zh-CN")).toEqual(counts("en"));
});

/** What an explanation must name: kind, remedy, words in English, words in Chinese. */
const remedies: [FailureKind, string, RegExp, RegExp][] = [
  ["invalid-request", "bad JSON", /not valid JSON/, /不是合法的 JSON/],
  ["invalid-request", "a missing parameter", /required parameter is missing/, /缺少必填参数/],
  ["invalid-request", "a wrong type", /temperature as a string/, /temperature 写成字符串/],
  ["invalid-request", "a misspelled model", /model's name is misspelled/, /模型名拼写错误/],
  ["model-not-found", "a misspelled model", /model's name is misspelled/, /模型名拼写错误/],
  ["invalid-request", "empty contents", /contents or parts are empty/, /contents 或 parts 为空/],
  ["invalid-request", "error.message", /error\.message/, /error\.message/],
  [
    "permission-denied",
    "an invalid or revoked key",
    /invalid for this project or was revoked/,
    /无效，或已被撤销/,
  ],
  ["invalid-api-key", "a revoked key", /revoked/, /撤销/],
  ["permission-denied", "an API that is not enabled", /API is not enabled/, /未启用 Gemini API/],
  [
    "api-not-enabled",
    "enabling the API",
    /Enable the Generative Language API/,
    /启用 Generative Language API/,
  ],
  [
    "permission-denied",
    "IP and referrer restrictions",
    /IP or referrer restriction/,
    /IP 或来源网址/,
  ],
  ["api-key-restricted", "an IP restriction", /IP restriction/, /IP 限制/],
  [
    "api-key-restricted",
    "a referrer restriction",
    /Referrer restriction/,
    /来源网址（referrer）限制/,
  ],
  ["permission-denied", "an unsupported region", /unsupported region/, /不支持的地区/],
  ["permission-denied", "a relay endpoint", /relay endpoint/, /中转端点/],
  ["region-unsupported", "a relay endpoint", /relay endpoint .* baseURL/, /中转端点.*baseURL/],
  ...(
    [
      "rate-limit-minute",
      "rate-limit-tokens-minute",
      "rate-limit-unknown",
      "rate-limit-day",
      "quota-zero",
      "rate-limit-spend",
      "spend-cap",
    ] as const
  ).flatMap((kind): [FailureKind, string, RegExp, RegExp][] => [
    [kind, "the limits of the tier", /limits of your tier/, /所在层级的限额/],
    [kind, "backoff", /back(ing)? off/i, /退避/],
    [kind, "upgrading", /Upgrade: link a billing account/, /升级：关联结算账号/],
    [kind, "the Batch API", /Batch API/, /Batch API/],
    [kind, "more projects of your own", /more projects of your own/, /您自己的更多项目/],
  ]),
  ["server-error", "waiting", /Wait and try again/, /等待几秒后重试/],
  ["server-error", "special characters", /remove special characters/, /去掉特殊字符/],
  ["server-error", "a shorter input", /shorter input/, /更短的输入/],
  ["server-error", "the status page", /status page/, /状态页面/],
  ["capacity-exhausted", "retrying", /Retry with growing/, /重试/],
  [
    "capacity-exhausted",
    "a model with more capacity",
    /model with more capacity/,
    /容量更大的模型/,
  ],
  ["capacity-exhausted", "off-peak hours", /off-peak hours/, /非高峰时段/],
  [
    "network",
    "a proxy variable that fetch does not use",
    /HTTPS_PROXY is set, but Node's fetch does not use it/,
    /设置了 HTTPS_PROXY，但 Node 的 fetch 默认不使用它/,
  ],
  ["network", "how to make it use the variable", /NODE_USE_ENV_PROXY=1/, /NODE_USE_ENV_PROXY=1/],
  ...kinds.flatMap((kind): [FailureKind, string, RegExp, RegExp][] => [
    [kind, "checking key and quota", /Check key and quota/, /检查密钥和配额/],
    [kind, "checking the request format", /Check the request format/, /检查请求格式/],
    [kind, "reading error.message", /Read error\.message/, /阅读 error\.message/],
    [kind, "checking network and proxy", /Check network and proxy/, /检查网络和代理/],
    [kind, "looking at the status page", /status page: https/, /状态页面：https/],
  ]),
];

describe("the remedies", () => {
  test.each(remedies)("of %s name %s", (...[kind, , english, chinese]) => {
    expect(explained(kind).text).toMatch(english);
    expect(explained(kind, {}, { locale: "zh-CN" }).text).toMatch(chinese);
  });
});

describe("the facts of a failure", () => {
  const quota = {
    metric: "generativelanguage.googleapis.com/generate_content_free_tier_requests",
    id: "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
    limit: 20,
    window: "day",
    unit: "requests",
    model: "gemini-3.6-flash",
  } as const;
  const daily = { status: 429, reason: "RATE_LIMIT_EXCEEDED", model: "gemini-3.6-flash", quota };

  test("name quota, limit, model and the reset in local time", () => {
    expect(explained("rate-limit-day", { ...daily, retryAfter: 12_000 }).facts).toEqual([
      "Status: HTTP 429, RATE_LIMIT_EXCEEDED",
      "Model: gemini-3.6-flash",
      "Quota: 20 free tier requests per day",
      "Name of the quota: GenerateRequestsPerDayPerProjectPerModel-FreeTier",
      "Known limits of this model (free tier): 5 requests a minute, 250,000 tokens a minute, 20 requests a day",
      "The answer asks to wait 12 s, but that does not help with this limit.",
      "Opens again: Nov 24, 2026, 16:00 GMT+8",
    ]);
    const said = explained("rate-limit-day", daily, { locale: "zh-CN" });
    expect(said.facts).toContain("配额：免费层级每天请求数 20");
    expect(said.facts.at(-1)).toMatch(/^重新开放：2026年11月24日.*16:00/);
  });

  test.each([
    ["2026-11-23T12:00:00Z", "Nov 24, 2026, 08:00 UTC"],
    ["2026-11-24T07:59:59.999Z", "Nov 24, 2026, 08:00 UTC"],
    ["2026-11-24T08:00:00Z", "Nov 25, 2026, 08:00 UTC"],
    ["2026-07-01T12:00:00Z", "Jul 2, 2026, 07:00 UTC"],
    ["2026-10-31T12:00:00Z", "Nov 1, 2026, 07:00 UTC"],
    ["2026-11-01T08:30:00Z", "Nov 2, 2026, 08:00 UTC"],
    ["2027-03-14T08:30:00Z", "Mar 15, 2027, 07:00 UTC"],
  ])("put the reset of a day's quota at midnight in California: seen at %s", (at, reset) => {
    const said = explained("rate-limit-day", {}, { now: Date.parse(at), timeZone: "UTC" });
    expect(said.facts.at(-1)).toBe(`Opens again: ${reset}`);
  });

  test("trust a delay of hours, and the policy's own plan before it", () => {
    const retryAfter = 21_279_640;
    const said = explained("rate-limit-day", { retryAfter }, { timeZone: "UTC" });
    expect(said.facts.slice(-2)).toEqual([
      "The answer asks to wait 5 h 54 min.",
      "Opens again: Nov 23, 2026, 17:54 UTC",
    ]);
    const resetsAt = now + 60_000;
    expect(
      explained("rate-limit-day", { retryAfter }, { timeZone: "UTC", resetsAt }).facts.at(-1),
    ).toBe("Opens again: Nov 23, 2026, 12:01 UTC");
  });

  test("give a code that came without an answer as a code", () => {
    const reason = "ERR_STREAM_PREMATURE_CLOSE";
    expect(explained("stream-interrupted", { reason }).facts).toEqual([`Code: ${reason}`]);
  });

  test("leave out what tells a reader nothing: a quota without limit or window, a reset in seconds", () => {
    const seconds = explained("rate-limit-minute", {
      quota: { unit: "requests" },
      retryAfter: 12_000,
    });
    expect(seconds.facts).toEqual(["The answer asks to wait 12 s."]);
  });

  test("promise no reset where the limit is zero", () => {
    const said = explained("quota-zero", { retryAfter: 12_000, quota: { ...quota, limit: 0 } });
    expect(said.facts).toContain("Quota: 0 free tier requests per day");
    expect(said.facts.at(-1)).toContain("does not help with this limit");
  });

  test.each([
    ["GenerateContentPaidTierInputTokensPerModelPerMinute-PaidTier2", "tier 2"],
    ["generate_content_paid_tier_3_input_token_count", "tier 3"],
  ])("tell the tier from the quota %s", (id, tier) => {
    const tokens = { id, limit: 3_000_000, window: "minute", unit: "tokens" } as const;
    expect(explained("rate-limit-tokens-minute", { quota: tokens }).facts[0]).toBe(
      `Quota: 3,000,000 ${tier} input tokens per minute`,
    );
  });

  test("name the nearest models for a name that does not exist", () => {
    const said = explained("model-not-found", { status: 404, model: "gemini-3.6-flsh" });
    expect(said.facts).toContain("Did you mean: gemini-3.6-flash, gemini-3.8-flash");
    const old = explained("model-not-found", { model: "gemini-2.5-flsh" });
    expect(old.facts[1]).toMatch(/^Did you mean: gemini-2\.5-flash, /);
    expect(old.facts[2]).toBe("Its successor: gemini-3.5-flash-lite");
    const listed = explained(
      "model-not-found",
      {},
      { model: "gemini-9-por", candidates: ["gemini-9-pro"] },
    );
    expect(listed.facts).toContain("Did you mean: gemini-9-pro");
    const exclude = ["gemini-3.6-flash"];
    const refused = explained("model-not-found", { model: "gemini-3.6-flsh" }, { exclude });
    expect(refused.facts).toContain("Did you mean: gemini-3.8-flash");
  });

  test.each([
    [
      "gemini-2.0-flash",
      ["The model is retired since 2026-06-01.", "Its successor: gemini-3.5-flash-lite"],
    ],
    [
      "gemini-2.5-pro",
      ["The model is closed to new users since 2026-09-18.", "Its successor: gemini-3.8-flash"],
    ],
    [
      "gemini-3.5-flash",
      [
        "The name is answered by gemini-3.6-flash since 2026-10-08.",
        "Its successor: gemini-3.6-flash",
      ],
    ],
  ])("tell what became of %s", (model, facts) => {
    expect(explained("model-not-found", { model }).facts).toEqual([`Model: ${model}`, ...facts]);
  });

  test("name the fields a 400 complained about", () => {
    const fields = ["contents[2].parts", "generation_config.temperature"];
    expect(explained("invalid-request", { fields }).facts).toEqual([
      "Fields: contents[2].parts, generation_config.temperature",
    ]);
  });

  test("name another provider, and then give no pages of Google", () => {
    const said = explained("rate-limit-minute", { provider: "openai" });
    expect(said.facts).toEqual(["Provider: openai"]);
    expect(said.links).toEqual([]);
  });
});

describe("the first cause", () => {
  test.each([
    [
      "invalid-request",
      'Invalid JSON payload received. Unknown name "temprature"',
      /name that the API does not know/,
    ],
    ["invalid-request", "Invalid JSON payload received. Unexpected token.", /not valid JSON/],
    [
      "invalid-request",
      "Invalid value at 'generation_config.temperature' (TYPE_FLOAT)",
      /wrong type/,
    ],
    ["invalid-request", "contents is not specified", /is empty/],
    ["invalid-request", "contents[2].parts: contents.parts must not be empty.", /is empty/],
    [
      "invalid-request",
      "Function call is missing a thought_signature in functionCall parts.",
      /thought signature/,
    ],
    [
      "invalid-request",
      "Function calling is not enabled for models/gemma-3",
      /another model may have it/,
    ],
    [
      "invalid-request",
      "ensure that function call turn comes immediately after a user turn",
      /not paired/,
    ],
    [
      "invalid-request",
      "You can only set only one of thinking budget and thinking level.",
      /thinking settings/,
    ],
    ["invalid-request", "The File x is not in an ACTIVE state and usage is not allowed.", /ACTIVE/],
    ["network", "getaddrinfo ENOTFOUND relay.example", /could not be resolved/],
    ["network", "unable to verify the first certificate", /certificate is not trusted/],
    ["api-key-restricted", "Requests from referer <empty> are blocked.", /certain web referrers/],
    ["network", "connect ECONNREFUSED 127.0.0.1:7890", /Nothing listens/],
    ["network", "Cannot connect to proxy: 407", /The proxy refused/],
    ["network", "Connect Timeout Error (attempted address: x.example:443)", /Nobody answered/],
    [
      "api-key-restricted",
      "The provided API key has an IP address restriction",
      /certain IP addresses/,
    ],
    ["permission-denied", "Request had insufficient authentication scopes.", /lacks a scope/],
    ["permission-denied", "Permission denied on resource project x.", /project that the request/],
    ["permission-denied", "Permission 'a.b.predict' denied on resource 'x'", /lacks an IAM role/],
    ["unauthenticated", "Expected OAuth 2 access token, login cookie", /header x-goog-api-key/],
    ["billing-required", "This method requires billing to be enabled.", /No billing account/],
    ["spend-cap", "Your project has exceeded its monthly spending cap.", /monthly spending cap/],
    ["content-blocked-prompt", "The prompt was blocked: PROHIBITED_CONTENT.", /no setting/],
    ["content-blocked-response", "No content; finish reason SAFETY.", /safetySettings sets/],
    ["model-not-found", "models/x is no longer available to new users", /closed to projects/],
    ["invalid-request", "User has requested a restricted HarmBlockThreshold", /threshold that/],
  ] as const)("of %s follows what was said: %s", (kind, message, cause) => {
    const said = explained(kind, { message });
    expect(said.causes[0]).toMatch(cause);
    expect(said.causes).toHaveLength(explained(kind).causes.length + 1);
    const chinese = explained(kind, { message }, { locale: "zh-CN" }).causes;
    expect(chinese).toHaveLength(said.causes.length);
    expect(chinese[0]).toMatch(/\p{Script=Han}/u);
  });

  test.each([
    ["gemini-2.0-flash", /model was shut down/],
    ["gemini-2.5-pro", /closed to projects/],
    ["gemini-3.8-flash", /not offered for this method/],
    ["gemini-3.8-flsh", /name is misspelled/],
  ])("of a model that was not found is what the catalogue knows of it: %s", (model, cause) => {
    expect(explained("model-not-found", { model }).causes[0]).toMatch(cause);
    expect(explained("model-not-found", {}, { model }).causes[0]).toMatch(cause);
  });

  test("of a body that is too large is the proxy, where the status is one that Google does not send", () => {
    expect(explained("payload-too-large", { status: 413 }).causes[0]).toMatch(/a proxy or relay/);
    expect(explained("payload-too-large", { status: 400 }).causes[0]).toMatch(/base64/);
  });
});

describe("what Holdfast does", () => {
  test.each([
    ["invalid-request", "does not repeat"],
    ["invalid-request", "gives up at once"],
    ["capacity-exhausted", "up to 4 times, after a random delay that grows from 1 s to 20 s"],
    ["capacity-exhausted", "another model or another endpoint"],
    ["rate-limit-day", "another model, an account of another project or another endpoint"],
    ["rate-limit-day", "midnight Pacific time"],
    ["rate-limit-minute", "asks the same target again later"],
    ["invalid-api-key", "closes the account to all calls at once"],
    ["invalid-api-key", "once an hour one real call tests"],
    ["network", "goes on for as long as the deadline allows"],
    ["network", "only when several calls fail there"],
    ["content-blocked-prompt", "never moves a blocked request"],
    ["cancelled", "hands your abort reason on"],
    ["unknown", "up to 2 times"],
  ] as const)("about %s: %s", (kind, words) => {
    expect(explained(kind).holdfast).toContain(words);
  });

  test("follows the failure where its payload is more precise than the catalogue", () => {
    const helps = { model: false, account: false, endpoint: false };
    const untrusted = explained("network", { retryable: false, helps }).holdfast;
    expect(untrusted).toContain("does not repeat");
    expect(untrusted).toContain("gives up at once");
    expect(untrusted).not.toContain("several calls");
    expect(explained("context-length-exceeded").holdfast).toContain("with a larger window");
    const unready = explained("invalid-request", { retryable: true });
    expect(unready.holdfast).toContain("again later");
    expect(unready.what).toContain("works a little later");
    expect(explained("invalid-request").what).toContain("fails every time");
  });
});

describe("what must not get through", () => {
  test.each(locales)("no key, no text of the request, no control character, in %s", (locale) => {
    const hostile = {
      message: `secret prompt ${key} \u001b[31m`,
      model: `gemini \u0000 ${key}`,
      reason: "secret prompt",
      provider: "secret provider",
      fields: ["secret prompt", key, "contents\u202e"],
      quota: { metric: "secret metric", id: key, model: "secret model", limit: 5 },
      error: new Error("secret prompt"),
    };
    for (const kind of kinds) {
      const { text } = explained(kind, hostile, {
        locale,
        model: "secret model",
        candidates: ["secret"],
      });
      expect(text).not.toMatch(/secret|AIzak|(?!\n)\p{Cc}|\u202e/u);
    }
  });

  test("a hint costs no more for a message without end", () => {
    const message = `${"thought ".repeat(200_000)} must not be empty`;
    expect(explained("invalid-request", { message }).causes[0]).toMatch(/not valid JSON/);
  });

  test("never throws, whatever stands in a failure", () => {
    const name = string({ unit: "binary" });
    assert(
      property(
        record({
          kind: constantFrom(...kinds),
          message: name,
          model: name,
          reason: name,
          fields: anything(),
        }),
        ({ fields, ...facts }) => {
          const list = Array.isArray(fields) ? (fields as string[]) : [];
          expect(explained(facts.kind, { ...facts, fields: list }).text).not.toBe("");
        },
      ),
      { numRuns: 300 },
    );
  });
});

test("refuses a language or time zone that it does not know", () => {
  expect(() => explained("unknown", {}, { locale: "de" as Locale })).toThrow(RangeError);
  expect(() => explained("rate-limit-day", {}, { timeZone: "Mars/Olympus" })).toThrow(RangeError);
});
