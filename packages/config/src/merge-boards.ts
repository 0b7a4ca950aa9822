// Several processes keep one file. What each of them changed since it last looked is put together.
import { type StoredBoard, type StoredClosure, type StoredDomain } from "@holdfast/core";

/** A board in three states; `base` is what `own` began from. */
export interface Versions {
  base: StoredBoard | undefined;
  own: StoredBoard;
  /** What stands in the file now. */
  other: StoredBoard | undefined;
  /** Ms since the epoch. */
  now: number;
}

/** What `own` changed since `base`, on top of what others have written meanwhile. */
export function mergeBoards({ base, own, other, now }: Versions): StoredBoard {
  if (!other) return own;
  return {
    version: 1,
    closures: closuresOf({ base, own, other, now }),
    domains: domainsOf({ base, own, other }),
  };
}

const byScope = ({ scope }: StoredClosure): string => scope;
const byKey = ({ key }: StoredDomain): string => key;

const keyed = <T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T> =>
  new Map(items.map((item) => [keyOf(item), item]));

function closuresOf({ base, own, other, now }: Versions & { other: StoredBoard }): StoredClosure[] {
  const merged = keyed(own.closures, byScope);
  // What this process had and has no more, it has opened.
  const opened = keyed(base?.closures ?? [], byScope);
  for (const theirs of other.closures) {
    const mine = merged.get(theirs.scope);
    const news = mine ? theirs.until > mine.until : !opened.has(theirs.scope);
    if (news && theirs.until > now) merged.set(theirs.scope, theirs);
  }
  return [...merged.values()];
}

function domainsOf({
  base,
  own,
  other,
}: Pick<Versions, "base" | "own"> & { other: StoredBoard }): StoredDomain[] {
  const before = keyed(base?.domains ?? [], byKey);
  const merged = keyed(other.domains, byKey);
  for (const mine of own.domains) {
    const theirs = merged.get(mine.key);
    merged.set(mine.key, theirs ? together(mine, theirs, before.get(mine.key)) : mine);
  }
  // A day that is over counts nothing, and a domain without a limit then says nothing.
  const today = [...merged.values()].reduce((last, { day }) => (day > last ? day : last), "");
  return [...merged.values()].filter(
    ({ day, limits }) => day === today || Object.keys(limits).length > 0,
  );
}

/** Each process counts its own requests of the day: what it added since it last looked is added to what all have. */
function together(
  mine: StoredDomain,
  theirs: StoredDomain,
  before: StoredDomain | undefined,
): StoredDomain {
  const limits = { ...theirs.limits, ...mine.limits };
  if (mine.day !== theirs.day) return { ...(mine.day > theirs.day ? mine : theirs), limits };
  const added = mine.count - (before?.day === mine.day ? before.count : 0);
  return { ...mine, limits, count: Math.max(0, theirs.count + added) };
}
