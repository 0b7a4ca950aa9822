import { isObject, type JsonObject, toObject } from "../json.ts";

/** How deep an optional part of a schema is filled in, so that one which contains itself comes to an end. */
const deepest = 5;

/** How deep any part is filled in, even a required one. */
const bottom = 20;

/** A value that fits a schema, in Gemini's dialect (`type: "OBJECT"`) or in JSON Schema; the same one every time. */
export function exampleOf(schema: unknown, name = "value"): unknown {
  return build({ schema: toObject(schema), root: toObject(schema), name, depth: 0 });
}

interface Place {
  schema: JsonObject;
  root: JsonObject;
  name: string;
  depth: number;
}

type Maker = (place: Place) => unknown;

function build(place: Place): unknown {
  const { schema, root, depth } = place;
  if (depth > bottom) return null;
  const reference = schema["$ref"];
  if (typeof reference === "string")
    return build({ ...place, schema: resolve(root, reference), depth: depth + 1 });
  if ("const" in schema) return schema["const"];
  if ("default" in schema) return schema["default"];
  if (Array.isArray(schema["enum"])) return schema["enum"][0];
  const [choice] = alternatives(schema);
  if (choice !== undefined) return build({ ...place, schema: choice, depth: depth + 1 });
  return makers[typeOf(schema)]?.(place) ?? null;
}

const makers: Readonly<Record<string, Maker>> = {
  object: (place) => exampleObject(place),
  array: (place) => exampleArray(place),
  string: ({ schema, name }) => exampleString(schema, name),
  integer: ({ schema }) => Math.ceil(exampleNumber(schema)),
  number: ({ schema }) => exampleNumber(schema),
  boolean: () => true,
};

/** The branches of a choice; all parts of an `allOf` as one. */
function alternatives(schema: JsonObject): JsonObject[] {
  const all = schema["allOf"];
  if (Array.isArray(all)) return [Object.assign({}, ...all.filter(isObject)) as JsonObject];
  const choices = schema["anyOf"] ?? schema["any_of"] ?? schema["oneOf"];
  return Array.isArray(choices) ? choices.filter(isObject) : [];
}

function typeOf(schema: JsonObject): string {
  const type: unknown = schema["type"];
  const named: unknown = Array.isArray(type) ? type.find((one) => one !== "null") : type;
  if (typeof named === "string") return named.toLowerCase();
  return "properties" in schema ? "object" : "string";
}

function resolve(root: JsonObject, reference: string): JsonObject {
  const steps = reference.replace(/^#\/?/, "").split("/").filter(Boolean);
  return steps.reduce<JsonObject>((place, step) => toObject(place[step]), root);
}

function exampleObject({ schema, root, depth }: Place): JsonObject {
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const fields = Object.entries(toObject(schema["properties"])).filter(
    ([key]) => depth < deepest || required.includes(key),
  );
  return Object.fromEntries(
    fields.map(([key, value]) => [
      key,
      build({ schema: toObject(value), root, name: key, depth: depth + 1 }),
    ]),
  );
}

function exampleArray({ schema, root, name, depth }: Place): unknown[] {
  const least = Number(schema["minItems"] ?? schema["min_items"] ?? (depth < deepest ? 1 : 0));
  const prefix = Array.isArray(schema["prefixItems"]) ? schema["prefixItems"] : [];
  const item = (index: number): unknown =>
    build({ schema: toObject(prefix[index] ?? schema["items"]), root, name, depth: depth + 1 });
  return Array.from({ length: Math.max(least, prefix.length) }, (_, index) => item(index));
}

const formats: Readonly<Record<string, string>> = {
  "date-time": "2026-01-02T03:04:05Z",
  date: "2026-01-02",
  time: "03:04:05Z",
  email: "somebody@example.com",
  uri: "https://example.com/",
  url: "https://example.com/",
  uuid: "01234567-89ab-4cde-8f01-23456789abcd",
};

function exampleString(schema: JsonObject, name: string): string {
  const text = formats[String(schema["format"])] ?? `example ${name}`;
  const least = Number(schema["minLength"] ?? 0);
  const most = Number(schema["maxLength"] ?? Infinity);
  return text.padEnd(least, ".").slice(0, most);
}

function exampleNumber(schema: JsonObject): number {
  const exclusive = schema["exclusiveMinimum"];
  if (typeof exclusive === "number") return exclusive + 1;
  const least = Number(schema["minimum"] ?? -Infinity);
  const most = Number(schema["maximum"] ?? Infinity);
  return Math.min(Math.max(1, least), most);
}
