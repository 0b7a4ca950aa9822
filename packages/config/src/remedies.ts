// What to do about a wrong value, in words. A message is a remedy; path and value are put before it.
import { type core } from "zod";

import { nearest } from "./nearest.ts";

/** Names under which people write a key into a file. */
const namesOfKeys = /^(api|access|secret|auth)?[_-]?(key|token|secret)s?$|^(bearer|password)$/i;

/** Whether a name says that its value is a secret. */
export const namesSecret = (name: string): boolean => namesOfKeys.test(name);

const functions: readonly string[] = ["accept", "classify", "repair", "models", "store", "onEvent"];

/** What to do about a name that the schema does not know. */
export function remedyForName(name: string, names: readonly string[]): string {
  if (namesSecret(name))
    return (
      "a key never stands in a file, where version control, backups and logs keep it: put it into an " +
      'environment variable and name that one in the account, as "apiKeyEnv": "GEMINI_API_KEY"'
    );
  if (names.includes("preset") && functions.includes(name))
    return `functions cannot stand in a file: give it in code, as { options: { ${name} } }`;
  const meant = nearest(name, names);
  return meant === undefined
    ? `there is no such name; there are ${names.join(", ")}`
    : `there is no such name; did you mean "${meant}"?`;
}

const wanted: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** What to do about a value that the schema refuses without a remedy of its own. */
export function remedyForValue(issue: core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type") return `give ${wanted[issue.expected] ?? issue.expected}`;
  if (issue.code === "invalid_value") return choice(issue.input, issue.values.map(String));
  if (issue.code === "too_small") return tooSmall(issue);
  if (issue.code === "too_big") return `give a number of at most ${issue.maximum}`;
  return undefined;
}

function tooSmall({ origin, minimum }: { origin: string; minimum: number | bigint }): string {
  if (origin === "array") return "give at least one, or leave it out";
  if (origin === "string") return "give a text that is not empty";
  return `give a number of at least ${minimum}`;
}

function choice(value: unknown, names: readonly string[]): string {
  const meant = typeof value === "string" ? nearest(value, names) : undefined;
  const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
  return `give one of ${names.map((name) => `"${name}"`).join(", ")}${hint}`;
}
