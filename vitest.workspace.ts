// Test projects: one a package. The config file of Vitest; the name stays from when workspaces had a file of their own.
import { existsSync, readdirSync } from "node:fs";
import { defineConfig } from "vitest/config";

/** Sources are tested, not builds: every package offers its sources under this condition. */
const conditions = ["anywasm-source", "module", "node", "development|production"];

const folders = [...readdirSync("packages").map((name) => `packages/${name}`), "spec", "benchmarks"];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: folders
      .filter((root) => existsSync(`${root}/package.json`))
      .map((root) => ({
        resolve: { conditions },
        ssr: { resolve: { conditions, externalConditions: conditions } },
        test: { name: root, root, include: ["src/**/*.test.ts", "test/**/*.test.ts"], testTimeout: 120_000 },
      })),
  },
});
