import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { PolicyFileError } from "./policy-file-error.ts";

const names = ["holdfast.json", "holdfast.yaml", "holdfast.yml"];

/**
 * The policy file of a folder: `holdfast.json`, `holdfast.yaml` or `holdfast.yml`, there or in the nearest folder above.
 * @param folder - where to begin. @default the working directory
 * @returns its path, or `undefined` when there is none
 * @throws PolicyFileError when one folder has two of them
 */
export function findConfig(folder: string = process.cwd()): string | undefined {
  const start = resolve(folder);
  const found = names.map((name) => join(start, name)).filter((file) => existsSync(file));
  if (found.length > 1) {
    const remedy = `there are two, and one would silently be ignored: keep one of ${found.join(", ")}`;
    throw new PolicyFileError([{ path: [], remedy }], { file: start });
  }
  const above = dirname(start);
  return found[0] ?? (above === start ? undefined : findConfig(above));
}

/** The path of the policy file, given or found. @throws PolicyFileError when there is none */
export function locate(path: string | undefined): string {
  if (path !== undefined) return resolve(path);
  const found = findConfig();
  if (found !== undefined) return found;
  const remedy = `no ${names.join(", ")} here or in a folder above: create one, or give its path`;
  throw new PolicyFileError([{ path: [], remedy }], { file: process.cwd() });
}
