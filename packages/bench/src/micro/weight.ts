// How much code an application takes in, and how long that takes to load.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { build } from "esbuild";

/** The weight of one import. */
export interface Weight {
  name: string;
  /** Minified, in bytes. */
  minified: number;
  gzip: number;
  brotli: number;
  /** Ms from nothing to loaded, of the bundle, median of fresh processes. */
  load: number;
}

const entries: readonly (readonly [name: string, code: string])[] = [
  ["holdfast core: createPolicy", `export { createPolicy } from "@holdfast/core"`],
  ["holdfast core: everything", `export * from "@holdfast/core"`],
  ["holdfast for the AI SDK", `export * from "@holdfast/core"; export * from "@holdfast/ai-sdk"`],
  ["cockatiel", `export * from "cockatiel"`],
  ["p-retry", `export { default } from "p-retry"`],
  ["ai-retry (ai external)", `export { createRetryableModel } from "ai-retry/language-model"`],
  ["ai-fallback (ai external)", `export { createFallback } from "ai-fallback"`],
  [
    "effect: retry, timeout, schedule",
    `import { Effect, Schedule } from "effect"; export const run = (f) => Effect.runPromise(Effect.tryPromise(f).pipe(Effect.timeout("1 minute"), Effect.retry({ times: 3, schedule: Schedule.exponential("1 second") })))`,
  ],
];

const here = fileURLToPath(new URL(".", import.meta.url));

async function bundle(code: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: here, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "es2023",
    external: ["ai", "@ai-sdk/*", "zod", "@opentelemetry/api"],
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

const timer = `const start = performance.now(); await import(process.argv[1]); console.log(performance.now() - start);`;

function loadTime(file: string): number {
  const times = Array.from({ length: 7 }, () =>
    Number(
      execFileSync(process.execPath, ["--input-type=module", "-e", timer, file], {
        encoding: "utf8",
      }),
    ),
  );
  return times.toSorted((one, other) => one - other)[3] ?? Number.NaN;
}

/** Weighs Holdfast and its peers. */
export async function weights(): Promise<Weight[]> {
  const folder = mkdtempSync(join(tmpdir(), "weights-"));
  const all: Weight[] = [];
  try {
    for (const [name, code] of entries) {
      const contents = await bundle(code);
      const file = join(folder, `${all.length}.mjs`);
      writeFileSync(file, contents);
      // What leaves a package out cannot be loaded by itself.
      const load = name.includes("external") ? Number.NaN : loadTime(file);
      const gzip = gzipSync(contents, { level: 9 }).length;
      const brotli = brotliCompressSync(contents).length;
      all.push({ name, minified: contents.length, gzip, brotli, load });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return all;
}
