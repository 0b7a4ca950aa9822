import { type Failure, type FailureKind } from "@holdfast/core";
import { type Model, models as allModels, type Tier } from "@holdfast/core/models";

import { chinese } from "./chinese.ts";
import { type ExplainContext } from "./context.ts";
import { english } from "./english.ts";
import { factsOf } from "./facts.ts";
import { hintOf } from "./hints.ts";
import { type Language, type Locale } from "./language.ts";
import { type Link, linksFor } from "./links.ts";
import { whatHoldfastDoes } from "./what-holdfast-does.ts";

/** How to explain, and what is known beside the failure. */
export interface ExplainOptions {
  /** @default "en" */
  locale?: Locale;
  /** Wall time in ms since 1970, for dates and for the reset of a quota. @default the present */
  now?: number;
  /** The reader's time zone, such as `Asia/Shanghai`. @default that of the process */
  timeZone?: string;
  /** The model that was asked for, where the failure does not name it. */
  model?: string;
  /** The tier of the account, where the quota does not tell it. */
  tier?: Tier;
  /** When the policy will ask again, as wall time in ms; beats what the failure suggests. */
  resetsAt?: number;
  /** @default the catalogue of `@holdfast/core/models` */
  models?: readonly Model[];
  /** Names of models that exist, such as a live list, to propose from. @default the catalogue */
  candidates?: readonly string[];
  /** Names not to propose, for example those that the policy found refused. */
  exclude?: readonly string[];
}

/** A failure explained to a person. */
export interface Explanation {
  kind: FailureKind;
  title: string;
  /** What happened. */
  what: string;
  /** What is special about this failure, a line each: model, quota, limit, fields, reset. */
  facts: readonly string[];
  /** Likely causes, the likeliest first. */
  causes: readonly string[];
  /** What Holdfast does about it. */
  holdfast: string;
  /** What the person can do, the most promising first. */
  actions: readonly string[];
  /** Steps that help whatever the kind. */
  general: readonly string[];
  /** Where to read more. */
  links: readonly Link[];
  /** All of that as plain text with line ends. */
  text: string;
}

const languages: Readonly<Record<Locale, Language>> = { en: english, "zh-CN": chinese };

/**
 * Explains a failure to a person: what happened, why, what Holdfast does about it and what the person can do, in English or
 * Simplified Chinese.
 *
 * Of the provider's words only names and numbers are repeated, so that no key, no text of the request and no control character gets
 * through.
 *
 * @throws RangeError for a locale or time zone that does not exist
 */
export function explain(failure: Failure, options: ExplainOptions = {}): Explanation {
  const { locale = "en", now = new Date().getTime(), models = allModels, ...rest } = options;
  const language = Object.hasOwn(languages, locale) ? languages[locale] : undefined;
  if (language === undefined) throw new RangeError(`explain: locale must be "en" or "zh-CN"`);
  const context: ExplainContext = { ...rest, language, now, models };
  const article = language.articles[failure.kind];
  const hint = hintOf(failure, context);
  const notYet = failure.kind === "invalid-request" && failure.retryable;
  const sharp = hint === undefined ? [] : [language.hints[hint]];
  const foreign = failure.provider !== undefined && failure.provider !== "google";
  const explanation = {
    kind: failure.kind,
    title: article.title,
    what: notYet ? language.notYet : article.what,
    facts: factsOf(failure, context),
    causes: [...sharp, ...article.causes],
    holdfast: whatHoldfastDoes(failure, language),
    actions: article.actions,
    general: language.general,
    links: foreign ? [] : linksFor(failure.kind, locale),
  };
  return { ...explanation, text: textOf(explanation, language) };
}

const numbered = (lines: readonly string[]): string[] =>
  lines.map((line, index) => `${index + 1}. ${line}`);

const bulleted = (lines: readonly string[]): string[] => lines.map((line) => `- ${line}`);

function textOf(explanation: Omit<Explanation, "text">, { headings, colon }: Language): string {
  const sections: [string, string[]][] = [
    [headings.facts, bulleted(explanation.facts)],
    [headings.causes, numbered(explanation.causes)],
    [headings.holdfast, [explanation.holdfast]],
    [headings.actions, numbered(explanation.actions)],
    [headings.general, bulleted(explanation.general)],
    [headings.links, bulleted(explanation.links.map(({ title, url }) => `${title}${colon}${url}`))],
  ];
  const shown = sections.filter(([, lines]) => lines.length > 0);
  const blocks = shown.map(([heading, lines]) => [heading, ...lines].join("\n"));
  return [`${explanation.title} (${explanation.kind})\n${explanation.what}`, ...blocks].join(
    "\n\n",
  );
}
