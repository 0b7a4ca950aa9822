import { type FailureKind } from "@holdfast/core";

import { printableName } from "./printable-name.ts";

/** What a preflight found in a request before it was sent. */
export interface Finding {
  /** An `error` is certain to be refused; a `warning` is a doubt. */
  level: "error" | "warning";
  /** Where, as a path in the body: `contents[0].parts[1].text`. */
  field: string;
  /** What stands there, in short: a number, a name, or the type; never text of a prompt. */
  value: string;
  /** What is wrong, in one English sentence. */
  message: string;
  /** What to do, in one English sentence. */
  remedy: string;
  /** The failure the request would have met. */
  kind: FailureKind;
}

/** An object whose fields are looked up by their names in the API, whatever their spelling: `topP` or `top_p`. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is an object that is no array. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A field by its name in camel case, found in snake case too, as the API reads both. */
export function fieldOf(object: Fields, name: string): unknown {
  return object[name] ?? object[name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}

/** A name in camel case. */
export const camelCase = (name: string): string =>
  name.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** The items of a list field; the API takes a single object for a list of one. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isFields(value) ? [value] : [];
}

/** A value in a few words that give nothing of a prompt away. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") {
    return `a string of ${value.length} character${value.length === 1 ? "" : "s"}`;
  }
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A name if it may be printed, else its description. */
export const describeName = (value: unknown): string =>
  printableName(value) ?? describeValue(value);

/** An error of the request itself. */
export function invalid(facts: Omit<Finding, "level" | "kind">): Finding {
  return { level: "error", kind: "invalid-request", ...facts };
}

/** A doubt about the request itself. */
export function doubtful(facts: Omit<Finding, "level" | "kind">): Finding {
  return { level: "warning", kind: "invalid-request", ...facts };
}
