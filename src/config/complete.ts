/** Defaults that depend on the rest of the config. The others stand in the schema, beside the field. */
import type { CachePolicy, KeyParts } from "./model.ts";
import type { KeyInput, PolicyInput } from "./schema/policy.ts";
import { trackingParameters } from "./tracking.ts";

/** Without a word in the config: a correct shared cache that does what the origin says. */
const defaultPolicy: CachePolicy = {
  bypass: false,
  ttl: undefined,
  staleWhileRevalidate: 0,
  staleIfError: 0,
  maxStale: 7 * 24 * 3600 * 1000,
  early: 1,
  maxBytes: 256 * 1024 ** 2,
  slice: 1024 ** 2,
  shield: false,
  storeSetCookie: false,
  key: { query: "all", sort: false, headers: [], cookies: [], country: false, device: false },
};

/** A site's policy: what it says, and the defaults for the rest. */
export function completePolicy(input: PolicyInput | undefined): CachePolicy {
  return { ...defaultPolicy, ...(input !== undefined && partialPolicy(input)) };
}

/** A rule's policy: only what it says, with `stale` taken apart. */
export function partialPolicy(input: PolicyInput): Partial<CachePolicy> {
  if (input === false) return { bypass: true };
  const { stale, early, maxSize, slice, key, ...rest } = input;
  return {
    ...(stale !== undefined && { staleWhileRevalidate: stale, staleIfError: stale }),
    ...(early !== undefined && { early: Number(early) }),
    ...(maxSize !== undefined && { maxBytes: maxSize }),
    ...(slice !== undefined && { slice: slice || 0 }),
    ...(key && { key: { ...key, query: queryPart(key.query) } }),
    ...rest,
  };
}

function queryPart(query: KeyInput["query"]): KeyParts["query"] {
  if (typeof query === "string") return query;
  if (query.only) return { only: query.only };
  return { except: (query.except ?? []).flatMap((name) => (name === "tracking" ? trackingParameters : [name])) };
}
