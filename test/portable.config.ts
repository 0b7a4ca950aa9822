import type { ViteUserConfig } from "vitest/config";

// What core's promise of running on any JavaScript runtime rests on, short enough to be run on each of them: the whole
// life of a call, in virtual time, and the classification of every client's errors. `pnpm runtimes` runs it.
const include = [
  "core/execute.test.ts",
  "core/engine/!(memory).test.ts",
  "core/classify/{answers,clients,errors,others,sentences,texts}.test.ts",
  "core/{diagnosis,redact}.test.ts",
  "core/models/**/*.test.ts",
];

const config: ViteUserConfig = {
  test: {
    root: import.meta.dirname,
    testTimeout: 60_000,
    restoreMocks: true,
    projects: [
      { extends: true, test: { name: "portable", include } },
      { extends: true, test: { name: "edge", include, environment: "edge-runtime" } },
    ],
  },
};

export default config;
