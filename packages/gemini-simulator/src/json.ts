/** A parsed JSON object of which nothing is known yet. */
export type JsonObject = Record<string, unknown>;

/** True of a JSON object, false of an array, null or a scalar. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value when it is an object, else an empty one. */
export function toObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The objects of an array; a single object is a list of one, as in every API of Google. */
export function toObjects(value: unknown): JsonObject[] {
  if (isObject(value)) return [value];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The value when it is a text, else an empty one. */
export function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The value of a JSON text; `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A field by its camelCase or its snake_case name: Gemini accepts both. */
export function field(object: JsonObject, name: string): unknown {
  return object[name] ?? object[snakeCase(name)];
}

const snakeNames = new Map<string, string>();

/** `generationConfig` as `generation_config`. */
export function snakeCase(name: string): string {
  const known = snakeNames.get(name);
  if (known !== undefined) return known;
  const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  snakeNames.set(name, snake);
  return snake;
}
