/** Where contestants are built: what they read at their start, in a folder that goes when the bench ends. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../build.ts";
import { readCompatibility } from "../start/wrangler-file.ts";
import type { Worker } from "./contestant.ts";
import { cacheConfigOf, configOf } from "./workerd-config.ts";

const configName = "config.capnp";

export interface Workshop {
  /** The URL of the origin that all of them front. */
  readonly origin: string;
  /** A new folder with that in its name. */
  readonly folder: (name: string) => string;
  /** Builds the Worker; resolves to the path of its config. */
  readonly furnish: (worker: Worker) => Promise<string>;
  /** Path of the config of a cache service in a process of its own. */
  readonly furnishCache: () => string;
  /** Removes all folders. The end of the process does so, too. */
  readonly close: () => void;
}

/**
 * @param origin the URL of the origin.
 * @param cacheAt host and port of a cache service for all Workers; without it each has one in its own process.
 */
export async function openWorkshop(origin: string, cacheAt?: string): Promise<Workshop> {
  const whole = mkdtempSync(join(tmpdir(), "perigee-bench-"));
  const close = (): void => rmSync(whole, { recursive: true, force: true, maxRetries: 5 });
  process.on("exit", close);
  const compatibility = readCompatibility();
  const cacheService = (await bundle(join(import.meta.dirname, "cache-service.ts"), { minify: true })).code;
  const configs = new Map<string, string>();

  const folder = (name: string): string => mkdtempSync(join(whole, `${name.replaceAll(/\W+/g, "-")}-`));

  /** The files in a folder of their own, with the cache service beside them; returns the config's path. */
  const put = (name: string, files: Readonly<Record<string, string>>): string => {
    const own = folder(name);
    for (const [file, text] of Object.entries({ ...files, "cache-service.js": cacheService }))
      writeFileSync(join(own, file), text);
    return join(own, configName);
  };

  const furnish = async ({ name, build, bindings }: Worker): Promise<string> => {
    const known = configs.get(name);
    if (known !== undefined) return known;
    const code = await build();
    const config = put(name, {
      "worker.js": code,
      [configName]: configOf({ bindings: bindings(origin), compatibility, cacheAt }),
    });
    configs.set(name, config);
    return config;
  };

  return {
    origin,
    folder,
    furnish,
    close,
    furnishCache: () => put("cache", { [configName]: cacheConfigOf(compatibility) }),
  };
}
