/** What clients do, and who is timed doing it. */
import type { Contestant } from "./contestant.ts";
import {
  cacheApi,
  constant,
  honoProxy,
  passThrough,
  perigee,
  perigeeFromCacheApi,
  perigeeFromMemory,
  perigeeGuarded,
} from "./contestants.ts";
import { objectFields, pathOf, rangeOf, type SizeName } from "./objects.ts";
import { nginx } from "./programs/nginx.ts";
import { varnish } from "./programs/varnish.ts";

export interface Scenario {
  readonly name: string;
  readonly path: (bytes: number) => string;
  /** Of the request, beside what a browser sends always. */
  readonly fields?: (bytes: number) => Readonly<Record<string, string>>;
  /** Each request is for another URL, which is cached from then on. Otherwise all are for one, which was asked for before. */
  readonly isUnique?: true;
  /** Whether every request reaches the origin, or none. */
  readonly asksOrigin: boolean;
  /** Of the answer: all of the object, {@link rangeOf} it, or nothing. */
  readonly status: 200 | 206 | 304;
  /** What the Cache-Status of those who send one must say. */
  readonly cacheStatus: RegExp;
  /** The contestant whom the others are compared with. */
  readonly against: Contestant;
  /** In the order of the table. */
  readonly entrants: readonly Entrant[];
}

export interface Entrant {
  readonly contestant: Contestant;
  /** All of them, when not given. */
  readonly sizes?: readonly SizeName[];
  /** How many times the other's CPU it is meant to use at most. */
  readonly target?: number;
}

const cacheable = (bytes: number): string => pathOf("cacheable", bytes);

const hit = { path: cacheable, asksOrigin: false, status: 200, cacheStatus: /;\s*hit\b/, against: cacheApi } as const;

const everyCache: readonly Entrant[] = [
  { contestant: cacheApi },
  { contestant: perigee },
  { contestant: nginx },
  { contestant: varnish },
];

const miss = {
  path: cacheable,
  isUnique: true,
  asksOrigin: true,
  status: 200,
  cacheStatus: /\bfwd=uri-miss\b.*;\s*stored\b/,
} as const;

export const scenarios: readonly Scenario[] = [
  {
    name: "pass",
    path: (bytes) => pathOf("uncacheable", bytes),
    asksOrigin: true,
    status: 200,
    cacheStatus: /\bfwd=(?!.*stored)/,
    against: passThrough,
    entrants: [
      { contestant: passThrough },
      { contestant: honoProxy },
      { contestant: perigee, target: 1.5 },
      { contestant: perigeeGuarded },
      { contestant: nginx },
      { contestant: varnish },
    ],
  },
  {
    ...hit,
    name: "hit",
    entrants: [
      { contestant: constant },
      { contestant: cacheApi },
      { contestant: perigeeFromMemory, sizes: ["1 KB", "100 KB"], target: 0.75 }, // longer ones it doesn't hold
      { contestant: perigeeFromCacheApi, target: 1.25 },
      { contestant: nginx },
      { contestant: varnish },
    ],
  },
  {
    ...hit,
    name: "304",
    fields: () => ({ "if-none-match": objectFields.etag }),
    status: 304,
    entrants: everyCache,
  },
  {
    ...hit,
    name: "range",
    fields: (bytes) => ({ range: `bytes=${rangeOf(bytes).first}-${rangeOf(bytes).last}` }),
    status: 206,
    entrants: everyCache,
  },
  { ...miss, name: "miss", against: cacheApi, entrants: everyCache },
  {
    ...miss,
    name: "guarded miss",
    against: passThrough,
    entrants: [
      { contestant: passThrough },
      { contestant: cacheApi },
      { contestant: perigee },
      { contestant: perigeeGuarded, target: 1.25 },
    ],
  },
];
