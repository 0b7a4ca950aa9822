// What an installation brings along: size on disk and number of packages, dependencies included.
import { existsSync, globSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What one package and all it depends on comes to. */
export interface Installed {
  name: string;
  packages: number;
  bytes: number;
}

interface Manifest {
  dependencies?: Record<string, string>;
  /** What is published of it. */
  files?: string[];
}

function folderOf(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, "node_modules", name);
    if (existsSync(found)) return realpathSync(found);
    if (folder === dirname(folder)) return undefined;
  }
}

function sizeOf(folder: string, { files }: Manifest): number {
  // Of the workspace's own packages only what is published counts; others came as they were published.
  const own = !folder.includes("node_modules") && files;
  const patterns = own ? files.map((name) => `${name}/**`) : ["**"];
  return globSync(patterns, { cwd: folder, exclude: (name) => name === "node_modules" })
    .map((name) => statSync(join(folder, name)))
    .filter((entry) => entry.isFile())
    .reduce((sum, { size }) => sum + size, 0);
}

/** Measures an installation as it lies in this workspace; Holdfast's own packages must have been built. */
export function installed(name: string): Installed {
  const seen = new Set<string>();
  let bytes = 0;
  const visit = (dependency: string, from: string): void => {
    const folder = folderOf(dependency, from);
    if (folder === undefined || seen.has(folder)) return;
    seen.add(folder);
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
    bytes += sizeOf(folder, manifest);
    for (const next of Object.keys(manifest.dependencies ?? {})) visit(next, folder);
  };
  visit(name, fileURLToPath(new URL(".", import.meta.url)));
  return { name, packages: seen.size, bytes };
}
