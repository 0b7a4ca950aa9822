import { readFileSync } from "node:fs";

import {
  type AccountOptions,
  type CallOptions,
  createPolicy,
  type PolicyOptions,
} from "@holdfast/core";
import { describe, expect, test } from "vitest";

const page = readFileSync(new URL("../../docs/options.md", import.meta.url), "utf8");

/** The rows of the table under a heading: option and default. */
function tableUnder(heading: string): [name: string, fallback: string][] {
  const section = page.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^\| `(\w+)` +\| (.*?) +\|/gm)].map(([, name, fallback]) => [
    name!,
    fallback!,
  ]);
}

/** The options that a policy knows, as it lists them when it meets one it does not. */
function knownOptions(): string[] {
  try {
    createPolicy({ "no such option": true } as PolicyOptions);
  } catch (error) {
    return (error as Error).message.split("there are ")[1]?.split(", ") ?? [];
  }
  return [];
}

describe("the page of options", () => {
  test("has a row for every option of a policy and none besides", () => {
    const rows = tableUnder("Of a policy").map(([name]) => name);
    expect(rows.toSorted()).toEqual(knownOptions().toSorted());
    expect(rows.length).toBeGreaterThan(20);
  });

  test("names the defaults that a policy has", () => {
    const settings = createPolicy().settings as unknown as Record<string, unknown>;
    const plain = tableUnder("Of a policy").filter(([, fallback]) => /^(\d+|`.*`)$/.test(fallback));
    expect(plain.length).toBeGreaterThan(8);
    for (const [name, fallback] of plain) {
      const value = JSON.parse(fallback.replaceAll("`", "")) as unknown;
      expect({ [name]: settings[name] ?? standIns[name] }).toEqual({ [name]: value });
    }
  });

  test("names the batch preset's patience and deadline", () => {
    const { patience, deadline } = createPolicy({ preset: "batch" }).settings;
    expect(page).toContain(`(patience ${patience}, deadline ${deadline})`);
  });
});

const ofAccounts: Record<keyof AccountOptions, true> = {
  name: true,
  apiKey: true,
  project: true,
  billingAccount: true,
  tier: true,
  baseURL: true,
  via: true,
  provider: true,
  limits: true,
};

const ofCalls: Record<keyof CallOptions, true> = {
  model: true,
  candidates: true,
  sameModel: true,
  signal: true,
  deadline: true,
  patience: true,
  attemptTimeout: true,
  streaming: true,
  priority: true,
  affinity: true,
  account: true,
  tokens: true,
  requests: true,
  input: true,
  findings: true,
  unsafe: true,
};

test.each([
  ["Of an account", ofAccounts],
  ["Of one call", ofCalls],
])("the page names every option under: %s", (heading, options) => {
  const section = page.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = [...section.matchAll(/^\| ((?:`\w+`(?:, )?)+) +\|/gm)].map(([, names]) => names!);
  const names = rows.flatMap((cell) => cell.replaceAll("`", "").split(", "));
  expect(names.toSorted()).toEqual(Object.keys(options).toSorted());
});

/** Defaults that the settings do not repeat. */
const standIns: Readonly<Record<string, unknown>> = { preset: "interactive", hedge: false };
