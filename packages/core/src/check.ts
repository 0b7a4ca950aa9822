// Checks of what people write, to be put together to tables of options.
import { redact } from "./redact.ts";

/** Checks a value that stands under a name. @throws TypeError with the name, the value and the remedy */
export type Check = (value: unknown, field: string) => void;

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  return Array.isArray(value) ? "a list" : "an object";
}

/** The error of an option that cannot be. No key shows in it, whichever option was given one. */
export function wrong(field: string, value: unknown, remedy: string): TypeError {
  return new TypeError(redact(`Holdfast: ${field} is ${shown(value)}: ${remedy}`));
}

export function number(least: number, most: number = Infinity): Check {
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  return (value, field) => {
    if (typeof value === "number" && value >= least && value <= most) return;
    const remedy = `give a number ${range}`;
    throw wrong(field, value, value === undefined ? remedy : `${remedy}, or leave it out`);
  };
}

export function choice(...choices: string[]): Check {
  return (value, field) => {
    if (choices.some((one) => one === value)) return;
    throw wrong(field, value, `give one of ${choices.map((one) => `"${one}"`).join(", ")}`);
  };
}

/** Anything that passes a test, with what to give instead of what does not. */
export const such =
  (test: (value: unknown) => boolean, remedy: string): Check =>
  (value, field) => {
    if (!test(value)) throw wrong(field, value, remedy);
  };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What is checked where its meaning is known. */
export const anything: Check = () => {};
export const text: Check = such(
  (value) => typeof value === "string" && value !== "",
  "give a text",
);
export const flag: Check = such((value) => typeof value === "boolean", "give true or false");
export const callable: Check = such((value) => typeof value === "function", "give a function");
export const anyObject: Check = such(isObject, "give an object");

export function list(check: Check, remedy: string): Check {
  return (value, field) => {
    if (!Array.isArray(value)) throw wrong(field, value, remedy);
    value.forEach((one, place) => check(one, `${field}[${place}]`));
  };
}

/** An object whose names are free, such as models. */
export function byName(check: Check): Check {
  return (value, field) => {
    if (!isObject(value)) throw wrong(field, value, "give an object");
    for (const [name, one] of Object.entries(value)) check(one, `${field}["${name}"]`);
  };
}

export const orFalse =
  (check: Check): Check =>
  (value, field) => {
    if (value === true)
      throw wrong(field, value, "give an object, {} for its defaults, or false to switch it off");
    if (value !== false) check(value, field);
  };

/** Whether two names differ in case or in no more than two letters side by side. */
function isNear(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return start + end > 1 && Math.max(a.length, b.length) - start - end <= 2;
}

/** The error of a name that nobody knows. What stands under it is not shown: it may be a key. */
export function unknownName(
  field: string,
  name: string,
  { names, what }: { names: readonly string[]; what: string },
): TypeError {
  const near = names.find((one) => isNear(name, one));
  const help = near === undefined ? `there are ${names.join(", ")}` : `did you mean "${near}"?`;
  return new TypeError(redact(`Holdfast: ${field}: there is no such ${what}; ${help}`));
}

/** An object with these names and no others; the required ones are checked also where they are absent. */
export function object(
  shape: Readonly<Record<string, Check>>,
  required: readonly string[] = [],
): Check {
  const names = Object.keys(shape);
  return (value, field) => {
    if (!isObject(value)) throw wrong(field, value, `give an object of ${names.join(", ")}`);
    for (const name of Object.keys(value))
      if (!Object.hasOwn(shape, name))
        throw unknownName(`${field}.${name}`, name, { names, what: "option" });
    for (const [name, check] of Object.entries(shape))
      if (value[name] !== undefined || required.includes(name))
        check(value[name], `${field}.${name}`);
  };
}

/** Checks of options, for adapters that take some of their own: each throws a `TypeError` with the name, the value and the remedy. */
export const checks: {
  readonly object: typeof object;
  readonly callable: Check;
  readonly choice: typeof choice;
  readonly flag: Check;
  readonly number: typeof number;
  readonly text: Check;
  readonly anything: Check;
} = { object, callable, choice, flag, number, text, anything };
