/** For tests of one room alone: an edge whose compiled config is written by hand, and visits that come to it. */
import { defaultBots, identities } from "../../src/config/identities.ts";
import { completePolicy } from "../../src/config/complete.ts";
import type { Compressing, Compression } from "../../src/config/compress.ts";
import type { Config, HeaderEdits, Rule, Site } from "../../src/config/model.ts";
import type { Asking, Eject, Origin } from "../../src/config/upstream.ts";
import type { Edge } from "../../src/edge.ts";
import { arriver } from "../../src/platform/cloudflare/arrive.ts";
import { createEdge } from "../../src/platform/cloudflare/ports.ts";
import type { Enrolled, Identified, Sited, Visit } from "../../src/visit.ts";

/** What is so of an origin of which the config says nothing but its name and URL. */
export const plainOrigin: Omit<Origin, "name" | "url"> = {
  base: "",
  at: undefined,
  weight: 1,
  priority: 0,
  region: undefined,
  maxConnections: undefined,
  queue: { length: 100, wait: 1_000 },
  drain: false,
  health: undefined,
  via: undefined,
  header: undefined,
  sign: undefined,
  followed: false,
};

export function origin(name: string): Origin {
  return { ...plainOrigin, name, url: new URL(`https://${name}.origin.example`) };
}

export function site(name: string, ...hosts: string[]): Site {
  return {
    name,
    hosts,
    origins: [origin("frankfurt"), origin("virginia")],
    balance: "nearest",
    methods: new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
    paths: "usual",
    asking,
    caching: { ...completePolicy(undefined), maxBytes: 1024, slice: 0 },
  };
}

/** As a site that says nothing of it has it. */
export const asking: Asking = {
  timeouts: { header: 30_000, idle: undefined, whole: Number.POSITIVE_INFINITY },
  retry: { tries: 3, budget: 0.1, body: 65_536, backoff: 25, patience: "adaptive" },
  resume: true,
  overload: { stale: false, brownout: undefined },
  hedge: undefined,
};

/** A rule that applies to every visit unless `parts` say when. */
export function rule(name: string, parts: Partial<Rule> = {}): Rule {
  return { name, when: () => true, ...parts };
}

export const noEdits: HeaderEdits = { remove: [], set: [], add: [] };

/** As settings that say nothing of it have it. */
export const eject: Eject = {
  failures: 5,
  rate: 0.5,
  window: 30_000,
  base: 10_000,
  most: 300_000,
  share: 0.8,
  slowStart: 30_000,
  statuses: new Set([502, 503, 504]),
};

export const compressing: Compressing = {
  enabled: true,
  codings: undefined,
  levels: { zstd: "best", br: "best", gzip: "best" },
  store: true,
};

export const compression: Compression = {
  ...compressing,
  minimum: 1024,
  types: ["text/*", "application/json"],
  budget: 5,
  after: 1,
  largest: 4 << 20,
};

const config: Config = {
  version: "test",
  settings: {
    name: "perigee",
    trail: false,
    localVisitors: false,
    log: "all",
    limits: { url: 16_384, fields: 80, field: 8192, fieldBytes: 32_768 },
    group: 64,
    fieldNames: "plain",
    methodOverrides: false,
    challenge: {
      clearance: 3_600_000,
      work: 1_000,
      wait: 5_000,
      spare: ["preflights", "verified", "feeds", "assets", "api"],
    },
    verify: { signatures: true, ranges: false, identities: new Map(Object.entries(identities)) },
    timeout: 30_000,
    tries: 3,
    eject,
    subrequests: 50,
    memory: 0,
    targets: ["cdn-cache-control"],
    compress: { ...compression, types: ["text/*"] },
    purge: { refresh: 10_000, showTags: false },
  },
  sites: { exact: new Map(), wildcard: new Map(), any: undefined },
  origins: [origin("frankfurt"), origin("virginia")],
  rules: [],
  experiments: [],
  bots: defaultBots,
};

/** The platform's edge with this config over an empty one, and these ports over its own. */
export function edgeWith(changes: Partial<Config> = {}, ports: Partial<Edge> = {}): Edge {
  return { ...createEdge({ ...config, ...changes }, {}), ...ports };
}

/** A request as it comes from the platform; `target` is a path on www.example.com, or a URL. */
export function arrive(target = "/", init: RequestInit = {}): Visit {
  return arriver(edgeWith())(new Request(new URL(target, "https://www.example.com"), init))!;
}

export function sited(target?: string, init?: RequestInit): Sited {
  return { ...arrive(target, init), site: site("www", "www.example.com") };
}

/** Let in by these rules. */
export function clean(target: string, ...rules: Rule[]): Enrolled {
  return { ...sited(target), ...person, rules, dues: [], experiments: [] };
}

/** What is known of somebody who looks like one, and has no score. */
export const person: Pick<Identified, "bot" | "kind" | "proof" | "score"> = {
  bot: "",
  kind: "person",
  proof: "none",
  score: { total: () => 0, weights: () => [], add: () => {}, wasAsked: () => false },
};

/** The decisions on a trail: "scrub clean". */
export function decisions({ trail }: Visit): readonly string[] {
  return trail.steps.map(({ room, decision }) => `${room} ${decision}`);
}
