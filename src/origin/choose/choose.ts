/** In which order the origins of a pool are asked. */
import type { Balance, Origin, PolicyName } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import { EdgeError } from "../../error.ts";
import type { TierState } from "../../pool.ts";
import type { Planned } from "../../visit.ts";
import { isFull } from "../health/gate.ts";
import { usable, type Knowing, type WhyNot } from "../health/usable.ts";
import { canAffordTrial } from "../ask/retries.ts";
import { keepYoung } from "../health/view.ts";
import { alwaysAsked } from "./admission.ts";
import { fastest } from "./fastest.ts";
import { first } from "./first.ts";
import { hash } from "./hash.ts";
import { leastConnections } from "./least-connections.ts";
import { leastTraffic } from "./least-traffic.ts";
import { nearest } from "./nearest.ts";
import { findPlace } from "./place.ts";
import type { Asker, Policy, Ranked } from "./policy.ts";
import { roundRobin } from "./round-robin.ts";
import { stickyOrigin } from "./sticky.ts";
import { twoChoices } from "./two-choices.ts";
import { weighted } from "./weighted.ts";

export interface Ranking {
  /** As many as may be asked for one visit, or all where there are fewer; the best first, none twice. Never empty. */
  readonly origins: readonly Origin[];
}

const policies: Readonly<Record<PolicyName, Policy>> = {
  nearest,
  fastest,
  "round-robin": roundRobin,
  weighted,
  "least-connections": leastConnections,
  "least-traffic": leastTraffic,
  "two-choices": twoChoices,
  hash,
  first: (tier, asker) => first(tier, asker),
};

/**
 * The origins to be asked for the visit, in order: the one that its client sticks to, then as the policy says.
 * @throws EdgeError "no-origin-in-region" when the site is kept to regions and no origin is in one of them.
 */
export async function choose(visit: Planned, edge: Edge): Promise<Ranking> {
  const resident = residency(visit);
  const kept = await stickyOrigin(visit, edge);
  keepYoung(visit.client, edge);
  const leftOut = new Map<string, Refusal>();
  const asker = askerOf(visit, edge, leftOut);
  // Its own clients come back to it at once.
  const sticky =
    kept && (asker.admits(kept, asker.state(kept)) || leftOut.get(kept.name) === "returning") ? kept : undefined;
  const ranked = rank(edge.fleet.tiers(visit.pool), visit.balance, asker);
  note(visit, { ranked, sticky, leftOut, isOut: asker.isOut });
  const policy = ranked.map(({ origin }) => origin).filter((origin) => origin !== sticky);
  const origins = (sticky ? [sticky, ...policy] : policy).filter(resident).slice(0, asker.wanted);
  if (origins.length === 0) {
    throw new EdgeError("edge", "no-origin-in-region", `no origin of ${visit.site.name} is in its regions`);
  }
  return { origins };
}

/**
 * The origins by the policy, tier by tier: a backup comes after all of the tiers before it. Those that are not admitted come
 * last of all, those that are out after those that are full: better asked than nobody. When none is admitted, the policy
 * ranks those that are full, and when all are out, those.
 */
export function rank(tiers: readonly TierState[], balance: Balance, asker: Asker): readonly Ranked[] {
  const { admits, isOut, wanted } = asker;
  const aside: Origin[] = [];
  const admitting: readonly Asker["admits"][] = [admits, (origin) => !isOut(origin), () => true];
  for (const admitted of admitting) {
    const noting: Asker["admits"] = (origin, state) => admitted(origin, state) || (aside.push(origin), false);
    const ranked = rankTiers(tiers, balance, { ...asker, admits: noting });
    if (ranked.length === 0) continue;
    if (ranked.length >= wanted) return ranked;
    // Who is known to be out wasn't asked, and isn't aside.
    const others = new Set([...aside, ...tiers.flatMap(({ origins }) => origins)]);
    for (const { origin } of ranked) others.delete(origin);
    const last = [...others].toSorted((one, other) => Number(isOut(one)) - Number(isOut(other)));
    return [...ranked, ...last.map((origin) => ({ origin }))].slice(0, wanted);
  }
  return [];
}

function rankTiers(tiers: readonly TierState[], balance: Balance, asker: Asker): readonly Ranked[] {
  const policy = policies[typeof balance === "string" ? balance : balance.by];
  const ranked: Ranked[] = [];
  for (const tier of tiers) {
    const wanted = asker.wanted - ranked.length;
    if (wanted > 0) ranked.push(...policy(tier, ranked.length === 0 ? asker : { ...asker, wanted }));
  }
  return ranked;
}

/** Why an origin doesn't take the visit. */
type Refusal = WhyNot | "full";

/** @param leftOut gets those that aren't admitted. */
export function askerOf(visit: Planned, edge: Knowing, leftOut: Map<string, Refusal>): Asker {
  const { client, method, balance } = visit;
  const state = ({ name }: Origin) => edge.fleet.origin(name);
  const key = (): string => (typeof balance === "string" ? "" : balance.key(visit)) || client.ip;
  const isSafe = method === "GET" || method === "HEAD";
  const mayExplore = isSafe && canAffordTrial(edge.fleet.site(visit.site.name), visit.site.asking.retry, edge.now());
  const { whyNot, outUntil } = usable({ pool: visit.pool, mayTry: mayExplore }, edge);
  const now = edge.now();
  return {
    client,
    key,
    mayExplore,
    wanted: visit.site.asking.retry.tries,
    now,
    random: edge.random,
    state,
    admits(origin, known) {
      const why = whyNot(origin, known) ?? (isFull(origin, known, now) ? "full" : undefined);
      if (why) leftOut.set(origin.name, why);
      return why === undefined;
    },
    outUntil,
    ejections: edge.fleet.ejections,
    isOut: (origin) => out.has(leftOut.get(origin.name) ?? whyNot(origin, state(origin))),
  };
}

const out: ReadonlySet<Refusal | undefined> = new Set<Refusal>(["ejected", "down", "silent", "trial"]);

/** The config is checked for this when it is loaded; here it is made sure of. */
export function residency({ site: { regions } }: Planned): (origin: Origin) => boolean {
  return ({ region }) => regions === undefined || (region !== undefined && regions.includes(region));
}

/** As many scores are told. */
const mostTold = 3;

interface Chosen {
  readonly ranked: readonly Ranked[];
  readonly sticky: Origin | undefined;
  readonly leftOut: ReadonlyMap<string, Refusal>;
  readonly isOut: Asker["isOut"];
}

/** What the order follows from, the scores of those in front, and who was left out. */
function note({ trail, balance, client }: Planned, { ranked, sticky, leftOut, isOut }: Chosen): void {
  const policy = typeof balance === "string" ? balance : balance.by;
  const by = policy === "nearest" ? (findPlace(client)?.from ?? "default") : policy;
  trail.note("origin", `by-${sticky ? "cookie" : by}`);
  for (const { origin, score, parts } of ranked.slice(0, mostTold)) {
    if (score === undefined) continue;
    const told = Object.entries(parts ?? {}).map(([name, value]) => `,${name}:${short(value)}`);
    trail.note("origin", `score:${origin.name}=${short(score)}${told.join("")}`);
  }
  for (const [name, why] of [...leftOut].slice(0, alwaysAsked)) trail.note("origin", `out:${name}=${why}`);
  const [best] = ranked;
  if (best && (leftOut.has(best.origin.name) || isOut(best.origin))) trail.note("origin", "none-usable");
}

/** Three digits tell enough. */
function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
