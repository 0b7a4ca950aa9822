import { type Article, type LimitKind } from "./article.ts";

const tierLimits =
  "Look up the limits of your tier at aistudio.google.com/rate-limit: they count per project and model, not per key.";
const backoff =
  "Let failed calls back off: wait what the answer asks for, then longer each time, with a random part. Holdfast does that for you.";
const upgrade =
  "Upgrade: link a billing account (tier 1), or reach the next tier; the limits rise within about ten minutes.";
const batch =
  "Move work that can wait to the Batch API: half the price, limits of its own, and it runs while the interactive quota is used up.";
const projects =
  "Spread the load over more projects of your own, each an account of the policy; a second key of the same project does not help.";
const fallback = "Name a fallback model: each model has a quota of its own.";

/** English: how much is asked. */
export const englishLimits: Readonly<Record<LimitKind, Article>> = {
  "rate-limit-minute": {
    title: "Too many requests in a minute",
    what: "The project has used up its requests per minute for this model. The limit opens again within a minute.",
    causes: [
      "More calls at once than the tier allows; the free tier allows 5 to 15 a minute.",
      "Retries of your own, or of other libraries, multiply the calls.",
      "Other programs use the same project.",
    ],
    actions: [backoff, tierLimits, upgrade, fallback, batch, projects],
  },
  "rate-limit-tokens-minute": {
    title: "Too many tokens in a minute",
    what: "The project has used up its input tokens per minute for this model. The limit opens again within a minute.",
    causes: [
      "Long prompts: history, documents and tools are sent again with each call.",
      "One request alone is larger than the limit; then no wait helps.",
      "Other programs use the same project.",
    ],
    actions: [
      "Shorten the input, or cache what repeats; estimateTokens says what a body costs.",
      backoff,
      tierLimits,
      upgrade,
      fallback,
      batch,
      projects,
    ],
  },
  "rate-limit-unknown": {
    title: "A limit is used up, and the answer does not say which",
    what: "The API refuses for quota without naming it. It may be the minute, the day, capacity or money.",
    causes: [
      "Too many requests or tokens in a minute.",
      "The daily quota is used up.",
      "Google is short of capacity for this model.",
      "Prepaid credits or a spending cap are used up.",
    ],
    actions: [backoff, tierLimits, upgrade, fallback, batch, projects],
  },
  "rate-limit-day": {
    title: "The daily quota is used up",
    what: "The project has used up its day's quota for this model. A retry after seconds is useless, even where the answer suggests it.",
    causes: [
      "The free tier allows few requests a day: about 20 for most flash models.",
      "Retries count too.",
      "With embeddings each text counts, not each request.",
    ],
    actions: [
      fallback,
      projects,
      batch,
      upgrade,
      tierLimits,
      "Wait for the reset: midnight Pacific time, unless the answer names a later moment. Back off until then.",
    ],
  },
  "quota-zero": {
    title: "The tier has no quota for this model",
    what: "The limit is 0: the model is not part of this project's tier. Waiting does not help, even where the answer suggests it.",
    causes: [
      "The free tier has no quota for pro and image models.",
      "Billing is not linked, or the upgrade has not spread yet.",
      "The model is being withdrawn for this tier.",
    ],
    actions: [
      "Use a model that the tier includes, such as a flash model; name it as a fallback.",
      upgrade,
      tierLimits,
      projects,
      "The Batch API has limits of its own, but needs billing too; backing off does not help here.",
    ],
  },
  "rate-limit-spend": {
    title: "The account spends too fast",
    what: "The billing account has spent more in ten minutes than its tier allows: 10 dollars in tier 1, 50 in tier 2, 200 in tier 3. It opens by itself after minutes.",
    causes: [
      "A burst of expensive calls: long inputs, pro or image models, thinking.",
      "Several projects share one billing account.",
    ],
    actions: [
      "Back off: stop the load for some minutes, one call in 20 seconds at most.",
      "Spread the work over time, or move it to the Batch API.",
      upgrade,
      tierLimits,
      "Use more projects of your own that bill to another account.",
    ],
  },
  "spend-cap": {
    title: "The money is used up",
    what: "Prepaid credits are depleted, or the monthly spending cap is reached. It stays so until somebody acts or the month ends.",
    causes: [
      "Prepaid credits are used up.",
      "The monthly cap of the tier or of the project is reached: 250 dollars in tier 1, 2,000 in tier 2.",
      "An error of the billing system; that has happened, and healed after hours.",
    ],
    actions: [
      "Buy credits or raise the cap in Google AI Studio.",
      upgrade,
      "Use an account that bills elsewhere; more projects of your own help only with another billing account.",
      "Use cheaper models and the Batch API, look up the limits of your tier, and let the policy back off meanwhile.",
    ],
  },
};
