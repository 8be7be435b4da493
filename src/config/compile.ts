/** What is written → the config that requests need, or all that is wrong. */
import * as v from "valibot";
import type { NamedKind } from "../bots/kinds.ts";
import { createBotTable, type BotTable } from "../bots/table.ts";
import { StoredList, type InStore } from "../lists/lists.ts";
import { createLanguage } from "../rules/rules.ts";
import { describe, expectation } from "./describe.ts";
import { findCrowded, toExperiment } from "./experiment.ts";
import { findKeyless } from "./keyless.ts";
import { defaultBots, identities } from "./identities.ts";
import { findIdle, findUnprovable } from "./idle.ts";
import { countedApart } from "./limit.ts";
import { compileLists } from "./list.ts";
import type { Config, Settings } from "./model.ts";
import { parse, parseAll } from "./parse.ts";
import type { Problem } from "./problem.ts";
import { compileRedirects } from "./redirect-tables.ts";
import { findIneffective } from "./ineffective.ts";
import { isTable, show, type NamedPiece, type Piece, type Raw } from "./read.ts";
import { findUnserved } from "./residency.ts";
import { findRepeated } from "./repeated.ts";
import { redirectsOfRules } from "./rule-redirects.ts";
import { toRule } from "./rule.ts";
import { botKind, botsSchema } from "./schema/bots.ts";
import { experimentSchema } from "./schema/experiment.ts";
import { originSchema } from "./schema/origin.ts";
import { redirectSchema } from "./schema/redirects.ts";
import { ruleSchema } from "./schema/rule.ts";
import { settingsSchema } from "./schema/settings.ts";
import { siteSchema } from "./schema/site.ts";
import { nameOf, toIndex, toOrigin, toSite } from "./site.ts";
import type { Balance } from "./upstream.ts";
import { versionOf } from "./version.ts";

export type Loaded =
  /** `stored`: what is in stores, which is empty until somebody reads it; `notes`: what works, and could be better. */
  | {
      readonly kind: "config";
      readonly config: Config;
      readonly stored: readonly InStore[];
      readonly notes: readonly Problem[];
    }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

/** The names of bindings that a config may refer to, by kind; a kind that is left out is not checked. */
export interface Bound {
  /** Rate limits. */
  readonly limiters?: readonly string[];
  /** What an origin can be asked by. */
  readonly fetchers?: readonly string[];
  readonly secrets?: readonly string[];
  /** KV namespaces and R2 buckets, in which lists may be. */
  readonly namespaces?: readonly string[];
  readonly buckets?: readonly string[];
}

/** @param bound see {@link loadConfig}. */
export function compile(raw: Raw, { limiters, fetchers, secrets, namespaces, buckets }: Bound = {}): Loaded {
  const problems = [...raw.problems];
  const lists = compileLists(raw.lists, { namespaces, buckets }, problems);
  const settings = compileSettings(raw.settings, problems);
  const bots = compileBots(raw.bots, settings?.verify.identities ?? new Map(), problems);
  const known = {
    language: createLanguage(lists, settings?.group),
    origins: namesOf(raw.origins),
    sites: [],
    limiters,
    fetchers,
    secrets,
  };
  const origins = parseAll(originSchema(known), raw.origins, problems);
  const sites = parseAll(siteSchema(known), raw.sites, problems);
  const siteNames = [...new Set([...namesOf(raw.sites), ...sites.map(({ value }) => nameOf(value))])];
  const rules = parseAll(ruleSchema({ ...known, sites: siteNames }), raw.rules, problems);
  const redirects = compileRedirects(parseAll(redirectSchema({ namespaces, buckets }), raw.redirects, problems), {
    hosts: sites.flatMap(({ value }) => value.hosts),
    rules: redirectsOfRules(rules, sites),
  });
  const experiments = parseAll(experimentSchema({ ...known, sites: siteNames }), raw.experiments, problems);
  problems.push(
    ...findMissing(raw),
    ...redirects.problems,
    ...findRepeated({ origins, sites, experiments }),
    ...findCrowded(experiments),
  );
  if (problems.length > 0 || !settings) return { kind: "problems", problems };

  const variants = experiments.flatMap(({ value }) => value.variants.map((variant) => ({ value: variant })));
  const isFollowed = [...sites, ...rules, ...variants].some(({ value }) => byWork.has(value.balance));
  const byName = new Map(origins.map(({ value }) => [value.name, toOrigin(value, isFollowed)]));
  const resolved = sites.map(({ value }) => toSite(value, { origins: byName, settings, bots }));
  const compiled = countedApart(rules.map(({ at, value }) => toRule(value, at, byName)));
  const placedSites = sites.map(({ at, written }, index) => [at, resolved[index]!, written] as const);
  const tried = experiments.map((one) => toExperiment(one, byName));
  const placedRules = [
    ...rules.map(({ at, value }, index) => ({ at, rule: compiled[index]!, sites: value.sites })),
    ...experiments.flatMap(({ at, value: { sites: on } }, index) =>
      tried[index]!.variants.map(({ rule }, nth) => ({ at: `${at}.variants[${nth}]`, rule, sites: on })),
    ),
  ];
  problems.push(...findUnserved(placedSites, placedRules), ...findIdle(placedSites, placedRules));
  problems.push(...findKeyless({ sites: placedSites, rules: placedRules, experiments }, secrets));
  problems.push(...findUnprovable(placedSites, settings.verify));
  if (problems.length > 0) return { kind: "problems", problems };
  return {
    kind: "config",
    stored: [...[...lists.values()].filter((list) => list instanceof StoredList), ...redirects.stored],
    notes: [...redirects.notes, ...findIneffective(placedRules, settings)],
    config: {
      version: versionOf(writtenIn(raw)),
      settings,
      sites: toIndex(resolved),
      origins: [...byName.values()],
      rules: compiled,
      ...(redirects.redirects && { redirects: redirects.redirects }),
      experiments: tried,
      bots,
    },
  };
}

