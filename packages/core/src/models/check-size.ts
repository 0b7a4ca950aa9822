import { findModel } from "./find-model.ts";
import { type Finding } from "./finding.ts";
import { type CatalogueOptions } from "./model.ts";
import { estimateTokens, fewestTokens } from "./tokens.ts";

/** What bounds the size of a request. */
export interface SizeOptions extends CatalogueOptions {
  /** The model, for its window. */
  model?: string;
  /** Input tokens per minute that the account has; a larger request can never pass. */
  tokensPerMinute?: number;
}

/** The size of a request. */
export interface RequestSize {
  /** All its texts. */
  texts: readonly string[];
  /** Estimated tokens. @default what the texts are estimated to cost */
  estimated?: number;
}

/**
 * Checks whether a request can fit the model's window and the tokens-per-minute limit. An error only where even the most favourable
 * count of tokens is too large; a doubt where the usual count is.
 */
export function checkSize(size: RequestSize, options: SizeOptions): Finding[] {
  const window =
    options.model === undefined ? undefined : findModel(options.model, options)?.inputTokens;
  const estimated =
    size.estimated ?? size.texts.reduce((sum, text) => sum + estimateTokens(text), 0);
  const tooLong = exceeded(size.texts, estimated, window);
  const tooFast = exceeded(size.texts, estimated, options.tokensPerMinute);
  const findings: Finding[] = [];
  if (tooLong) findings.push(longerThanWindow(tooLong));
  if (tooFast) findings.push(largerThanMinute(tooFast));
  return findings;
}

interface Excess {
  level: Finding["level"];
  tokens: number;
  limit: number;
}

function exceeded(texts: readonly string[], estimated: number, limit?: number): Excess | undefined {
  if (limit === undefined || limit <= 0) return undefined;
  // No text has more tokens at the least than characters; so most requests are not counted at all.
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  const fewest = characters > limit ? texts.reduce((sum, text) => sum + fewestTokens(text), 0) : 0;
  if (fewest > limit) return { level: "error", tokens: fewest, limit };
  return estimated > limit ? { level: "warning", tokens: estimated, limit } : undefined;
}

const certainty = ({ level, tokens }: Excess): string =>
  level === "error" ? `at least ${tokens} tokens` : `about ${tokens} tokens`;

function longerThanWindow(excess: Excess): Finding {
  return {
    level: excess.level,
    kind: "context-length-exceeded",
    field: "contents",
    value: certainty(excess),
    message: `The input has ${certainty(excess)}; the model's window holds ${excess.limit}.`,
    remedy: "Shorten the input, split it, or use a model with a larger window.",
  };
}

function largerThanMinute(excess: Excess): Finding {
  return {
    level: excess.level,
    kind: "rate-limit-tokens-minute",
    field: "contents",
    value: certainty(excess),
    message: `The input has ${certainty(excess)}; the limit is ${excess.limit} a minute, so no wait lets it pass.`,
    remedy: "Shorten or split the input, or use a tier with a higher token limit.",
  };
}
