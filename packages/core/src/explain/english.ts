import { type HintName } from "./article.ts";
import { englishAccess } from "./english-access.ts";
import { englishLimits } from "./english-limits.ts";
import { englishRequests } from "./english-requests.ts";
import { englishService } from "./english-service.ts";
import { type Language } from "./language.ts";

const hints: Readonly<Record<HintName, string>> = {
  json: "The body is not valid JSON: the server could not parse it.",
  "unknown-field":
    "A field has a name that the API does not know: misspelled, or of another API version.",
  type: "A field has the wrong type, such as a string where a number is due (temperature).",
  empty: "contents, parts or a single part is empty.",
  role: 'A content has a role other than "user" and "model".',
  range: "A parameter is out of its range.",
  signature:
    "A function call in the history lacks its thought signature; send the model's parts back as they came.",
  "function-order":
    "Function calls and responses are not paired: each call needs one response, right after it.",
  thinking: "The thinking settings do not fit the model, or exclude each other.",
  capability: "The model lacks what is asked; another model may have it.",
  image: "An image cannot be read: damaged, empty, of an unsupported type or too large.",
  "file-processing":
    "A file is still being processed; wait until its state is ACTIVE, seconds as a rule.",
  "cached-content":
    "With cachedContent, system instruction and tools belong into the cache, not into the request.",
  schema: "The schema of an answer or function is not valid for the API.",
  missing: "A required parameter is missing.",
  dns: "The host's name could not be resolved: DNS, a misspelled baseURL, or no network.",
  refused: "Nothing listens at that address, or a firewall refuses: check baseURL and proxy.",
  tls: "A certificate is not trusted, often because a company proxy opens TLS.",
  referrer: "The key allows certain web referrers only, and this call has none of them.",
  ip: "The key allows certain IP addresses only, and this call comes from another.",
  service: "The key does not list the Generative Language API among the APIs it may call.",
  app: "The key is restricted to an Android or iOS app.",
  threshold: "A safety setting asks for a threshold that this account may not use.",
  proxy: "The proxy refused or could not be reached: check its address and its credentials.",
  unanswered:
    "Nobody answered at that address in time: a firewall, VPN or company proxy may swallow the connection.",
  scopes: "The OAuth token lacks a scope; sign in again with the scopes the API asks for.",
  "project-id":
    "The project that the request names does not exist, or these credentials may not use it.",
  iam: "The service account lacks an IAM role that this call needs.",
  bearer:
    "An API key was sent where an OAuth token is expected; send keys in the header x-goog-api-key.",
  "billing-off": "No billing account is linked to the project, or it was closed.",
  cap: "The monthly spending cap of the project, or of its tier, is reached.",
  "fixed-policy":
    "The block comes from a category that no setting switches off; only other content helps.",
  adjustable: "The block comes from an adjustable category, whose threshold safetySettings sets.",
  "proxy-limit":
    "HTTP 413 comes from a proxy or relay before the API; Google itself answers 400 to a body that is too large.",
  "shut-down": "The name is right, but the model was shut down.",
  "closed-to-new":
    "The name is right, but the model is closed to projects that have not used it before; an older project may still call it.",
  "other-method":
    "The name is right, so the model is not offered for this method, API version, region or project.",
};

const either = (places: readonly string[]): string =>
  [places.slice(0, -1).join(", "), places.at(-1)].filter(Boolean).join(" or ");

