import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
export default defineConfig({
  test: {
    projects: [
      { plugins: [cloudflareTest({ wrangler: { configPath: "./wrangler.toml" } })],
        test: { name: "edge", include: ["test/**/*.test.ts"], exclude: ["test/scripts/**"], globalSetup: ["test/setup.ts"] } },
    ],
  },
});