/** Policies that look at what is under way. */
const byWork: ReadonlySet<unknown> = new Set<Balance>(["least-connections", "least-traffic", "two-choices"]);

/** All that is written, by its place. */
function writtenIn({ problems: _problems, ...pieces }: Raw): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.values(pieces)
      .flat()
      .map(({ at, value }) => [at, value]),
  );
}

/** The names that are written, also those of pieces with problems, so that one mistake makes one problem. */
function namesOf(pieces: readonly Piece[]): string[] {
  return pieces.flatMap(({ value }) => (isTable(value) && typeof value["name"] === "string" ? [value["name"]] : []));
}

/** The edge's own table, with what the config adds. */
function compileBots(
  pieces: readonly NamedPiece[],
  provable: Settings["verify"]["identities"],
  problems: Problem[],
): BotTable {
  if (pieces.length === 0 && [...provable.keys()].every((name) => Object.hasOwn(identities, name))) return defaultBots;
  const tokens: Partial<Record<NamedKind, readonly string[]>> = {};
  for (const { name, at, value } of pieces) {
    const kind = parse(botKind, { at, value: name }, problems);
    const more = parse(botsSchema, { at, value }, problems);
    if (kind && more) tokens[kind] = [...(tokens[kind] ?? []), ...more];
  }
  return createBotTable(tokens, provable);
}

function compileSettings(pieces: readonly NamedPiece[], problems: Problem[]): Settings | undefined {
  for (const [name, [, ...again]] of Map.groupBy(pieces, (piece) => piece.name)) {
    problems.push(...again.map(({ at }) => ({ at, says: `The setting ${show(name)} is set twice.` })));
  }
  const value = Object.fromEntries(pieces.map((piece) => [piece.name, piece.value]));
  const { success, output, issues } = v.safeParse(settingsSchema, value, { message: expectation });
  if (success) return output;
  const bindingOf = new Map(pieces.map(({ name, at }) => [name, at.split(/[.[]/)[0]!]));
  for (const issue of issues) {
    problems.push(...describe(issue, { at: bindingOf.get(String(issue.path?.[0].key)) ?? "SETTINGS", value }));
  }
  return undefined;
}

function findMissing(raw: Raw): Problem[] {
  const required = [
    { at: "ORIGINS", pieces: raw.origins, what: "origin" },
    { at: "SITES", pieces: raw.sites, what: "site" },
  ];
  return required
    .filter(({ at, pieces }) => pieces.length === 0 && !raw.problems.some((problem) => problem.at.startsWith(at)))
    .map(({ at, what }) => ({ at, says: `It is missing: at least one ${what} is needed.` }));
}
