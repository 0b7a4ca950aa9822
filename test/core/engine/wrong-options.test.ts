import { createPolicy, type PolicyOptions } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { checkOptions } from "../../../packages/core/src/settings.ts";
import { accounts, rejection, setUp } from "./set-up.ts";

const key = "AIzaSyFake-key-0123456789";
const account = (more: object): PolicyOptions => ({
  accounts: [{ name: "main", apiKey: key, ...more }],
});
const bad = (options: object): PolicyOptions => options;

describe("an option that cannot be", () => {
  test.each<[string, PolicyOptions, RegExp]>([
    ["unknown", bad({ retries: 3 }), /retries.*no such option.*attempts/],
    ["preset", bad({ preset: "fast" }), /preset is "fast": give one of .*"interactive".*"batch"/],
    ["order", bad({ order: "random" }), /order is "random": .*"in-order".*"balanced"/],
    [
      "afterContent",
      bad({ afterContent: "go on" }),
      /afterContent is "go on": .*"fail".*"continue"/,
    ],
    ["patience", { patience: -1 }, /patience is -1: give a number of at least 0/],
    ["deadline", { deadline: NaN }, /deadline is NaN: give a number/],
    ["attemptTimeout", bad({ attemptTimeout: "5s" }), /attemptTimeout is "5s": give a number/],
    ["firstContentTimeout", { firstContentTimeout: -5 }, /firstContentTimeout is -5/],
    ["stallTimeout", { stallTimeout: -5 }, /stallTimeout is -5/],
    ["attempts", { attempts: 0 }, /attempts is 0: give a number of at least 1/],
    ["maxWaiting", { maxWaiting: -1 }, /maxWaiting is -1/],
    ["quotaWindow", { quotaWindow: 0 }, /quotaWindow is 0/],
    ["concurrency", { concurrency: 0 }, /concurrency is 0/],
    ["backoff.base", { backoff: { base: -1 } }, /backoff\.base is -1/],
    ["backoff.cap", { backoff: { cap: -1 } }, /backoff\.cap is -1/],
    [
      "backoff.factor",
      { backoff: { factor: 0.5 } },
      /backoff\.factor is 0\.5: give a number of at least 1/,
    ],
    [
      "backoff.jitter",
      bad({ backoff: { jitter: "half" } }),
      /backoff\.jitter is "half": .*"full".*"none"/,
    ],
    ["limits", { limits: { m: { rpm: -3 } } }, /limits\["m"\]\.rpm is -3/],
    [
      "fallbacks",
      bad({ fallbacks: { m: "n" } }),
      /fallbacks\["m"\] is "n": give a list of model names/,
    ],
    ["chain", bad({ chain: ["m", ""] }), /chain\[1\] is "": give model names/],
    [
      "catalogue",
      bad({ catalogue: { "rate-limit": {} } }),
      /catalogue\["rate-limit"\].*no such kind/,
    ],
    [
      "the kind of a rule",
      bad({ rules: { "rate-limit": { action: "next" } } }),
      /rules\["rate-limit"\].*no such kind/,
    ],
    [
      "a field of a rule",
      bad({ rules: { timeout: { next: true } } }),
      /rules\["timeout"\]\.next: there is no such option; there are .*action/,
    ],
    [
      "what a rule does",
      bad({ rules: { timeout: { action: "stop" } } }),
      /rules\["timeout"\]\.action is "stop": .*"wait"/,
    ],
    [
      "how often a rule repeats",
      { rules: { timeout: { attempts: 0 } } },
      /rules\["timeout"\]\.attempts is 0/,
    ],
    [
      "the backoff of a rule",
      { rules: { timeout: { backoff: { base: -1 } } } },
      /rules\["timeout"\]\.backoff\.base is -1/,
    ],
    ["accounts", { accounts: [] }, /accounts is "empty": give at least one account/],
    ["accounts that are no list", bad({ accounts: "main" }), /accounts is "main"/],
    [
      "an account without a name",
      account({ name: " " }),
      /accounts\[0\]\.name is " ": give the account a name/,
    ],
    [
      "two accounts of one name",
      { accounts: [...accounts("a"), ...accounts("a")] },
      /accounts\[1\]\.name is "a": two accounts/,
    ],
    [
      "a key that is undefined",
      account({ apiKey: undefined }),
      /"main" has no key: accounts\[0\]\.apiKey is undefined.*environment variable/,
    ],
    ["a key that is empty", account({ apiKey: "  " }), /"main" has no key/],
    ["a key with a line break", account({ apiKey: `${key}\nx` }), /"main".*copy it anew/],
    [
      "an endpoint in clear",
      account({ baseURL: "http://relay.example" }),
      /accounts\[0\]\.baseURL is "http:\/\/relay\.example".*https/,
    ],
    [
      "an endpoint that is no URL",
      account({ baseURL: "relay" }),
      /accounts\[0\]\.baseURL is "relay": give a whole URL/,
    ],
    [
      "an endpoint with a password",
      account({ baseURL: "https://u:secret@relay.example" }),
      /leave user and password out/,
    ],
    ["no options at all", bad(null as never), /options is null: give an object/],
    [
      "a misspelled option",
      bad({ patiense: 3 }),
      /patiense: there is no such option; did you mean "patience"\?/,
    ],
    // Passed over, it would send the relay's key to Google.
    [
      "a misspelled endpoint",
      account({ baseUrl: "https://relay.example" }),
      /accounts\[0\]\.baseUrl: there is no such option; did you mean "baseURL"\?/,
    ],
    ["an account that is none", bad({ accounts: [null] }), /accounts\[0\] is null: give an object/],
    [
      "a tier that Google does not have",
      account({ tier: "tier1" }),
      /accounts\[0\]\.tier is "tier1": give one of "free"/,
    ],
    [
      "a project without a name",
      account({ project: "" }),
      /accounts\[0\]\.project is "": give a text/,
    ],
    ["what stands behind an endpoint", account({ via: 5 }), /accounts\[0\]\.via is 5: give a text/],
    [
      "a key in another place than its own",
      account({ tier: key }),
      /accounts\[0\]\.tier is "\[redacted\]"/,
    ],
    [
      "fallbacks that are no object",
      bad({ fallbacks: ["m", "n"] }),
      /fallbacks is a list: give an object/,
    ],
    ["a chain that is no list", bad({ chain: "m" }), /chain is "m": give a list of model names/],
    [
      "limits without a model",
      bad({ limits: { rpm: 3 } }),
      /limits\["rpm"\] is 3: give an object of rpm, tpm, rpd, window/,
    ],
    [
      "a limit that nobody counts",
      bad({ limits: { m: { rps: 3 } } }),
      /limits\["m"\]\.rps: there is no such option/,
    ],
    [
      "a part of backoff",
      bad({ backoff: { max: 3 } }),
      /backoff\.max: there is no such option; there are base, cap/,
    ],
    [
      "a breaker that is merely on",
      bad({ breaker: true }),
      /breaker is true: give an object.* or false/,
    ],
    [
      "a part of the breaker",
      bad({ breaker: { threshold: 3 } }),
      /breaker\.threshold: there is no such option; there are calls/,
    ],
    [
      "a share of the breaker",
      { breaker: { share: 2 } },
      /breaker\.share is 2: give a number from 0 to 1/,
    ],
    ["the retry budget", { budget: { capacity: -1 } }, /budget\.capacity is -1/],
    [
      "hedging",
      bad({ hedge: { after: 3 } }),
      /hedge\.after: there is no such option; there are delay, share/,
    ],
    ["the delay of hedging", { hedge: { delay: -1 } }, /hedge\.delay is -1/],
    [
      "a rule that is no object",
      bad({ rules: { timeout: "next" } }),
      /rules\["timeout"\] is "next": give an object of attempts/,
    ],
    [
      "the models of a rule",
      bad({ rules: { timeout: { models: "m" } } }),
      /rules\["timeout"\]\.models is "m": give a list of model names/,
    ],
    [
      "a scope in the catalogue",
      bad({ catalogue: { timeout: { scope: "acount" } } }),
      /catalogue\["timeout"\]\.scope is "acount": give one of .*"account"/,
    ],
    [
      "half a price",
      bad({ prices: { m: { input: 1 } } }),
      /prices\["m"\]\.output is undefined: give a number of at least 0$/,
    ],
    [
      "the price of a long input",
      bad({ prices: { m: { input: 1, output: 1, long: { input: 1, output: 1 } } } }),
      /prices\["m"\]\.long\.above is undefined/,
    ],
    ["schedules that are no list", bad({ schedules: {} }), /schedules is an object: give a list/],
    [
      "a part of a schedule",
      bad({ schedules: [{ modle: "m", timeZone: "UTC", from: "08:00", to: "09:00" }] }),
      /schedules\[0\]\.modle: .*did you mean "model"/,
    ],
    [
      "a schedule without a time zone",
      bad({ schedules: [{ from: "08:00", to: "09:00" }] }),
      /schedules\[0\]\.timeZone is undefined: give an IANA name/,
    ],
    ["accept", bad({ accept: "text" }), /accept is "text": give a function/],
    ["classify", bad({ classify: {} }), /classify is an object: give a function/],
    ["repair", bad({ repair: true }), /repair is true: give a function/],
    ["degrade", bad({ degrade: 5 }), /degrade is 5: give a message, an answer, or a function/],
    ["onEvent", bad({ onEvent: [] }), /onEvent is a list: give a function/],
    ["models", bad({ models: "m" }), /models is "m": give an object/],
    [
      "a path for a store",
      bad({ store: "board.json" }),
      /store is "board\.json": give a store, such as memoryStore\(\) or fileStore/,
    ],
    ["what is allowed", bad({ allow: { relay: true } }), /allow\.relay: .*did you mean "relays"/],
    ["adaptive concurrency", bad({ concurrency: "auto" }), /concurrency is "auto": .*"adaptive"/],
    [
      "limits of an account",
      account({ limits: { m: { tpm: -1 } } }),
      /accounts\[0\]\.limits\["m"\]\.tpm is -1/,
    ],
  ])("is refused with field, value and remedy: %s", (_, options, message) => {
    const make = (): unknown => createPolicy(options);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
    expect(make).not.toThrow(/AIzaSyFake|secret/);
  });

  test.each([
    ["deadline", { deadline: -1 }],
    ["patience", { patience: NaN }],
    ["attemptTimeout", { attemptTimeout: -1 }],
    ["tokens", { tokens: -1 }],
    ["requests", { requests: NaN }],
  ])("is refused in a call as well, and nothing is sent: %s", async (name, options) => {
    const { policy, server, sent } = setUp();
    const error = await rejection(policy.execute(server({ "*": "ok" }), options));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(`the call's ${name} is ${Object.values(options)[0]}`);
    expect(sent).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    ["a name with a slip", { dedline: 1_000 }, /the call's dedline: .*did you mean "deadline"\?/],
    ["a name of a policy's", { chain: ["a"] }, /the call's chain: .*there are model, candidates/],
    ["a key under a wrong name", { apikey: key }, /the call's apikey: there is no such option/],
    ["a model that is none", { model: "" }, /the call's model is "": give a text/],
    ["an account", { account: 1 }, /the call's account is 1: give a text/],
    ["a priority", { priority: "high" }, /the call's priority is "high": give a number/],
    [
      "a signal",
      { signal: new AbortController() },
      /the call's signal is an object: .*AbortSignal/,
    ],
    [
      "candidates",
      { candidates: [{ name: "a" }] },
      /the call's candidates\[0\]\.name: there is no/,
    ],
    ["a candidate without a model", { candidates: [{}] }, /candidates\[0\]\.model is undefined/],
  ])("is refused in a call with field, value and remedy: %s", async (_, options, message) => {
    const { policy, server, sent } = setUp();
    const error = await rejection(policy.execute(server({ "*": "ok" }), options));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain(key);
    expect(sent).toEqual([]);
  });

  test("is none where a call says it by undefined", async () => {
    const { policy, server } = setUp();
    const options = { deadline: undefined, signal: undefined } as object;
    await expect(policy.execute(server({ "*": "ok" }), options)).resolves.toMatchObject({
      value: "ok",
    });
  });

  test.each([
    "http://localhost:8080",
    "http://127.0.0.1:8080/",
    "http://[::1]:1",
    "https://relay.example/",
    "https://relay.example/v1beta/",
  ])("is no endpoint such as %s", (baseURL) => {
    const [main] = checkOptions(account({ baseURL })).accounts;
    expect(main?.baseURL).toBe(baseURL.replace(/\/$/, "").replace("/v1beta", ""));
  });
});
