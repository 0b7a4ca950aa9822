/** Edits (of one letter) between two words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, place) => place);
  for (const [above, letter] of Array.from(a).entries()) {
    const next = [above + 1];
    for (const [place, other] of Array.from(b).entries()) {
      const changed = (row[place] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

const plain = (word: string): string => word.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** The name that `word` was most likely meant to be: at most a third of its letters differ; case and dashes do not count. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const meant = plain(word);
  if (!meant || meant.length > 60) return undefined;
  let best: string | undefined;
  let least = Math.floor(meant.length / 3) + 1;
  for (const name of names) {
    const edits = distance(meant, plain(name));
    if (edits < least) [best, least] = [name, edits];
  }
  return best;
}
