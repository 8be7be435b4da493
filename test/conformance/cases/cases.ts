/** The project's own cases, written from RFC 9110, 9111, 5861, 9211 and 9213. */
import type { Suite } from "../case.ts";
import { age } from "./age.ts";
import { freshness, heuristics } from "./freshness.ts";
import { invalidation } from "./invalidation.ts";
import { ranges } from "./ranges.ts";
import { stale, targeted } from "./stale.ts";
import { cacheStatus } from "./status.ts";
import { authenticated, noCache, storing } from "./storing.ts";
import { conditional, head, requests, update304, validation } from "./validation.ts";
import { vary } from "./vary.ts";

export const suites: readonly Suite[] = [
  freshness,
  heuristics,
  age,
  storing,
  authenticated,
  noCache,
  validation,
  update304,
  conditional,
  head,
  vary,
  ranges,
  requests,
  invalidation,
  stale,
  targeted,
  cacheStatus,
];
