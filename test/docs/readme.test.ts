import { readFileSync } from "node:fs";

import { createPolicy, type PolicyOptions } from "@holdfast/core";
import { describe, expect, test } from "vitest";

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

const units: Readonly<Record<string, number>> = {
  s: 1_000,
  秒: 1_000,
  min: 60_000,
  分钟: 60_000,
};

/** The number that a cell such as `10 s` or `30` stands for, in the units of the options. */
function numberOf(cell: string): number {
  const [, digits, unit] = /^(\d+)(?: (.+))?$/.exec(cell) ?? [];
  return Number(digits) * (unit === undefined ? 1 : (units[unit] ?? NaN));
}

describe.each(["README.md", "README.zh-CN.md"])("%s", (page) => {
  const text = read(page);

  test.each(["quick-start-ai-sdk.ts", "quick-start-langchain.ts"])(
    "carries %s word for word",
    (name) => {
      const [, code] = text.split(`<!-- examples/${name} -->\n\n\`\`\`ts\n`);
      expect(code?.split("```\n")[0]).toBe(read(`examples/${name}`));
    },
  );

  test("names the defaults that a policy has", () => {
    const settings = createPolicy().settings as unknown as Record<string, unknown>;
    const rows = text.matchAll(/^\| `(\w+)` +\| (\d[^|]*?) +\|/gm);
    const named = Object.fromEntries([...rows].map(([, name, cell]) => [name, numberOf(cell!)]));
    expect(Object.keys(named).length).toBeGreaterThan(5);
    for (const [name, value] of Object.entries(named))
      expect({ [name]: settings[name] }).toEqual({ [name]: value });
  });

  test("gives retry loops that a policy accepts", () => {
    const loops = [...text.matchAll(/`(\{ attempts: .*?\})`/g)].map(([, code]) => code!);
    expect(loops.length).toBe(2);
    for (const code of loops) {
      const options = JSON.parse(code.replaceAll(/(\w+):/g, '"$1":')) as PolicyOptions;
      expect(createPolicy(options).settings).toMatchObject(options);
    }
  });
});

const rowsOf = (page: string): number => read(page).match(/^\|/gm)?.length ?? 0;

test("both languages tell of the same errors, defaults and packages", () => {
  expect(rowsOf("README.zh-CN.md")).toBe(rowsOf("README.md"));
});
