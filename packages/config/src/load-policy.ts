import { type Clock, createPolicy, type Policy, type PolicyOptions } from "@holdfast/core";

import { locate } from "./find-config.ts";
import { type Environment, parsePolicy } from "./parse-policy.ts";
import { PolicyFileError } from "./policy-file-error.ts";
import { type PolicySource, readPolicyFile } from "./read-policy-file.ts";

/** What a policy from a file is given besides the file. */
export interface LoadOptions {
  /** Where the keys are looked up. @default process.env */
  env?: Environment;
  /** What a file cannot hold, such as functions; wins over the file. */
  options?: PolicyOptions;
  /** @default the runtime's */
  clock?: Clock;
}

/**
 * Makes a policy from `holdfast.json` or `holdfast.yaml`.
 * @param path - the file. @default the one that `findConfig` finds
 * @throws PolicyFileError that names every problem with path, value and remedy
 */
export function loadPolicy(path?: string, { env, options, clock }: LoadOptions = {}): Policy {
  const source = readPolicyFile(locate(path));
  return build(source, (inFile) => createPolicy(inFile, clock ? { clock } : {}), {
    ...(env ? { env } : {}),
    ...(options ? { options } : {}),
  });
}

/** Makes a policy of what was read; what core refuses is told as a problem of the file. */
export function build(
  source: PolicySource,
  make: (options: PolicyOptions) => Policy,
  { env, options }: LoadOptions,
): Policy {
  const inFile = parsePolicy(source.data, { ...source, ...(env ? { env } : {}) });
  try {
    return make({ ...inFile, ...options });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const remedy = error.message.replace(/^Holdfast: /, "");
    throw new PolicyFileError([{ path: [], remedy }], { file: source.file });
  }
}
