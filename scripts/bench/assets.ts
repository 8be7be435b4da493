/** Pages and bundles as people publish them, which come with the packages that the project is developed with. */
import { globSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { root } from "../project.ts";

/** Pattern below `node_modules`: names that hold a hash change with each version. */
const patterns = [
  "playwright-core/lib/vite/traceViewer/index.html",
  "miniflare/dist/local-explorer-ui/index.html",
  "fast-check/README.md",
  "undici/README.md",
  "youch/build/public/layout/style.css",
  "playwright-core/lib/vite/htmlReport/report.css",
  "playwright-core/lib/vite/dashboard/assets/index-*.css",
  "miniflare/dist/local-explorer-ui/assets/index-*.css",
  "d3-geo/dist/d3-geo.min.js",
  "pako/dist/pako.min.js",
  "uplot/dist/uPlot.iife.min.js",
  "playwright-core/lib/vite/traceViewer/sw.bundle.js",
  "playwright-core/lib/vite/traceViewer/assets/xtermModule-*.js",
  "playwright-core/lib/vite/recorder/assets/codeMirrorModule-*.js",
  "playwright-core/lib/vite/dashboard/assets/index-*.js",
  "playwright-core/lib/vite/htmlReport/report.js",
  "playwright-core/lib/vite/traceViewer/assets/defaultSettingsView-*.js",
  "miniflare/dist/local-explorer-ui/assets/index-*.js",
  "world-atlas/countries-110m.json",
  "mime-db/db.json",
] as const;

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".css": "text/css",
  ".js": "text/javascript",
  ".json": "application/json",
};

export interface Asset {
  /** Where it is served. */
  readonly path: string;
  /** Where it comes from: package and file. */
  readonly name: string;
  readonly type: string;
  readonly body: Buffer;
}

/** Those that are there; `tell` hears of each other. */
export function findAssets(tell: (says: string) => void): readonly Asset[] {
  const modules = join(root, "node_modules");
  return patterns.flatMap((pattern, index) => {
    const [name] = globSync(pattern, { cwd: modules }).toSorted();
    if (name !== undefined) {
      const extension = extname(name);
      return [
        { path: `/asset-${index}${extension}`, name, type: types[extension]!, body: readFileSync(join(modules, name)) },
      ];
    }
    tell(`left out, because it isn't installed: ${pattern}`);
    return [];
  });
}
