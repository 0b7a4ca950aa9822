import { type AccountOptions, type PolicyOptions } from "@holdfast/core";

import { type Place, PolicyFileError } from "./policy-file-error.ts";
import { type FileAccount, type PolicyFile, policySchema } from "./policy-schema.ts";
import { presets } from "./presets.ts";
import { essential, type Found, keysIn, problemsIn } from "./problems.ts";
import { remedyForValue } from "./remedies.ts";

/** Where keys come from: names and values, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What `parsePolicy` takes besides the data. */
export interface ParseOptions extends Place {
  /** Where the keys are looked up. @default process.env */
  env?: Environment;
}

/**
 * Turns a policy as data into the options that `createPolicy` takes: checked, durations in ms, presets spelled out,
 * and every account with its key from the environment.
 * @throws PolicyFileError that names every problem with path, value and remedy
 */
export function parsePolicy(
  data: unknown,
  { env = process.env, ...place }: ParseOptions = {},
): PolicyOptions {
  const { success, data: checked, error } = policySchema.safeParse(data, { error: remedyForValue });
  const found = [...(success ? [] : problemsIn(error.issues, data)), ...keysIn(data)];
  if (!success || found.length) throw new PolicyFileError(essential(found), place);
  return optionsOf(checked, env, place);
}

function optionsOf(file: PolicyFile, env: Environment, place: Place): PolicyOptions {
  const { $schema: _, preset = "interactive", accounts, ...rest } = file;
  const options: PolicyOptions = { ...presets[preset], ...rest };
  if (!accounts) return options;
  const missing = accounts.flatMap((account, index) => missingKey(account, index, env));
  if (missing.length) throw new PolicyFileError(missing, place);
  const free = preset === "free-tier";
  return { ...options, accounts: accounts.map((account) => accountOf(account, env, free)) };
}

function accountOf(file: FileAccount, env: Environment, free: boolean): AccountOptions {
  const { apiKeyEnv, ...rest } = file;
  const googles = (rest.provider ?? "google") === "google" && rest.baseURL === undefined;
  return {
    ...(free && googles ? { tier: "free" } : {}),
    ...rest,
    apiKey: env[apiKeyEnv]?.trim(),
  };
}

function missingKey({ name, apiKeyEnv }: FileAccount, index: number, env: Environment): Found[] {
  if (env[apiKeyEnv]?.trim()) return [];
  const state = env[apiKeyEnv] === undefined ? "not set" : "empty";
  const variable = isPlainlyName(apiKeyEnv)
    ? `the environment variable ${apiKeyEnv}`
    : "the environment variable it names (not shown: if it is the key itself, take it out of the file)";
  return [
    {
      path: ["accounts", index, "apiKeyEnv"],
      remedy: `the account "${name}" has no key, since ${variable} is ${state}: set it, or name another one`,
    },
  ];
}

/** Whether it is a variable's name and not a key that somebody pasted in its place. */
const isPlainlyName = (text: string): boolean =>
  text.length < 24 || /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(text);
