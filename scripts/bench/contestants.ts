/** Who takes part, and what each of them is held against. */
import { join } from "node:path";
import { bundle, bundleWorker } from "../build.ts";
import { pathOf } from "./objects.ts";

export interface Contestant {
  readonly name: string;
  /** The Worker's code as one module. */
  readonly build: () => Promise<string>;
  readonly path: (bytes: number) => string;
  /** Bindings of the Worker, for an origin at that URL. */
  readonly bindings: (origin: string) => Readonly<Record<string, unknown>>;
  /** Whether every request reaches the origin, or, once it is warm, none. */
  readonly asksOrigin: boolean;
  /** What its Cache-Status must say, when it sends one. */
  readonly cacheStatus?: RegExp;
  /** The contestant it is compared with, and how many times that one's CPU it is meant to use at most. */
  readonly against?: { readonly name: string; readonly target?: number };
}

const passThrough = "bare pass-through";
const cacheApi = "usual Cache API worker";

const cacheable = (bytes: number): string => pathOf("cacheable", bytes);
const uncacheable = (bytes: number): string => pathOf("uncacheable", bytes);

const ofFile = (file: string) => async (): Promise<string> =>
  (await bundle(join(import.meta.dirname, "contestants", file), { minify: true })).code;

const onlyOrigin = (origin: string) => ({ ORIGIN: origin });

const perigee = {
  build: async () => (await bundleWorker({ minify: true })).code,
  /** One site, one origin, and every setting at its default. */
  bindings: (origin: string) => ({
    ORIGINS: [{ name: "origin", url: origin }],
    SITES: [{ hosts: ["*"], origins: ["origin"] }],
  }),
};

/** The floor: what the runtime itself costs. */
export const bare: Contestant = {
  name: "constant",
  build: ofFile("constant.ts"),
  path: cacheable,
  bindings: onlyOrigin,
  asksOrigin: false,
};

export const hit: Contestant = {
  name: "Perigee hit from memory",
  ...perigee,
  path: cacheable,
  asksOrigin: false,
  cacheStatus: /;\s*hit\b/,
  against: { name: cacheApi, target: 0.75 },
};

/** In the order of the table. */
export const contestants: readonly Contestant[] = [
  bare,
  { name: passThrough, build: ofFile("pass-through.ts"), path: uncacheable, bindings: onlyOrigin, asksOrigin: true },
  {
    name: "hono/proxy",
    build: ofFile("hono-proxy.ts"),
    path: uncacheable,
    bindings: onlyOrigin,
    asksOrigin: true,
    against: { name: passThrough },
  },
  {
    name: "Perigee pass",
    ...perigee,
    path: uncacheable,
    asksOrigin: true,
    cacheStatus: /\bfwd=/,
    against: { name: passThrough, target: 1.5 },
  },
  { name: cacheApi, build: ofFile("cache-api.ts"), path: cacheable, bindings: onlyOrigin, asksOrigin: false },
  hit,
  {
    ...hit,
    name: "Perigee hit from the Cache API",
    bindings: (origin) => ({ ...perigee.bindings(origin), SETTINGS: { memory: "0B" } }),
    against: { name: cacheApi, target: 1.25 },
  },
];

/**
 * Those whose name contains `only`, ignoring case, with the ones they are compared with; all of them without it. Empty
 * when none has such a name.
 */
export function choose(only: string | undefined): readonly Contestant[] {
  if (only === undefined) return contestants;
  const named = contestants.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()));
  const wanted = new Set(named.flatMap(({ name, against }) => (against ? [name, against.name] : [name])));
  return contestants.filter(({ name }) => wanted.has(name));
}
