const cache = new Map<string, RegExp>();

/** True when a name fits one of the patterns, in which `*` stands for any characters; no pattern fits all. */
export function matches(
  patterns: string | readonly string[] | undefined,
  name: string | undefined,
): boolean {
  if (patterns === undefined) return true;
  if (name === undefined) return false;
  const list = typeof patterns === "string" ? [patterns] : patterns;
  return list.some(
    (pattern) => pattern === name || (pattern.includes("*") && compiled(pattern).test(name)),
  );
}

function compiled(pattern: string): RegExp {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  const source = pattern
    .split("*")
    .map((text) => text.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  const expression = new RegExp(`^${source}$`);
  cache.set(pattern, expression);
  return expression;
}
