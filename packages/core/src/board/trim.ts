/** What a map of scopes holds at most; applications have few, so more is a leak. */
export const mostScopes = 5_000;

/** Drops the oldest entries of a map that has outgrown its room. */
export function trim(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    if (map.size <= mostScopes) return;
    map.delete(key);
  }
}
