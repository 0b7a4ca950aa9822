// One self-contained page out of the results: no network, no other file.
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { type PageData } from "./page-data.ts";
import { style } from "./style.ts";

async function script(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("browser/main.ts", import.meta.url))],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    write: false,
    // Imports of types alone would otherwise stay, and bring Node's modules along.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: false } },
    logLevel: "silent",
  });
  // A closing tag inside the script would end it.
  return (outputFiles[0]?.text ?? "").replaceAll("</script", "<\\/script");
}

/** Draws the page. */
export async function pageOf(data: PageData): Promise<string> {
  const json = JSON.stringify(data).replaceAll("<", String.raw`\u003c`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Holdfast beside its peers</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main id="page"></main>
<script type="application/json" id="data">${json}</script>
<script>${await script()}</script>
</body>
</html>
`;
}
