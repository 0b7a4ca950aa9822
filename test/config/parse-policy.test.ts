import { parsePolicy, PolicyFileError, type PresetName, presets } from "@holdfast/config";
import { createPolicy, type Settings } from "@holdfast/core";
import { describe, expect, test } from "vitest";

const env = { GEMINI_API_KEY: "key-of-main", TEAM_KEY: " key-of-team\n", EMPTY: "  " };
const main = { name: "main", apiKeyEnv: "GEMINI_API_KEY" };

/** The error that a policy fails with. */
function errorOf(data: unknown): PolicyFileError {
  try {
    parsePolicy(data, { env });
  } catch (error) {
    if (PolicyFileError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("the policy was accepted");
}

const problemsOf = (data: unknown): string[] => errorOf(data).message.split("\n  ").slice(1);

const settingsOf = (preset: PresetName, rest: object = {}): Settings =>
  createPolicy(parsePolicy({ preset, ...rest }, { env })).settings;

describe("a policy as data", () => {
  test("says everything that a policy in code can say, but functions", () => {
    const options = parsePolicy(
      {
        $schema: "./holdfast.schema.json",
        preset: "batch",
        accounts: [
          main,
          {
            name: "team",
            apiKeyEnv: "TEAM_KEY",
            project: "team-a",
            billingAccount: "b",
            tier: "tier-1",
            baseURL: "https://relay.example",
            via: "relay",
            provider: "openai",
            limits: { "*": { rpm: 5, tpm: 1000, rpd: 100 } },
          },
        ],
        fallbacks: { "gemini-2.5-pro": ["gemini-2.5-flash"] },
        chain: ["a", "b"],
        order: "balanced",
        attempts: 60,
        backoff: { base: "1s", cap: 20_000, factor: 2, jitter: "none" },
        patience: "5m",
        deadline: "2h",
        attemptTimeout: 1_500,
        firstContentTimeout: "1.5s",
        stallTimeout: "250ms",
        afterContent: "continue",
        limits: { "gemini-2.5-pro": { rpm: 150 } },
        quotaWindow: "1m",
        maxWaiting: 5,
        concurrency: "adaptive",
        breaker: {
          calls: 3,
          share: 0.4,
          streak: 8,
          silence: "9s",
          window: "30s",
          cooldown: "5s",
          maxCooldown: "1m",
        },
        budget: { capacity: 100, cost: 1, timeoutCost: 2, income: 1 },
        hedge: { delay: "2s", share: 0.1 },
        rules: {
          "server-error": { attempts: 9, backoff: { base: "2s" }, action: "next", models: ["b"] },
        },
        catalogue: {
          recitation: {
            scope: "none",
            sure: "stated",
            reopens: "minutes",
            retryable: false,
            helps: { model: true, account: false, endpoint: false },
            attempts: 2,
            persistent: false,
            backoff: { base: 1, cap: "1d" },
          },
        },
        schedules: [
          { model: "a", account: "main", timeZone: "Asia/Shanghai", from: "22:30", to: "06:00" },
        ],
        prices: {
          "gpt-5-mini": { input: 0.25, output: 2, cachedInput: 0.1 },
          "house-model": { input: 1, output: 2, long: { above: 200_000, input: 2, output: 4 } },
        },
        allow: { mixedTiers: true, relays: true },
      },
      { env },
    );
    expect(options).toStrictEqual({
      preset: "batch",
      accounts: [
        { name: "main", apiKey: "key-of-main" },
        {
          name: "team",
          apiKey: "key-of-team",
          project: "team-a",
          billingAccount: "b",
          tier: "tier-1",
          baseURL: "https://relay.example",
          via: "relay",
          provider: "openai",
          limits: { "*": { rpm: 5, tpm: 1000, rpd: 100 } },
        },
      ],
      fallbacks: { "gemini-2.5-pro": ["gemini-2.5-flash"] },
      chain: ["a", "b"],
      order: "balanced",
      attempts: 60,
      backoff: { base: 1_000, cap: 20_000, factor: 2, jitter: "none" },
      patience: 300_000,
      deadline: 7_200_000,
      attemptTimeout: 1_500,
      firstContentTimeout: 1_500,
      stallTimeout: 250,
      afterContent: "continue",
      limits: { "gemini-2.5-pro": { rpm: 150 } },
      quotaWindow: 60_000,
      maxWaiting: 5,
      concurrency: "adaptive",
      breaker: {
        calls: 3,
        share: 0.4,
        streak: 8,
        silence: 9_000,
        window: 30_000,
        cooldown: 5_000,
        maxCooldown: 60_000,
      },
      budget: { capacity: 100, cost: 1, timeoutCost: 2, income: 1 },
      hedge: { delay: 2_000, share: 0.1 },
      rules: {
        "server-error": { attempts: 9, backoff: { base: 2_000 }, action: "next", models: ["b"] },
      },
      catalogue: {
        recitation: {
          scope: "none",
          sure: "stated",
          reopens: "minutes",
          retryable: false,
          helps: { model: true, account: false, endpoint: false },
          attempts: 2,
          persistent: false,
          backoff: { base: 1, cap: 86_400_000 },
        },
      },
      schedules: [
        { model: "a", account: "main", timeZone: "Asia/Shanghai", from: "22:30", to: "06:00" },
      ],
      prices: {
        "gpt-5-mini": { input: 0.25, output: 2, cachedInput: 0.1 },
        "house-model": { input: 1, output: 2, long: { above: 200_000, input: 2, output: 4 } },
      },
      allow: { mixedTiers: true, relays: true },
    });
    expect(createPolicy(options).settings.patience).toBe(300_000);
  });

  test("may be empty", () => {
    expect(parsePolicy({}, { env })).toStrictEqual({ preset: "interactive" });
  });

  test.each(["breaker", "budget", "hedge"])("switches %s off by false", (name) => {
    expect(parsePolicy({ [name]: false }, { env })).toHaveProperty(name, false);
  });

  test.each(["accept", "classify", "repair", "degrade", "models", "store", "onEvent"])(
    "refuses %s, which is a function, and says where it goes",
    (name) => {
      expect(problemsOf({ [name]: "x" })).toStrictEqual([
        `${name}: functions cannot stand in a file: give it in code, as { options: { ${name} } }`,
      ]);
    },
  );
});

describe("an error", () => {
  test.each([
    [{ patiense: 1 }, `patiense: there is no such name; did you mean "patience"?`],
    [
      { attempt_timeout: 1 },
      `attempt_timeout: there is no such name; did you mean "attemptTimeout"?`,
    ],
    [
      { preset: "free" },
      `preset is "free": give one of "interactive", "batch", "free-tier", "strict"`,
    ],
    [
      { preset: "Batch" },
      expect.stringMatching(/^preset is "Batch": give one of .*; did you mean "batch"\?$/),
    ],
    [
      { patience: "soon" },
      `patience is "soon": give ms as a number of at least 0, or a text such as "250ms", "30s", "5m", "2h", "1d"`,
    ],
    [{ deadline: -1 }, `deadline is -1: give a number of at least 0`],
    [{ attempts: "5" }, `attempts is "5": give a number`],
    [{ attempts: 1.5 }, `attempts is 1.5: give a whole number`],
    [{ attempts: 0 }, `attempts is 0: give a number of at least 1`],
    [
      { concurrency: "auto" },
      `concurrency is "auto": give a whole number of at least 1, or "adaptive"`,
    ],
    [{ hedge: true }, `hedge is true: give an object, or false to switch it off`],
    [{ hedge: { share: 2 } }, `hedge.share is 2: give a number of at most 1`],
    [{ breaker: { cals: 2 } }, `breaker.cals: there is no such name; did you mean "calls"?`],
    [{ chain: "a" }, `chain is "a": give a list`],
    [{ chain: null }, `chain is null: give a list`],
    [{ chain: ["a", ""] }, `chain[1] is "": give a text that is not empty`],
    [{ fallbacks: { "gemini-2.5-pro": "b" } }, `fallbacks["gemini-2.5-pro"] is "b": give a list`],
    [{ limits: { m: { rpm: "10" } } }, `limits.m.rpm is "10": give a number`],
    [{ accounts: [] }, `accounts is an empty list: give at least one, or leave it out`],
    [
      { rules: { "server-eror": {} } },
      `rules["server-eror"]: there is no such name; did you mean "server-error"?`,
    ],
    [
      { rules: { timeout: { action: "stop" } } },
      expect.stringMatching(/^rules\.timeout\.action is "stop": give one of "next"/),
    ],
    [
      { schedules: [{ timeZone: "UTC", from: "25:00", to: "06:00" }] },
      `schedules[0].from is "25:00": give a time of day such as 22:30`,
    ],
    [[], "it is an empty list: give an object"],
    [
      { accounts: [{ name: "main" }] },
      `accounts[0].apiKeyEnv is missing: name the environment variable that holds the key, such as "apiKeyEnv": "GEMINI_API_KEY"`,
    ],
    [
      { accounts: [main, { name: "team", apiKeyEnv: "NOWHERE" }] },
      `accounts[1].apiKeyEnv: the account "team" has no key, since the environment variable NOWHERE is not set: set it, or name another one`,
    ],
    [
      { accounts: [{ name: "main", apiKeyEnv: "EMPTY" }] },
      `accounts[0].apiKeyEnv: the account "main" has no key, since the environment variable EMPTY is empty: set it, or name another one`,
    ],
  ])("for %j has path, value and remedy", (data, expected) => {
    expect(problemsOf(data)).toStrictEqual([expected]);
  });

  test("lists all problems at once, also for programs", () => {
    const error = errorOf({ patience: "soon", foo: 1, attempts: 0 });
    expect(error).toBeInstanceOf(TypeError);
    expect(error.name).toBe("PolicyFileError");
    expect(error.message).toMatch(/^Holdfast: the policy has 3 problems:\n/);
    expect(error.problems.map(({ path, value }) => [path, value])).toStrictEqual([
      ["attempts", "0"],
      ["patience", `"soon"`],
      ["foo", undefined],
    ]);
  });

  test("is told apart from other errors, by copies of the package too", () => {
    expect(PolicyFileError.isInstance(errorOf({ foo: 1 }))).toBe(true);
    expect(PolicyFileError.isInstance(new TypeError("x"))).toBe(false);
    expect(PolicyFileError.isInstance(undefined)).toBe(false);
  });

  test("shortens long values", () => {
    expect(problemsOf({ order: "x".repeat(1_000) })[0]!.length).toBeLessThan(130);
  });
});

describe("a key in a file", () => {
  const secret = "relay4f9Kx27LmQ81zT0pVb3";

  test.each(["apiKey", "api_key", "key", "token", "secret", "API-KEY"])(
    "is refused under the name %s, with the reason and without being shown",
    (name) => {
      const error = errorOf({ accounts: [{ name: "main", [name]: secret }] });
      expect(error.problems).toHaveLength(1);
      expect(error.message).toMatch(/accounts\[0\].*: a key never stands in a file/);
      expect(JSON.stringify([error.message, error.problems, String(error)])).not.toContain(secret);
    },
  );

  test("is refused under any name when it looks like one", () => {
    const google = "AIzaSyA1234567890abcdefghijklmnopqrstuv";
    for (const data of [
      { accounts: [{ ...main, name: google }] },
      { accounts: [{ ...main, apiKeyEnv: google }] },
      { accounts: [{ ...main, baseURL: `https://relay.example/?key=${secret}` }] },
      { fallbacks: { [google]: ["b"] } },
      { [google]: 1 },
      { order: google },
    ]) {
      const { message, problems } = errorOf(data);
      expect(message).toMatch(/an API key|no such name|one of/);
      expect(JSON.stringify([message, problems])).not.toContain(google);
      expect(JSON.stringify([message, problems])).not.toContain(secret);
    }
  });

  test.each([secret, `${secret}-with-a-dash`])(
    "is not shown when it stands where the variable's name belongs: %s",
    (apiKeyEnv) => {
      const { message } = errorOf({ accounts: [{ name: "main", apiKeyEnv }] });
      expect(message).toContain("accounts[0].apiKeyEnv");
      expect(message).not.toContain(apiKeyEnv);
    },
  );
});

describe("a preset", () => {
  test.each([
    ["interactive", { patience: 10_000, deadline: 600_000 }],
    ["batch", { patience: 600_000, deadline: 86_400_000 }],
    ["free-tier", { patience: 65_000, deadline: 900_000, order: "balanced" }],
    [
      "strict",
      { patience: 0, deadline: 60_000, attempts: 6, attemptTimeout: 30_000, maxWaiting: 100 },
    ],
  ] as const)("%s gives its defaults", (preset, expected) => {
    expect(settingsOf(preset)).toMatchObject(expected);
  });

  test.each(Object.keys(presets) as PresetName[])("%s yields to what the file says", (preset) => {
    expect(settingsOf(preset, { patience: 7, order: "in-order" })).toMatchObject({
      patience: 7,
      order: "in-order",
    });
  });

  test("free-tier takes Google's accounts for free ones unless they say otherwise", () => {
    const { accounts } = settingsOf("free-tier", {
      accounts: [
        main,
        { ...main, name: "paid", tier: "tier-1" },
        { ...main, name: "relay", baseURL: "https://relay.example" },
        { ...main, name: "other", provider: "openai" },
      ],
    });
    expect(accounts.map(({ tier }) => tier)).toStrictEqual([
      "free",
      "tier-1",
      undefined,
      undefined,
    ]);
  });
});
