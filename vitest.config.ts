import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** `edge` runs inside workerd, beside the code it tests; `node` runs the scripts and the whole program from outside. */
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { kvNamespaces: ["CONFIG", "PURGES"], r2Buckets: ["FILES"] },
          }),
        ],
        test: {
          name: "edge",
          include: ["test/**/*.test.ts"],
          exclude: ["test/scripts/**", "test/quality/**", "test/conformance/**"],
          globalSetup: ["test/harness/origin-server.ts"],
          // A busy machine is no reason to fail.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "node",
          include: ["test/{scripts,quality,conformance}/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
