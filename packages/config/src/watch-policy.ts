import { readFileSync } from "node:fs";

import { createPolicy, type Policy } from "@holdfast/core";

import { facade } from "./facade.ts";
import { locate } from "./find-config.ts";
import { build, type LoadOptions } from "./load-policy.ts";
import { type PolicySource, readPolicyFile } from "./read-policy-file.ts";
import { watchFile } from "./watch-file.ts";

/** What `watchPolicy` takes besides the file. */
export interface WatchOptions extends LoadOptions {
  /** Called when a changed file has taken effect. */
  onReload?: (policy: WatchedPolicy) => void;
  /** Called when a changed file cannot be used; the policy stays as it was. @default a process warning */
  onError?: (error: unknown) => void;
  /** Ms without a further change after which a changed file is read; editors write in steps. @default 100 */
  settle?: number;
}

/** A policy that follows its file. Calls that have begun end under the options they began with. */
export interface WatchedPolicy extends Policy {
  readonly file: string;
  /** Reads the file and the environment now. @returns whether they could be used; `onError` has heard why not */
  reload(): boolean;
  /** Stops watching; the policy stays usable. */
  stop(): void;
}

const warn = (error: unknown): void =>
  process.emitWarning(error instanceof Error ? error.message : String(error), {
    code: "HOLDFAST_POLICY_FILE",
  });

/**
 * Makes a policy from a file and follows the file's changes: quotas, closed scopes and waiting calls stay, as do the
 * policies derived from it. A file that cannot be used leaves the policy as it was. Does not keep the process alive.
 * @param path - the file. @default the one that `findConfig` finds
 * @throws PolicyFileError when the file cannot be used to begin with
 */
export function watchPolicy(path?: string, options: WatchOptions = {}): WatchedPolicy {
  const { clock, onReload, onError = warn, settle = 100 } = options;
  const file = locate(path);
  // Every version derives from the same bare policy, so that an option taken out of the file is gone.
  const root = createPolicy({}, clock ? { clock } : {});
  const { onEvent, ...own } = options.options ?? {};
  const parts: LoadOptions = { options: own, ...(options.env ? { env: options.env } : {}) };
  const policyOf = (source: PolicySource): Policy =>
    build(source, (inFile) => root.with(inFile), parts);
  const first = readPolicyFile(file);
  let current = policyOf(first);
  let seen: string | undefined = first.text;
  if (onEvent) root.on(onEvent);
  const reload = (): boolean => {
    try {
      current = policyOf(readPolicyFile(file));
    } catch (error) {
      onError(error);
      return false;
    }
    onReload?.(watched);
    return true;
  };
  const follow = (): void => {
    const text = textOf(file);
    if (text === seen) return;
    seen = text;
    reload();
  };
  const stop = watchFile(file, { settle, onChange: follow, onError });
  const watched: WatchedPolicy = facade(() => current, { file, reload, stop });
  return watched;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Gone for now; reading it in earnest will say so.
    return undefined;
  }
}
