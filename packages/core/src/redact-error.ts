// Errors carry keys in unexpected places: in the address that was fetched, in request headers, in a cause.

import { redact, secretForms } from "./redact.ts";

const deepest = 8;
const mostObjects = 2_000;

interface Search {
  forms: readonly string[];
  seen: Set<object>;
}

const read = (value: object, key: PropertyKey): unknown => {
  try {
    return Reflect.get(value, key);
  } catch {
    return undefined;
  }
};

const ownKeys = (value: object): PropertyKey[] => {
  try {
    return Reflect.ownKeys(value);
  } catch {
    return [];
  }
};

const tagOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1);

/** What an object with hidden state would show: the entries of headers and maps, the address of a URL or request. */
function hidden(value: object): unknown {
  try {
    const tag = tagOf(value);
    if (tag === "Headers" || tag === "Map" || tag === "URLSearchParams" || tag === "FormData") {
      return Object.fromEntries(value as Iterable<[string, unknown]>);
    }
    if (tag === "URL") return read(value, "href");
    if (tag === "Request" || tag === "Response") {
      return { url: read(value, "url"), headers: read(value, "headers") };
    }
  } catch {
    // What cannot be looked into cannot be printed either.
  }
  return undefined;
}

function carries(search: Search, value: unknown, depth: number): boolean {
  if (typeof value === "string") return search.forms.some((form) => value.includes(form));
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  if (depth > deepest || search.seen.size >= mostObjects || search.seen.has(value)) return false;
  search.seen.add(value);
  return contents(value).some((content) => carries(search, content, depth + 1));
}

/** Everything that printing an object might show. */
function contents(value: object): unknown[] {
  const fields = ownKeys(value).map((key) => read(value, key));
  if (isError(value)) fields.unshift(read(value, "message"), read(value, "stack"));
  const inside = hidden(value);
  return inside === undefined ? fields : [inside, ...fields];
}

const isError = (value: object): boolean => {
  try {
    return value instanceof Error || tagOf(value) === "Error" || tagOf(value) === "DOMException";
  } catch {
    return false;
  }
};

interface Copying extends Search {
  secrets: readonly string[];
  copies: Map<object, unknown>;
}

function copyOf(copying: Copying, value: unknown, depth: number): unknown {
  if (typeof value === "string") return redact(value, copying.secrets);
  if (typeof value !== "object" || value === null) return value;
  if (copying.copies.has(value)) return copying.copies.get(value);
  // Whatever carries no secret stays the very object it was.
  if (!carries({ forms: copying.forms, seen: new Set() }, value, depth)) return value;
  const inside = hidden(value);
  if (inside !== undefined) return copyOf(copying, inside, depth + 1);
  const copy = isError(value) ? errorLike(copying, value) : blank(value);
  copying.copies.set(value, copy);
  for (const key of ownKeys(value))
    define(copy, key, { of: value, as: copyOf(copying, read(value, key), depth + 1) });
  return copy;
}

function blank(value: object): object {
  return Array.isArray(value)
    ? []
    : (Object.create(Object.getPrototypeOf(value) as object | null) as object);
}

/** A real error, so that consoles print it as one, with the prototype of the old one, so that `instanceof` holds. */
function errorLike(copying: Copying, value: object): object {
  const copy = Object.setPrototypeOf(
    new Error(),
    Object.getPrototypeOf(value) as object | null,
  ) as object;
  // A DOMException keeps these in hidden fields that its prototype cannot read from a copy.
  for (const key of ["name", "message", "stack", "code"]) {
    const old = read(value, key);
    if (old === undefined || read(copy, key) === old) continue;
    const as = typeof old === "string" ? redact(old, copying.secrets) : old;
    Object.defineProperty(copy, key, {
      value: as,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
  return copy;
}

function define(copy: object, key: PropertyKey, { of, as }: { of: object; as: unknown }): void {
  if (Array.isArray(copy) && key === "length") return;
  try {
    const enumerable = Object.getOwnPropertyDescriptor(of, key)?.enumerable ?? true;
    Object.defineProperty(copy, key, { value: as, writable: true, configurable: true, enumerable });
  } catch {
    // A field that cannot be set is left out of the copy.
  }
}

/**
 * Takes secrets out of what was thrown. Without any of them in it (message, stack, fields, causes), the very same value
 * is handed on; else a copy that keeps prototype, name and symbol markers, so `instanceof` and markers still work.
 */
export function redactError(error: unknown, secrets: readonly string[]): unknown {
  const forms = secretForms(secrets);
  if (forms.length === 0 || !carries({ forms, seen: new Set() }, error, 0)) return error;
  return copyOf({ forms, secrets, seen: new Set(), copies: new Map() }, error, 0);
}
