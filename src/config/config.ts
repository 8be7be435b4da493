/** Door of the config room: bindings in, a compiled config or all that is wrong with them out. */
import type { Config, Origin, Site } from "./model.ts";

/** One thing that is wrong with a config. */
export interface Problem {
  /** The binding and the path in it, such as `RULES[2].cache.ttl`. */
  readonly at: string;
  /** A sentence with the value, what was expected, and the nearest right word. */
  readonly says: string;
}

export type Loaded =
  | { readonly kind: "config"; readonly config: Config }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

/** @param bindings the Worker's `env`, or the `[vars]` of a wrangler.toml. */
export function loadConfig(bindings: Readonly<Record<string, unknown>>): Loaded {
  const raw = bindings as { ORIGINS: { name: string; url: string; at: [number, number] }[]; SETTINGS?: object };
  const origins: Origin[] = raw.ORIGINS.map((origin) => {
    const url = new URL(origin.url);
    return { name: origin.name, url: new URL(url.origin), base: url.pathname.replace(/\/$/, ""), at: origin.at };
  });
  const site: Site = {
    name: "any",
    hosts: ["*"],
    origins,
    balance: "nearest",
    caching: {
      bypass: false,
      ttl: undefined,
      staleWhileRevalidate: 0,
      staleIfError: 0,
      maxBytes: 64 << 20,
      key: { query: "all", headers: [], cookies: [], country: false },
    },
  };
  return {
    kind: "config",
    config: {
      version: "0",
      settings: {
        name: "perigee",
        trail: false,
        localVisitors: false,
        log: "all",
        limits: { url: 16384, fields: 128, fieldBytes: 32768 },
        timeout: 30_000,
        tries: 3,
        compress: { enabled: true, minimum: 1024, types: ["text/*"] },
        ...raw.SETTINGS,
      },
      sites: { exact: new Map(), wildcard: new Map(), any: site },
      origins,
      rules: [],
    },
  };
}
