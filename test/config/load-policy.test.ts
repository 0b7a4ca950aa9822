import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findConfig, loadPolicy, PolicyFileError } from "@holdfast/config";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-config-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function errorOf(file: string): PolicyFileError {
  try {
    loadPolicy(file, { env: {} });
  } catch (error) {
    if (PolicyFileError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("the file was accepted");
}

describe("a policy file", () => {
  test("may be JSON, indented by tabs too", () => {
    const file = write(
      "holdfast.json",
      '\uFEFF{\n\t"preset": "batch",\n\t"chain": [\n\t\t"a",\n\t\t"b"\n\t]\n}\n',
    );
    expect(loadPolicy(file, { env: {} }).settings).toMatchObject({
      patience: 600_000,
      fallbacks: { a: ["b"], b: [] },
    });
  });

  test("may be YAML, with comments, anchors and times of day", () => {
    const file = write(
      "holdfast.yaml",
      `# nights only
accounts:
  - name: main
    apiKeyEnv: KEY
    limits: &small { "*": { rpm: 5 } }
  - name: team
    apiKeyEnv: TEAM
    limits: *small
schedules:
  - { timeZone: Asia/Shanghai, from: 22:30, to: 06:00 }
`,
    );
    const { settings } = loadPolicy(file, { env: { KEY: "k1k1k1k1", TEAM: "k2k2k2k2" } });
    expect(settings.accounts).toMatchObject([
      { name: "main", apiKey: "k1k1k1k1", limits: { "*": { rpm: 5 } } },
      { name: "team", apiKey: "k2k2k2k2", limits: { "*": { rpm: 5 } } },
    ]);
    expect(settings.schedules).toMatchObject([{ from: "22:30", to: "06:00" }]);
  });

  test("takes keys from the process's environment by default", () => {
    vi.stubEnv("HOLDFAST_TEST_KEY", "k1k1k1k1");
    const file = write("holdfast.yaml", "accounts: [{ name: main, apiKeyEnv: HOLDFAST_TEST_KEY }]");
    expect(loadPolicy(file).settings.accounts).toMatchObject([{ apiKey: "k1k1k1k1" }]);
  });

  test("is completed by options in code, which win", async () => {
    const file = write("holdfast.json", '{ "attempts": 1, "patience": 5 }');
    const policy = loadPolicy(file, {
      env: {},
      options: { patience: 7, degrade: () => "sorry" },
    });
    expect(policy.settings).toMatchObject({ attempts: 1, patience: 7 });
    const failing = Promise.reject(new Error("broken"));
    expect(await policy.execute(() => failing, { model: "m" })).toMatchObject({ value: "sorry" });
  });

  test("has errors that name file and line", () => {
    const file = write(
      "holdfast.yaml",
      "order: balanced\npatiense: 1\nchain:\n  - a\n  - 5\nlimits:\n  m: { rpm: x }\naccounts:\n  - name: main\n",
    );
    const { message, file: named, problems } = errorOf(file);
    expect(named).toBe(file);
    expect(message).toContain(`Holdfast: ${file} has 4 problems:`);
    expect(message).toContain(`line 2: patiense: there is no such name`);
    expect(Object.fromEntries(problems.map(({ path, line }) => [path, line]))).toStrictEqual({
      "accounts[0].apiKeyEnv": 9,
      "chain[1]": 5,
      "limits.m.rpm": 7,
      patiense: 2,
    });
  });

  test("has what core refuses told as a problem of the file", () => {
    const file = write(
      "holdfast.yaml",
      "schedules:\n  - { timeZone: Mars/Base, from: 10:00, to: 11:00 }\n",
    );
    expect(errorOf(file).message).toMatch(
      /holdfast\.yaml has a problem:\n {2}schedules\[0\]\.timeZone is "Mars\/Base"/,
    );
  });

  test.each([
    ["holdfast.json", '{ "attempts": 1, }', /it is no JSON: look for a trailing comma/],
    ["holdfast.json", '{ "attempts": 1 ', /line 1: it is no JSON: /],
    ["holdfast.json", "attempts: 1", /it is no JSON: /],
    ["holdfast.json", '{ "attempts": 1,\n "attempts": 2 }', /line 2: .*unique/],
    ["holdfast.yaml", "chain: [a\norder: x", /line 2: it is no YAML: /],
    ["holdfast.yaml", "chain: *nowhere", /it is no YAML: an alias/],
    ["holdfast.yaml", "# nothing\n", /it is empty: write \{\}/],
    ["holdfast.json", "", /it is empty: write \{\}/],
  ])("%s with %j is refused with the reason", (name, text, message) => {
    expect(errorOf(write(name, text)).message).toMatch(message);
  });

  test("that is broken is never quoted, since it may hold a key", () => {
    for (const text of [
      '{ "secret": "relay4f9Kx27LmQ81" x }',
      '{ "secret": relay4f9Kx27LmQ81 }',
      '{ "secret": "relay4f9Kx27LmQ81',
    ])
      expect(errorOf(write("holdfast.json", text)).message).not.toContain("4f9Kx27");
  });

  test("that is not there or is a folder is an error that says so", () => {
    expect(errorOf(join(folder, "nowhere.yaml")).message).toMatch(/there is no such file/);
    expect(errorOf(folder).message).toMatch(/cannot be read \(EISDIR\)/);
  });
});

describe("finding the file", () => {
  test("looks in the folder, then in those above", () => {
    const inner = join(folder, "a", "b");
    mkdirSync(inner, { recursive: true });
    const outer = write("holdfast.yaml", "{}");
    expect(findConfig(inner)).toBe(outer);
    const nearer = write("a/holdfast.json", "{}");
    expect(findConfig(inner)).toBe(nearer);
  });

  test("refuses to choose between two in one folder", () => {
    write("holdfast.json", "{}");
    write("holdfast.yml", "{}");
    expect(() => findConfig(folder)).toThrow(/there are two.*holdfast\.json.*holdfast\.yml/);
  });

  test("begins in the working directory", () => {
    vi.spyOn(process, "cwd").mockReturnValue(folder);
    expect(() => loadPolicy()).toThrow(/no holdfast\.json, holdfast\.yaml, holdfast\.yml here/);
    write("holdfast.json", '{ "patience": 3 }');
    expect(loadPolicy().settings.patience).toBe(3);
  });
});
