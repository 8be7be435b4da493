/** One rule, as it is written → as requests need it. */
import type { Identified } from "../visit.ts";
import { partialPolicy } from "./complete.ts";
import { toCompressRule } from "./compress.ts";
import { toLimit } from "./limit.ts";
import type { HeaderEdits, Rule } from "./model.ts";
import { toShapes } from "./shaping.ts";
import { armName, type SplitInput } from "./schema/balance.ts";
import type { EditsInput, RuleInput } from "./schema/rule.ts";
import type { Origin, Split } from "./upstream.ts";

/** @param at where it stands, such as `RULES[2]`; without a name of its own it is called "RULES.2". */
export function toRule(input: RuleInput, at: string, origins: ReadonlyMap<string, Origin>): Rule {
  const { name, when, sites, block, limit, access, challenge, redirect, respond, rewrite, cache, headers, ...rest } =
    input;
  const shapes = toShapes(rest);
  const called = name ?? at.replace("[", ".").replace("]", "");
  return {
    name: called,
    when: conditionOf(when, sites),
    ...(block !== undefined && {
      block: typeof block === "number" ? { status: block, body: undefined } : { body: undefined, ...block },
    }),
    ...(rest.score !== undefined && { score: rest.score }),
    ...(rest.monitor && { monitor: true }),
    ...(limit && { limit: toLimit(limit, { name: called, monitor: rest.monitor === true }) }),
    ...(access && { access }),
    ...(challenge && { challenge }),
    ...(redirect !== undefined && { redirect: toRedirect(redirect) }),
    ...(respond && { respond }),
    ...(rewrite && { rewrite }),
    ...(rest.origins && { origins: rest.origins.map((origin) => origins.get(origin)!) }),
    ...(rest.balance !== undefined && { balance: rest.balance }),
    ...(rest.split && { split: toSplit(rest.split, origins) }),
    ...(rest.mirror && { mirror: { ...rest.mirror, to: rest.mirror.to.map((origin) => origins.get(origin)!) } }),
    ...(cache !== undefined && { cache: partialPolicy(cache) }),
    ...(rest.dictionary && { dictionary: rest.dictionary }),
    ...(headers && { headers: { request: toEdits(headers.request), response: toEdits(headers.response) } }),
    ...(rest.status && { status: rest.status }),
    ...(rest.cors && { cors: rest.cors }),
    ...(rest.cookies && { cookies: rest.cookies }),
    ...(shapes.length > 0 && { shapes }),
    ...(rest.preload && { preload: rest.preload }),
    ...(rest.security && { security: rest.security }),
    ...(rest.image && { image: rest.image }),
    ...(rest.compress !== undefined && { compress: toCompressRule(rest.compress) }),
  };
}

function toRedirect(input: NonNullable<RuleInput["redirect"]>): NonNullable<Rule["redirect"]> {
  const { to, status } = typeof input === "object" ? input : { to: input, status: 302 };
  return { to: typeof to === "string" ? () => to : to, status };
}

/** By the condition, on these sites. */
export function conditionOf(when: RuleInput["when"], sites: RuleInput["sites"]): Rule["when"] {
  if (!sites) return when ?? (() => true);
  const names = new Set(sites);
  const isHere = (visit: Identified): boolean => names.has(visit.site.name);
  const holds = (visit: Identified): boolean => isHere(visit) && (when === undefined || when(visit));
  const reads = when?.reads;
  return reads
    ? Object.assign(holds, { reads: (visit: Identified) => (isHere(visit) ? reads(visit) : undefined) })
    : holds;
}

function toSplit({ per, among }: SplitInput, origins: ReadonlyMap<string, Origin>): Split {
  return {
    per: per ?? (() => ""),
    arms: among.map(({ name, weight, origins: names }, index) => ({
      name: name ?? armName(index),
      weight,
      origins: names?.map((each) => origins.get(each)!),
    })),
  };
}

function toEdits<T>(input: EditsInput<T> | undefined): FieldEditsOf<T> {
  return {
    remove: input?.remove ?? [],
    ...(input?.rename && { rename: Object.entries(input.rename) }),
    set: Object.entries(input?.set ?? {}),
    add: Object.entries(input?.add ?? {}),
  };
}

/** With texts of that kind. */
interface FieldEditsOf<T> extends Pick<HeaderEdits, "remove" | "rename"> {
  readonly set: readonly (readonly [name: string, value: T])[];
  readonly add: readonly (readonly [name: string, value: T])[];
}
