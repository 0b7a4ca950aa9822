import { catalogue, type Failure, type Helps } from "@holdfast/core";

import { type Language } from "./language.ts";
import { durationInWords } from "./local-time.ts";

/** What the engine does about a failure, told from the failure and its row of the catalogue. */
export function whatHoldfastDoes(failure: Failure, language: Language): string {
  if (failure.kind === "cancelled") return language.holdfast.cancelled;
  const sentences = [repeats(failure, language), moves(failure, language)];
  if (catalogue[failure.kind].persistent && isRepeated(failure)) {
    sentences.push(language.holdfast.persists);
  }
  sentences.push(...closes(failure, language));
  if (failure.kind.startsWith("content-blocked")) sentences.push(language.holdfast.blocked);
  return sentences.join(language.locale === "en" ? " " : "");
}

/** Whether the engine asks the same target again; a payload may be more precise than its row. */
function isRepeated({ kind, retryable }: Failure): boolean {
  return retryable || (catalogue[kind].attempts > 1 && !catalogue[kind].retryable);
}

function repeats(failure: Failure, language: Language): string {
  const { attempts, backoff } = catalogue[failure.kind];
  if (!isRepeated(failure)) return language.holdfast.never;
  if (attempts === 1 || backoff === undefined) return language.holdfast.waits;
  const { base, cap } = backoff;
  return language.holdfast.again(attempts, delay(base, language), delay(cap, language));
}

const delay = (milliseconds: number, language: Language): string =>
  milliseconds < 1_000 ? `${milliseconds} ms` : durationInWords(milliseconds, language);

function moves(failure: Failure, { holdfast }: Language): string {
  const places = (Object.keys(holdfast.places) as (keyof Helps)[])
    .filter((place) => failure.helps[place])
    .map((place) =>
      place === "model" && failure.scope === "window" ? holdfast.larger : holdfast.places[place],
    );
  if (places.length > 0) return holdfast.moves(places);
  return isRepeated(failure) ? holdfast.stops : holdfast.stays;
}

function closes(failure: Failure, { holdfast }: Language): string[] {
  const { kind, scope, sure, helps } = failure;
  if (scope === "request" || scope === "none" || scope === "window") return [];
  // Where it gives up at once, what is merely suspected is of no consequence.
  const ends = !isRepeated(failure) && !helps.model && !helps.account && !helps.endpoint;
  if (ends && sure === "suspected") return [];
  const name = holdfast.scopes[scope];
  const closing = sure === "stated" ? holdfast.closesForAll(name) : holdfast.closesOnEvidence(name);
  const { reopens } = catalogue[kind];
  return reopens === "next-call" ? [closing] : [closing, holdfast.reopens[reopens]];
}
