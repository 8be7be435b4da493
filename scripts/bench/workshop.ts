/** Where contestants are built: what workerd reads at its start, in a folder that goes when the bench ends. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../build.ts";
import { readCompatibility } from "../start/wrangler-file.ts";
import { bare, hit, type Contestant } from "./contestants.ts";
import { pathOf, sizes } from "./objects.ts";
import type { Startables } from "./weigh.ts";
import { configOf } from "./workerd-config.ts";

export interface Workshop {
  /** Builds it once; resolves to the path of its config. */
  readonly build: (contestant: Contestant) => Promise<string>;
  /** Perigee, and what its start-up is held against, at paths where neither asks anybody. */
  readonly startables: () => Promise<Startables>;
}

/** @param origin the URL of the origin that all of them front. */
export async function openWorkshop(origin: string): Promise<Workshop> {
  const folder = mkdtempSync(join(tmpdir(), "perigee-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const compatibility = readCompatibility();
  const cacheService = (await bundle(join(import.meta.dirname, "cache-service.ts"), { minify: true })).code;

  const build = async (contestant: Contestant): Promise<string> => {
    const own = join(folder, contestant.name.replaceAll(/\W+/g, "-"));
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, "worker.js"), await contestant.build());
    writeFileSync(join(own, "cache-service.js"), cacheService);
    const config = join(own, "config.capnp");
    writeFileSync(config, configOf({ bindings: contestant.bindings(origin), compatibility }));
    return config;
  };

  return {
    build,
    startables: async () => ({
      worker: { config: await build(hit), path: "/.perigee/health" },
      bare: { config: await build(bare), path: pathOf("cacheable", sizes["1 KB"]) },
    }),
  };
}
