/** What a map of scopes holds at most; applications have few, so more is a leak. */
export const mostScopes = 5_000;

/** Drops the oldest entries of a map or set that has outgrown its room. */
export function trim(
  kept: Pick<Map<string, unknown> | Set<string>, "size" | "keys" | "delete">,
  most: number = mostScopes,
): void {
  for (const key of kept.keys()) {
    if (kept.size <= most) return;
    kept.delete(key);
  }
}
