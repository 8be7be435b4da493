/** That what sites and rules say of origins leaves each site some, none outside the regions that it is kept to, and not too many. */
import type { Rule, Site } from "./model.ts";
import type { Problem } from "./problem.ts";
import { show } from "./read.ts";
import type { Origin } from "./upstream.ts";

/** Whether what the origin serves stays in these regions. One of no region is in none. */
export function isResident({ region }: Pick<Origin, "region">, regions: readonly string[]): boolean {
  return region !== undefined && regions.includes(region);
}

/** Where origins are chosen, and for which sites. */
interface Choice {
  readonly at: string;
  readonly origins: readonly Origin[];
  readonly sites: readonly Site[];
}

/** A rule, where it stands, and the sites it is for, by name; undefined: all. */
export interface Placed {
  readonly at: string;
  readonly rule: Rule;
  readonly sites: readonly string[] | undefined;
}

/** A site, where it stands, and what is written there. */
export type PlacedSite = readonly [at: string, site: Site, said: unknown];

/** Whether the rule may apply to visits of the site. */
export function isFor({ sites }: Placed, { name }: Site): boolean {
  return sites === undefined || sites.includes(name);
}

/** For every site, and every rule on every site that it is for. Conditions are not asked: a rule may apply whenever. */
export function findUnserved(sites: readonly PlacedSite[], rules: readonly Placed[]): Problem[] {
  const inRules = (listsOf: (rule: Rule) => readonly Named[]): Choice[] =>
    rules.flatMap((placed) => {
      const those = sites.map(([, site]) => site).filter((site) => isFor(placed, site));
      return listsOf(placed.rule).map(([field, origins]) => ({ at: `${placed.at}.${field}`, origins, sites: those }));
    });
  const ofSites = sites.map(([at, site]) => ({ at: `${at}.origins`, origins: site.origins, sites: [site] }));
  const outside = (choice: Choice): Problem[] => choice.sites.flatMap((site) => findOutside(choice, site));
  return [
    ...[...ofSites, ...inRules(originsOf)].flatMap((choice) => [...findNone(choice), ...outside(choice)]),
    ...inRules(({ mirror }) => (mirror ? [["mirror.to", mirror.to]] : [])).flatMap(outside),
    ...sites.flatMap(findTooMany),
  ];
}

/** To find whom a cookie stands for takes a keyed hash of each origin, once an isolate. */
const mostToStickTo = 1_000;

function findTooMany([at, { sticky, origins }]: PlacedSite): Problem[] {
  if (!sticky || origins.length <= mostToStickTo) return [];
  const says = `Clients can stick to one of at most ${mostToStickTo} origins, and the site has ${origins.length}.`;
  return [{ at: `${at}.sticky`, says }];
}

/** A list of origins, and the field that it is in. */
type Named = readonly [field: string, origins: readonly Origin[]];

/** All lists of a rule that visits go to. */
export function originsOf({ origins, split }: Rule): readonly Named[] {
  const arms = (split?.arms ?? []).map((arm, index) => [`split[${index}].origins`, arm.origins] as const);
  return [["origins", origins] as const, ...arms].flatMap(([field, list]) => (list ? [[field, list] as const] : []));
}

function findNone({ at, origins }: Choice): Problem[] {
  if (origins.some(({ drain }) => !drain)) return [];
  const why = origins.length === 0 ? "No origin is in its regions" : "All of these origins are drained";
  return [{ at, says: `${why}: there is none for new clients.` }];
}

function findOutside({ at, origins }: Choice, { name, regions }: Site): Problem[] {
  const outside = regions ? origins.filter((origin) => !isResident(origin, regions)) : [];
  return outside.map((origin) => ({
    at,
    says: `${show(origin.name)} is in ${origin.region === undefined ? "no region" : show(origin.region)}, and the site ${show(name)} is kept to ${regions!.map(show).join(", ")}.`,
  }));
}
