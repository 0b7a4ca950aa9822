// Reading values that may fight back: getters that throw, proxies, cycles.

/** An object whose fields are not known. */
export type Fields = Readonly<Record<PropertyKey, unknown>>;

/** Whether fields can be read of it at all. */
export const isFields = (value: unknown): value is Fields =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** A field, or `undefined` where reading it throws. */
export function get(value: Fields, key: PropertyKey): unknown {
  try {
    return value[key];
  } catch {
    return undefined;
  }
}

/** A field that is a string. */
export function getText(value: Fields, key: PropertyKey): string | undefined {
  const found = get(value, key);
  return typeof found === "string" ? found : undefined;
}

/** The first items of an array, copied; `undefined` for anything else. */
export function items(value: unknown, most: number): unknown[] | undefined {
  try {
    if (!Array.isArray(value)) return undefined;
    const copy: unknown[] = [];
    const length = Math.min(value.length, most);
    for (let index = 0; index < length; index += 1)
      copy.push(get(value as unknown as Fields, index));
    return copy;
  } catch {
    // A revoked proxy throws even when asked whether it is an array.
    return undefined;
  }
}

/** Own enumerable names, at most so many; none where asking throws. */
export function keysOf(value: Fields, most: number): string[] {
  try {
    return Object.keys(value).slice(0, most);
  } catch {
    return [];
  }
}

/** A number, also one written as text; `undefined` for anything that would have to be converted by its own code. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
