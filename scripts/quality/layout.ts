/**
 * Which file of `src/` may import which: the layout of the house as data. Paths are relative to `src/`; a pattern's `*`
 * stands for any part of a path.
 */

/** What the files of one place may import besides their own room. */
export interface Place {
  /** Files it is about, as patterns. */
  readonly files: readonly string[];
  /** Of ours, as patterns of paths. */
  readonly may: readonly string[];
  /** Packages and `node:*` modules, as patterns of specifiers. */
  readonly packages: readonly string[];
  /** Why, for the one who is stopped. */
  readonly because: string;
}

/** Words that every room shares: the types of the journey, and of the compiled config. They import one another. */
const words = [
  "visit.ts",
  "edge.ts",
  "analytics.ts",
  "answer.ts",
  "trail.ts",
  "reasons.ts",
  "error.ts",
  "config/model.ts",
  "config/rates.ts",
  "config/upstream.ts",
  "config/dictionary.ts",
  "config/access.ts",
  "config/search.ts",
  "config/reads.ts",
  "config/shape.ts",
  "config/goals.ts",
  "config/guard.ts",
  "config/challenge.ts",
  "config/cookies.ts",
  "config/cors.ts",
  "config/image.ts",
  "config/redirects.ts",
  "config/rewrite.ts",
  "config/security.ts",
  "config/experiments.ts",
  "config/compress.ts",
  "fleet.ts",
  "origin-state.ts",
  "pool.ts",
  "gcra.ts",
  "hop.ts",
  "lookups.ts",
  "rates.ts",
  "seal.ts",
  "sent.ts",
  "tally.ts",
  "watch.ts",
];

/** Pure kits that anybody may use. */
const kits = ["http/*", "geo/*", "bots/*", "statistics/*"];

/** Doors of the rooms that a visit passes through. */
const journeyDoors = ["site", "scrub", "route", "cache", "shield", "origin", "transform", "count", "observe"].map(
  doorOf,
);

const room =
  "a room gets what it needs through its arguments: it imports the shared words, the kits, and no other room";

/** The first place whose pattern fits a file is its place. */
export const places: readonly Place[] = [
  {
    files: ["worker.ts"],
    may: ["app.ts", "journey.ts", "platform/*", doorOf("config"), doorOf("lists"), doorOf("origin"), ...words, ...kits],
    packages: ["cloudflare:*"],
    because: "worker.ts joins platform, config, lists, app, the shield's journey and the probes of origins",
  },
  {
    files: ["app.ts"],
    may: ["journey.ts", ...["admin", "count", "observe", "origin", "scrub"].map(doorOf), ...words],
    packages: ["hono", "hono/*"],
    because:
      "app.ts mounts the edge's own pages, with what the rooms count, origin and scrub report, and hands everything else to the journey",
  },
  { files: ["journey.ts"], may: [...journeyDoors, ...words], packages: [], because: "the journey knows doors only" },
  { files: words, may: [...words, ...kits], packages: [], because: "shared words know no room" },
  {
    files: kits,
    may: [...kits],
    packages: ["structured-headers"],
    because: "the kits are pure: they know nothing of the edge",
  },
  {
    files: ["platform/*"],
    may: ["platform/*", ...words, ...kits],
    packages: ["cloudflare:*", "node:*"],
    because: "the platform implements ports",
  },
  { files: ["lists/*"], may: [...kits], packages: [], because: "config → rules → lists → http" },
  {
    files: ["redirects/*"],
    may: [doorOf("lists"), ...words, ...kits],
    packages: [],
    because: "config → redirects → lists → http",
  },
  {
    files: ["rules/*"],
    may: [doorOf("lists"), ...words, ...kits],
    packages: ["@marcbachmann/cel-js"],
    because: "config → rules → lists → http",
  },
  {
    files: ["config/*"],
    may: [doorOf("rules"), doorOf("redirects"), doorOf("lists"), ...words, ...kits],
    packages: ["valibot"],
    because: "config → rules → lists → http",
  },
  { files: ["admin/*"], may: [...words, ...kits], packages: ["hono", "hono/*", "valibot"], because: room },
  {
    files: ["scrub/*"],
    may: [...words, ...kits],
    packages: ["altcha-lib/v1", "isbot", "jose", "structured-headers"],
    because: room,
  },
  { files: ["cache/*"], may: [...words, ...kits], packages: ["structured-headers"], because: room },
  { files: ["transform/*"], may: [...words, ...kits], packages: ["node:zlib", "negotiator"], because: room },
  { files: ["*"], may: [...words, ...kits], packages: [], because: room },
];

/** What only `platform/` and `worker.ts` may touch → what everybody else has instead. */
export const abilities: Readonly<Record<string, string>> = {
  fetch: "edge.fetch",
  caches: "edge.store",
  "Date.now": "edge.now()",
  "new Date()": "edge.now()",
  "performance.now": "edge.now()",
  "Math.random": "edge.random()",
  "crypto.randomUUID": "edge.random()",
  "crypto.getRandomValues": "edge.token()",
  waitUntil: "edge.defer",
};

/** Whose business those are. */
export const platformFiles = ["worker.ts", "platform/*"];

/** A room's entrance: `cache/cache.ts`. */
export function doorOf(name: string): string {
  return `${name}/${name}.ts`;
}

/** Whether one of the patterns fits the path. */
export function fits(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const [start = "", end] = pattern.split("*");
    return end === undefined ? path === pattern : path.startsWith(start) && path.endsWith(end);
  });
}
