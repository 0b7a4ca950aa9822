import { readFileSync, writeFileSync } from "node:fs";

import { catalogue } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { errorsPage } from "../../support/errors-page.ts";

const pages = [
  ["en", "errors.md"],
  ["zh-CN", "errors.zh-CN.md"],
] as const;

/** The formatter pads tables. */
const unpadded = (page: string): string =>
  page.replaceAll(/ +\|/g, " |").replaceAll(/-{3,}/g, "---");

describe.each(pages)("the page of failures in %s", (locale, name) => {
  const file = new URL(`../../../docs/${name}`, import.meta.url);
  if (process.env["UPDATE_DOCS"] === "1") writeFileSync(file, errorsPage(locale));

  test("is what the catalogue and explain say; UPDATE_DOCS=1 writes it anew", () => {
    expect(unpadded(readFileSync(file, "utf8"))).toBe(errorsPage(locale));
  });

  test("has a section for every kind", () => {
    const headings = readFileSync(file, "utf8").match(/(?<=^## ).+$/gm);
    expect(headings).toEqual(expect.arrayContaining(Object.keys(catalogue)));
  });
});
