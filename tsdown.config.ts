import type { UserConfig } from "tsdown";

/** One config for every package; a package overrides it in the "tsdown" field of its package.json. */
const config: UserConfig = {
  // The bench is run from source and never published.
  workspace: {
    include: ["packages/*"],
    exclude: ["packages/bench", "**/node_modules/**", "**/dist/**"],
  },
  entry: ["src/index.ts"],
  dts: true,
  deps: { neverBundle: [/^@holdfast\//] },
  exports: { devExports: true },
  publint: { strict: true },
  attw: { profile: "esm-only", level: "error" },
};

export default config;
