// What the sentences of an error say. Each rule asks for the idea of a sentence, not for its exact words:
// providers reword, relays quote, terminals wrap. A table reads from the top; the first that holds wins.

import type { Verdict } from "./make-failure.ts";

/** An idea, and what it means where a text holds it. */
export interface Sentence extends Verdict {
  says: RegExp;
}

/** One idea in its various wordings, whatever the case of their letters. */
export const anyOf = (...wordings: readonly RegExp[]): RegExp =>
  new RegExp(wordings.map(({ source }) => source).join("|"), "im");

/** The first sentence of a table that holds. */
export const firstSaid = (table: readonly Sentence[], text: string): Verdict | undefined =>
  table.find(({ says }) => says.test(text));
