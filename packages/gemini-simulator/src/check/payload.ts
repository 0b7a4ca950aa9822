import { badRequest, type GoogleError, invalidArgument } from "../google-error.ts";
import { isObject, type JsonObject, snakeCase } from "../json.ts";
import { enums, messages } from "./fields.ts";

interface Violation {
  field?: string;
  description: string;
}

const typesOf = "type.googleapis.com/google.ai.generativelanguage.v1beta.";
const scalarNames: Readonly<Record<string, string>> = {
  string: "TYPE_STRING",
  bool: "TYPE_BOOL",
  int: "TYPE_INT32",
  float: "TYPE_FLOAT",
};

/** Checks that a body has no field that its message does not know, and no value of a wrong type. */
export function checkPayload(body: JsonObject, message: string): GoogleError | undefined {
  const violations: Violation[] = [];
  checkMessage({ value: body, type: message, path: "", violations });
  if (violations.length === 0) return undefined;
  return invalidArgument(violations.map(({ description }) => description).join("\n"), [
    badRequest(violations),
  ]);
}

interface Place {
  value: unknown;
  type: string;
  path: string;
  violations: Violation[];
}

function checkMessage({ value, type, path, violations }: Place): void {
  if (!isObject(value)) return refuse({ value, type, path, violations }, `${typesOf}${type}`);
  const known = fieldsOf(type);
  for (const [name, inner] of Object.entries(value)) {
    const fieldType = known.get(name);
    if (fieldType === undefined) violations.push(unknownName(name, path));
    else if (inner !== null)
      check({ value: inner, type: fieldType, path: join(path, name), violations });
  }
}

function check(place: Place): void {
  const { value, type, path, violations } = place;
  if (type === "any") return;
  if (type.endsWith("[]")) {
    const inner = type.slice(0, -2);
    // A single message in the place of a list is taken for a list of one.
    if (!Array.isArray(value)) return check({ ...place, type: inner });
    for (const [index, item] of value.entries())
      check({ value: item, type: inner, path: `${path}[${index}]`, violations });
    return;
  }
  if (type.startsWith("map ")) return checkMap(place);
  if (type.startsWith("enum ")) return checkEnum(place);
  if (type in scalarNames) return checkScalar(place);
  checkMessage(place);
}

function checkMap(place: Place): void {
  const { value, type, path, violations } = place;
  if (!isObject(value)) return refuse(place, "Map");
  for (const [key, inner] of Object.entries(value)) {
    check({ value: inner, type: type.slice(4), path: `${path}[${key}]`, violations });
  }
}

function checkEnum(place: Place): void {
  const name = place.type.slice(5);
  const isKnown =
    typeof place.value === "number" || enums[name]?.includes(String(place.value).toUpperCase());
  if (!isKnown) refuse(place, `${typesOf}${name}`);
}

function checkScalar(place: Place): void {
  const { value, type } = place;
  const fits =
    type === "string"
      ? typeof value === "string"
      : type === "bool"
        ? typeof value === "boolean"
        : isNumeric(value) && (type === "float" || Number.isInteger(Number(value)));
  if (!fits) refuse(place, scalarNames[type] ?? type);
}

/** Numbers may come as text. */
function isNumeric(value: unknown): boolean {
  return (
    typeof value === "number" ||
    (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)))
  );
}

function refuse({ value, path, violations }: Place, type: string): void {
  const shown = isObject(value) || Array.isArray(value) ? "" : `, ${JSON.stringify(value)}`;
  violations.push({ field: path, description: `Invalid value at '${path}' (${type})${shown}` });
}

function unknownName(name: string, path: string): Violation {
  const at = path === "" ? "" : ` at '${path}'`;
  const description = `Invalid JSON payload received. Unknown name "${name}"${at}: Cannot find field.`;
  return { ...(path !== "" && { field: path }), description };
}

function join(path: string, name: string): string {
  const snake = snakeCase(name);
  return path === "" ? snake : `${path}.${snake}`;
}

const lookups = new Map<string, Map<string, string>>();

/** The fields of a message under both of their names. */
function fieldsOf(message: string): Map<string, string> {
  const known = lookups.get(message);
  if (known !== undefined) return known;
  const fields = Object.entries(messages[message] ?? {});
  const lookup = new Map([
    ...fields,
    ...fields.map(([name, type]): [string, string] => [snakeCase(name), type]),
  ]);
  lookups.set(message, lookup);
  return lookup;
}
