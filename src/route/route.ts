/** Door of the route room: where the visit goes, or what it is told at once. */
import type { Compressing } from "../config/compress.ts";
import type { CachePolicy, Rule } from "../config/model.ts";
import type { Edge } from "../edge.ts";
import { dropCookies, takeCookie } from "../http/cookie.ts";
import { tokenOf } from "../trail.ts";
import { answered, go, type Clean, type Enrolled, type Finishing, type Routed, type Step } from "../visit.ts";
import { compressingOf } from "./compressing.ts";
import { editCookies } from "./cookies.ts";
import { answerDirectly } from "./direct.ts";
import { editionOf, withoutDates } from "./edition.ts";
import { imageOf } from "./image.ts";
import { poolOf } from "./pool.ts";
import { targetOf } from "./target.ts";
import { varyingOf } from "./varying.ts";
import { askForWhole } from "./whole.ts";

export { enrol, enrolAsAsked, recogniseTester } from "./experiments/enrol.ts";
export { remember } from "./experiments/remember.ts";

/**
 * The first `redirect` or `respond` among the matching rules answers. Otherwise their other parts are laid over the
 * site's in order, so that a later rule overrides an earlier one part by part, and header edits follow one another.
 */
export function route(visit: Enrolled, edge: Edge): Step<Routed> {
  const answer = answerDirectly(visit, edge.config.redirects);
  if (answer) return answered(answer);
  const { rules, site } = visit;
  const whole = { ...visit, ...askForWhole(visit, rules) };
  const ticketed = { ...whole, ...takeTickets(whole) };
  const shapes = rules.flatMap((rule) => rule.shapes ?? []);
  const edition = editionOf(visit, shapes);
  const edited = { ...ticketed, ...editCookies(ticketed, rules) };
  const { target, changes } = targetOf(visit);
  const { pool, dealt } = poolOf(visit);
  visit.trail.note("route", summary([...changes, ...choicesOf(rules), ...dealt]));
  return go({
    ...edited,
    ...(edition !== undefined && withoutDates(edited)),
    target,
    pool,
    balance: rules.findLast(({ balance }) => balance !== undefined)?.balance ?? site.balance,
    mirror: rules.findLast(({ mirror }) => mirror)?.mirror,
    image: edge.config.settings.images ? imageOf(visit, rules) : undefined,
    caching: cachingOf(rules, site.caching),
    requestEdits: rules.flatMap(({ headers }) => headers?.request ?? []),
    shapes,
    edition,
    finishing: {
      ...finishingOf(rules, edge.config.settings.compress),
      varying: varyingOf(visit, edge.config.rules),
    },
  });
}

/**
 * The cookie of a site whose clients stick to origins is the edge's own affair: no origin gets it, and no answer is another
 * one, or kept from others, because of it.
 */
function takeTickets({ site, fields }: Clean): Partial<Pick<Routed, "fields" | "tickets">> {
  const taken = site.sticky && takeCookie(fields.get("cookie") ?? "", site.sticky.cookie);
  if (!taken) return {};
  return { fields: dropCookies(fields.copy(), [site.sticky.cookie]), tickets: taken.values };
}

/** Each member of the policy by itself: a rule that sets `ttl` keeps an earlier one's `key`. */
function cachingOf(rules: readonly Rule[], policy: CachePolicy): CachePolicy {
  return rules.reduce((merged, { cache }) => (cache ? { ...merged, ...cache } : merged), policy);
}

function finishingOf(rules: readonly Rule[], settings: Compressing): Finishing {
  return {
    dictionary: rules.findLast(({ dictionary }) => dictionary)?.dictionary,
    edits: rules.flatMap(({ headers }) => headers?.response ?? []),
    statuses: rules.flatMap(({ status }) => (status ? [status] : [])),
    cookies: rules.flatMap(({ cookies }) => cookies?.set ?? []),
    security: rules.findLast(({ security }) => security)?.security ?? [],
    preload: rules.findLast(({ preload }) => preload)?.preload,
    compress: compressingOf(
      settings,
      rules.flatMap(({ compress }) => (compress ? [compress] : [])),
    ),
  };
}

/** Which rules choose origins and say how to cache, in words for the trail. */
function choicesOf(rules: readonly Rule[]): readonly string[] {
  const parts = ["origins", "balance", "mirror", "cache"] as const;
  return rules.flatMap((rule) => parts.filter((part) => rule[part]).map((part) => `${part}=${tokenOf(rule.name)}`));
}

/** "as-visited", or which rule changed what: "rewrite=old-paths;origins=europe". */
function summary(changes: readonly string[]): string {
  return changes.length === 0 ? "as-visited" : changes.join(";");
}
