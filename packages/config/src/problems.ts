// What is wrong with a file: one problem per place, with path, value and remedy, and never a key.
import { redact } from "@holdfast/core";
import { type core } from "zod";

import { namesSecret } from "./remedies.ts";

/** The steps from the top of a file to a place in it. */
export type Path = readonly PropertyKey[];

/** One thing that is wrong with a policy file. */
export interface PolicyFileProblem {
  /** As one would write it in code: `accounts[0].limits["gemini-2.5-pro"].rpm`; empty for the whole file. */
  path: string;
  /** What stands there, shortened and without keys; absent where it is not to be shown. */
  value?: string;
  /** What to do about it. */
  remedy: string;
  /** From 1, in the file; absent when the data came from elsewhere. */
  line?: number;
}

/** A problem at its place. */
export interface Found {
  path: Path;
  value?: string;
  remedy: string;
  /** The name at the end of the path is what is wrong, not its value. */
  name?: true;
}

/** Writes a path as one would in code. */
export function printPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[\w$]+$/.test(String(step))) text += text ? `.${String(step)}` : String(step);
    else text += `[${JSON.stringify(String(step))}]`;
  }
  return redact(text);
}

const longest = 60;

const print = (value: unknown): string =>
  typeof value === "number" ? `${value}` : (JSON.stringify(value) ?? typeof value);

/** Shows a value to a person: short, on one line, without keys. */
function printValue(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return value.length ? "a list" : "an empty list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return print(value);
  const clean = redact(value);
  return JSON.stringify(clean.length > longest ? `${clean.slice(0, longest)}…` : clean);
}

const at = (data: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null
        ? (value as Record<PropertyKey, unknown>)[step]
        : undefined,
    data,
  );

/** Turns what the schema found into problems. */
export function problemsIn(issues: readonly core.$ZodIssue[], data: unknown): Found[] {
  return issues.flatMap((issue) => problemsOf(issue, data, issue.path));
}

function problemsOf(issue: core.$ZodIssue, data: unknown, path: Path): Found[] {
  if (issue.code === "unrecognized_keys") {
    const remedies = issue.message.split("\n");
    return issue.keys.map((key, index) => ({
      path: [...path, key],
      remedy: remedies[index] ?? "",
      name: true,
    }));
  }
  if (issue.code === "invalid_union") {
    // The branch that got further than the type of the whole is the one that was meant.
    const meant = issue.errors.find((branch) => branch.every(isInside));
    if (meant) return meant.flatMap((inner) => problemsOf(inner, data, [...path, ...inner.path]));
  }
  const value = at(data, path);
  const remedy = issue.message;
  if (path.at(-1) === "apiKeyEnv" && value !== undefined) return [{ path, remedy }];
  return [{ path, value: printValue(value), remedy }];
}

const isInside = (issue: core.$ZodIssue): boolean =>
  issue.path.length > 0 || issue.code === "unrecognized_keys";

/** Everything in the data that looks like an API key, whatever it is called. */
export function keysIn(data: unknown, path: Path = []): Found[] {
  if (typeof data === "string" && redact(data) !== data)
    return [
      {
        path,
        remedy:
          "this looks like an API key, and a key never stands in a file: put it into an environment " +
          'variable and name that one, as "apiKeyEnv": "GEMINI_API_KEY"',
      },
    ];
  if (typeof data !== "object" || data === null) return [];
  return Object.entries(data).flatMap(([step, value]) => [
    ...keysIn(step, [...path, step]),
    ...keysIn(value, [...path, Array.isArray(data) ? Number(step) : step]),
  ]);
}

/** Leaves out what only follows from another problem: each place once, and no missing variable beside a literal key. */
export function essential(found: readonly Found[]): Found[] {
  const seen = new Set<string>();
  const literal = new Set(
    found.filter(({ name, path }) => name && namesSecret(String(path.at(-1)))).map(parentOf),
  );
  return found.filter((one) => {
    const place = printPath(one.path);
    if (seen.has(place)) return false;
    seen.add(place);
    return !(
      one.path.at(-1) === "apiKeyEnv" &&
      one.value === "missing" &&
      literal.has(parentOf(one))
    );
  });
}

const parentOf = ({ path }: Found): string => printPath(path.slice(0, -1));
