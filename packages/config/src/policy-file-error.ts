import { redact } from "@holdfast/core";

import { type Found, printPath, type Path, type PolicyFileProblem } from "./problems.ts";

const marker = Symbol.for("holdfast.PolicyFileError");

/** Where the problems were found. */
export interface Place {
  /** The file's path; absent when the data came from elsewhere. */
  file?: string;
  /** The line, from 1, of what stands at a path. */
  lineOf?: (path: Path) => number | undefined;
}

/** A policy file cannot be used. Its message has a line per problem: place, path, value and remedy. It carries no key. */
export class PolicyFileError extends TypeError {
  override readonly name = "PolicyFileError";
  /** The file's path; absent when the data came from elsewhere. */
  readonly file?: string;
  readonly problems: readonly PolicyFileProblem[];

  constructor(found: readonly Found[], { file, lineOf }: Place = {}) {
    const problems = found.map(({ path, value, remedy }): PolicyFileProblem => {
      const line = lineOf?.(path);
      return {
        path: printPath(path),
        ...(value === undefined ? {} : { value }),
        remedy: redact(remedy),
        ...(line === undefined ? {} : { line }),
      };
    });
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    const lines = problems.map((problem) => `\n  ${print(problem)}`).join("");
    super(`Holdfast: ${file ?? "the policy"} has ${count}:${lines}`);
    if (file !== undefined) this.file = file;
    this.problems = problems;
    Object.defineProperty(this, marker, { value: true });
  }

  /** Recognises the error across two copies of this package. */
  static isInstance(value: unknown): value is PolicyFileError {
    return typeof value === "object" && value !== null && marker in value;
  }
}

function print({ path, value, remedy, line }: PolicyFileProblem): string {
  const where = line === undefined ? "" : `line ${line}: `;
  const what = value === undefined ? path : `${path || "it"} is ${value}`;
  return `${where}${what ? `${what}: ` : ""}${remedy}`;
}
