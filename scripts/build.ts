/** A Worker as one file, as it is served: what the local edge and the bench run. */
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./project.ts";

/** The Worker's entry. */
const entry = join(root, "src/worker.ts");

export interface BundleOptions {
  /** Without comments and long names, as it is deployed; otherwise readable in stack traces. */
  readonly minify: boolean;
}

export interface Bundle {
  /** One ES module that imports nothing but `node:*` and `cloudflare:*`. */
  readonly code: string;
  /** Bytes of `code`. */
  readonly size: number;
}

/** Bundles `src/worker.ts`. Rejects with esbuild's own message when something doesn't resolve or parse. */
export function bundleWorker(options: BundleOptions): Promise<Bundle> {
  return bundle(entry, options);
}

/** Bundles any Worker the same way. */
export async function bundle(entry: string, { minify }: BundleOptions): Promise<Bundle> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify,
    format: "esm",
    platform: "neutral",
    target: "es2024",
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker", "import"],
    external: ["node:*", "cloudflare:*"],
    logLevel: "silent",
  });
  const output = outputFiles[0]!;
  return { code: output.text, size: output.contents.byteLength };
}