/** Everything `explain` says in English. */
export const english: Language = {
  locale: "en",
  colon: ": ",
  articles: { ...englishRequests, ...englishAccess, ...englishLimits, ...englishService },
  hints,
  notYet:
    "The request is refused for now: something it refers to is not ready. The same request works a little later.",
  general: [
    "Check key and quota: does the key exist in Google AI Studio, and what do its project's limits say?",
    "Check the request format against the API reference.",
    "Read error.message, and the cause of the error: the provider's own sentence stands there.",
    "Check network and proxy: Node's fetch ignores HTTP_PROXY and HTTPS_PROXY unless NODE_USE_ENV_PROXY=1 is set.",
    "Look at the status page: https://aistudio.google.com/status",
  ],
  headings: {
    facts: "This failure",
    causes: "Likely causes",
    holdfast: "What Holdfast does",
    actions: "What you can do",
    general: "If that does not help",
    links: "Read more",
  },
  units: { hours: "h", minutes: "min", seconds: "s" },
  facts: {
    status: (status, reason) => `Status: HTTP ${status}${reason ? `, ${reason}` : ""}`,
    code: (code) => `Code: ${code}`,
    provider: (provider) => `Provider: ${provider}`,
    model: (model) => `Model: ${model}`,
    retired: (since) => `The model is retired since ${since}.`,
    routed: (since, to) => `The name is answered by ${to} since ${since}.`,
    closed: (since) => `The model is closed to new users since ${since}.`,
    successor: (name) => `Its successor: ${name}`,
    nearest: (names) => `Did you mean: ${names.join(", ")}`,
    fields: (names) => `Fields: ${names.join(", ")}`,
    quota: ({ limit, tier, unit, window }) => {
      const what = `${tier ? `${tier} ` : ""}${unit}${window ? ` per ${window}` : ""}`;
      return limit === undefined
        ? `Quota: ${what}`
        : `Quota: ${limit.toLocaleString("en")} ${what}`;
    },
    quotaName: (name) => `Name of the quota: ${name}`,
    tierLimits: (tier, limits) => `Known limits of this model (${tier}): ${limits.join(", ")}`,
    delay: (duration) => `The answer asks to wait ${duration}.`,
    uselessDelay: (duration) =>
      `The answer asks to wait ${duration}, but that does not help with this limit.`,
    reset: (time) => `Opens again: ${time}`,
  },
  names: {
    units: { requests: "requests", tokens: "input tokens" },
    windows: { minute: "minute", day: "day" },
    tiers: { free: "free tier", "tier-1": "tier 1", "tier-2": "tier 2", "tier-3": "tier 3" },
    limits: {
      requestsPerMinute: "requests a minute",
      tokensPerMinute: "tokens a minute",
      requestsPerDay: "requests a day",
      batchTokens: "tokens in batches",
    },
  },
  holdfast: {
    again: (attempts, shortest, longest) =>
      `It tries the same target up to ${attempts} times, after a random delay that grows from ${shortest} to ${longest}.`,
    waits: "It asks the same target again later, if patience and deadline allow that.",
    persists: "Where no other target is left, it goes on for as long as the deadline allows.",
    never: "It does not repeat the call at the same target.",
    moves: (places) => `It moves on to ${either(places)}, where the policy has one.`,
    stays:
      "No other model, account or endpoint would help, so it gives up at once with this diagnosis.",
    stops: "When the attempts are used up, it gives up with this diagnosis.",
    places: {
      model: "another model",
      account: "an account of another project",
      endpoint: "another endpoint",
    },
    larger: "a model with a larger window",
    closesForAll: (scope) => `It closes ${scope} to all calls at once.`,
    closesOnEvidence: (scope) =>
      `It leaves ${scope} for this call; for all calls only when several calls fail there.`,
    scopes: {
      request: "the request",
      window: "models with no larger window",
      model: "this model",
      account: "the account",
      project: "the project",
      "billing-account": "the billing account",
      "quota-domain": "the quota (project and model)",
      endpoint: "the endpoint",
      "upstream-model": "the model wherever it is served from the same place",
      target: "the target",
      none: "nothing",
    },
    reopens: {
      "next-call": "The next call starts afresh.",
      "hourly-probe": "About once an hour one real call tests whether it is open again.",
      window: "It opens after the delay the answer asks for, else at the end of the minute.",
      day: "It opens after a delay of hours if the answer names one, else at midnight Pacific time, with a sparse test before.",
      minutes: "It opens after some minutes.",
      backoff: "It opens by itself after a delay that grows.",
    },
    blocked: "It never moves a blocked request to another account or endpoint.",
    cancelled: "It stops at once, and hands your abort reason on.",
  },
};
