import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const pages = [
  "README.md",
  "README.zh-CN.md",
  "CONTRIBUTING.md",
  "AGENTS.md",
  "docs/options.md",
  ...["core", "ai-sdk", "langchain", "config", "otel", "gemini-simulator"].map(
    (name) => `packages/${name}/README.md`,
  ),
  ...readdirSync(join(root, "docs/decisions")).map((name) => `docs/decisions/${name}`),
];
const read = (page: string): string => readFileSync(join(root, page), "utf8");

test.each(pages)("every link of %s leads somewhere", (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, path]) => path!);
  const broken = links.filter((path) => !existsSync(join(root, dirname(page), path)));
  expect(broken).toEqual([]);
});

test.each(["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "AGENTS.md"])(
  "every command of %s exists",
  (page) => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const commands = [...read(page).matchAll(/pnpm@[\d.]+ (?:run )?([\w:]+)/g)].map(
      ([, name]) => name!,
    );
    expect(commands.length).toBeGreaterThan(0);
    // `exec` and `install` are pnpm's own.
    const own = new Set(["exec", "install", ...Object.keys(scripts)]);
    expect(commands.filter((name) => !own.has(name))).toEqual([]);
  },
);

test("the decisions are listed in order, each once", () => {
  const index = read("docs/decisions/README.md");
  const files = readdirSync(join(root, "docs/decisions")).filter((name) => /^\d/.test(name));
  const listed = [...index.matchAll(/\((\d[^)]*\.md)\)/g)].map(([, name]) => name!);
  expect(listed).toEqual(files.toSorted());
});
