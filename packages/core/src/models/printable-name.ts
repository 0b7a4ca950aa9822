const nameShape = /^[\p{L}\p{N}_.:/@*[\]()-]+$/u;
const keyShape = /AIza[\w-]{10,}|AQ\.[\w-]{10,}|sk-[\w-]{10,}|ya29\.[\w.-]+/;
const longest = 120;

/**
 * A name that came from outside (a model, a field, a quota), if it is safe to print; else `undefined`.
 *
 * Safe is what has the shape of a name: no spaces or control characters, so that no sentence of a prompt passes
 * for one, at most 120 characters, and nothing that looks like an API key. Never throws.
 */
export function printableName(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > longest) return undefined;
  return nameShape.test(value) && !keyShape.test(value) ? value : undefined;
}
