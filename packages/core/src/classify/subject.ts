// Which field of the request, or which model, an error's sentences are about.

import type { Signals } from "./signals.ts";

const fieldSentences: readonly RegExp[] = [
  /invalid value at '([\w.[\]]{1,120})'/gi,
  /\bat '([\w.[\]]{1,120})'/gi,
  /unknown name \\?"([\w.[\]]{1,120})\\?"/gi,
  /(?:^|[\s*])(?:GenerateContentRequest|EmbedContentRequest|CountTokensRequest|BatchEmbedContentsRequest)\.([\w.[\]]{1,120})/g,
  /invalid value (?:at|for) ([a-z][\w.[\]]{1,120}[\w\]])/gi,
  /\b([a-z]+_[a-z_]{1,60}) must be\b/gi,
  /^\s*\*? ?([a-z][\w.[\]]{1,120})(?: is not specified|: must be|: cannot be)/g,
];

/** The fields a 400 complained about: those that details name, else those its sentence names. */
export function readFieldsOf(signals: Signals, text: string): readonly string[] {
  const fields = new Set(signals.fields);
  if (fields.size > 0) return [...fields];
  for (const pattern of fieldSentences) {
    for (const [, field] of text.slice(0, 4_000).matchAll(pattern)) {
      if (field !== undefined && fields.size < 20) fields.add(field.replace(/\.$/, ""));
    }
  }
  return [...fields];
}

const modelSentences: readonly RegExp[] = [
  /publishers\/\w{1,40}\/models\/([\w.@-]{1,80})/i,
  /\bmodels\/([\w.@-]{1,80})/i,
  /, model: ([\w.-]{1,80})/i,
  /\bmodel[: ]+[`'"]?((?:gemini|gemma|gpt|claude|learnlm|imagen|veo|text-embedding|o\d)[\w.@:-]{0,80})/i,
];

/** The model a refusal named: in its details, its quota or its sentence. */
export function readModelOf(signals: Signals, text: string): string | undefined {
  const quota = [...signals.violations, ...signals.limits].find(({ model }) => model !== undefined);
  const known = signals.model ?? quota?.model;
  if (known !== undefined) return known;
  for (const pattern of modelSentences) {
    const model = pattern.exec(text)?.[1];
    if (model !== undefined) return model.replace(/[.:-]+$/, "");
  }
  return undefined;
}
