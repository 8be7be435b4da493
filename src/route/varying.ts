/** On what of a visit it depends how the answer to it looks, by the rules and the cache's key. */
import type { KeyParts, Rule } from "../config/model.ts";
import type { Reading, Reads } from "../config/reads.ts";
import { deviceFields } from "../http/device.ts";
import type { Enrolled, Varying } from "../visit.ts";

/** Whether a rule changes the answer, or what the origin is asked for, whatever that is. */
const changing: readonly ((rule: Rule) => boolean)[] = [
  ({ headers }) =>
    headers !== undefined &&
    [headers.request, headers.response].some((edits) => Object.values(edits).some((each) => each.length > 0)),
  ({ status, cookies, security, preload, rewrite }) =>
    [status, cookies, security, preload, rewrite].some((each) => each !== undefined),
];

/** Of all rules, also of those that don't apply: for another visit to the same URL they may. */
export function varyingOf(visit: Enrolled, rules: readonly Rule[]): readonly Varying[] {
  const told = rules.filter(({ monitor }) => !monitor);
  const ofKeys = keysOf(visit, told).flatMap((key) => readsOfKey(key) ?? []);
  return [
    ...told.flatMap((rule) => varyingBy(visit, rule)),
    ...ofKeys.map((reads) => ({ ...reads, of: "any" as const })),
  ];
}

function varyingBy(visit: Enrolled, rule: Rule): readonly Varying[] {
  const { when, shapes = [] } = rule;
  const isAny = changing.some((does) => does(rule));
  if (!isAny && shapes.length === 0) return [];
  const condition = when.reads?.(visit);
  const asking = textsOf(visit, rule).filter(({ reads }) => reads);
  const mayApply = asking.length > 0 && (condition !== undefined || when(visit));
  const texts = mayApply ? asking.flatMap(({ reads }) => reads?.(visit) ?? []) : [];
  return [
    ...(condition ? [{ ...condition, of: isAny ? ("any" as const) : shapes }] : []),
    ...texts.map((reads) => ({ ...reads, of: "any" as const })),
  ];
}

/** What the rule has the origin asked for, and with. */
function textsOf({ url }: Enrolled, { rewrite, headers }: Rule): readonly Reading[] {
  const { set = [], add = [] } = headers?.request ?? {};
  const values = [...set, ...add].map(([, value]) => value);
  if (!rewrite || (rewrite.match && !rewrite.match(url.pathname))) return values;
  const { path, query } = rewrite;
  const ofQuery = typeof query === "object" ? query.set.map(([, value]) => value) : [query];
  return [...values, ...[path, ...ofQuery].filter((text) => text !== undefined)];
}

/** By which others who ask for the same URL may have their answers kept. A rule's takes the place of all before it, for those for whom it is. */
function keysOf(visit: Enrolled, rules: readonly Rule[]): readonly KeyParts[] {
  return rules.reduce<readonly KeyParts[]>(
    (keys, { when, cache }) => {
      if (!cache?.key) return keys;
      if (when.reads?.(visit)) return [...keys, cache.key];
      return when(visit) ? [cache.key] : keys;
    },
    [visit.site.caching.key],
  );
}

/** Undefined where it is the same for all who ask for one URL. */
function readsOfKey({ headers, cookies, country, device }: KeyParts): Reads | undefined {
  const fields = [...headers, ...(cookies.length > 0 ? ["Cookie"] : []), ...(device ? deviceFields : [])];
  return country || fields.length > 0 ? { fields, isPrivate: country } : undefined;
}
