import { readdirSync } from "node:fs";

import type { ViteUserConfig } from "vitest/config";

// Every folder under test/ is a project, so that none is forgotten; these hold no tests of their own.
const withoutTests = ["node_modules", "support", "types", "workerd"];

const projects = readdirSync("test", { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !withoutTests.includes(entry.name))
  .map(({ name }) => ({
    extends: true as const,
    test: { name, include: [`test/${name}/**/*.test.ts`] },
  }));

const config: ViteUserConfig = {
  test: {
    projects,
    // A verdict about speed is no test's business: the machine may be busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    restoreMocks: true,
    unstubEnvs: true,
    coverage: { include: ["packages/*/src/**"] },
  },
};

export default config;
