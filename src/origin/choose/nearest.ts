/** By the time an origin is expected to take: at first from its distance, then from what was measured. */
import type { Origin } from "../../config/upstream.ts";
import { directionOf, kilometres } from "../../geo/distance.ts";
import type { Latency, OriginState, TierState } from "../../fleet.ts";
import { silence } from "../health/silence.ts";
import { mayHavePassed, trustIn, zoneOf } from "../latency.ts";
import { admission, type Admission } from "./admission.ts";
import { byChance, draw } from "./draw.ts";
import { isTurn } from "./explore.ts";
import { findPlace } from "./place.ts";
import { byScore, type Asker, type Ranked } from "./policy.ts";
import { shortlist, type Contender } from "./shortlist.ts";

/** As many of the nearest by distance compete: time decides among these, and farther ones aren't looked at. */
const contenders = 8;

/**
 * Milliseconds there and back for each 1,000 km: light in glass takes 10 (200 km a millisecond), and cables make detours.
 */
const perThousandKilometres = 15;

/** The other side of the Earth: for an origin whose place isn't known, when the client's is. */
const farAway = 20_015;

/**
 * How much better another must be to take the place of the one that was the nearest last: by this share and these
 * milliseconds. Two that are about as good then don't take turns, each with cold connections.
 */
const lead = { share: 0.05, ms: 2 };

/**
 * One of which nothing is heard while it is asked is expected to take as long, divided by this: long before it is known to
 * have failed, the next one looks better, and an answer that takes a little longer changes nothing.
 */
const patience = 4;

/** As many tries are for the nearest; one that comes after these may go anywhere. */
const near = 2;

/** One visit in as many goes to an origin of which nothing is known but that it might be better. */
const explored = 16;

export function nearest(tier: TierState, asker: Asker): readonly Ranked[] {
  const { wanted, random } = asker;
  const place = findPlace(asker.client);
  const here = place && directionOf(place.position);
  const admitted = admission(tier, asker);
  const list = shortlist(tier, admitted, { here, size: Math.max(contenders, wanted) });
  const zone = zoneOf(place?.position);
  const ranked = order(
    tier,
    list.map((each) => estimate(each, asker.now, { zone, isPlaced: place !== undefined })),
  );
  tier.leader = ranked[0]?.origin;
  const first = explore(ranked, tier, asker).slice(0, wanted);
  return elsewhere(first.map(toRanked), tier, { wanted, random, takes: admitted.takes });
}

/** What is known of a contender's time, in milliseconds. */
interface Estimate {
  readonly origin: Origin;
  readonly state: OriginState;
  /** From distance alone: there and back at the speed of light in cables. */
  readonly distance: number;
  readonly usual: Latency;
  /** From 0 to 1: how much the measured time counts. */
  readonly trust: number;
  /** How long nothing was heard of it while it was asked. */
  readonly silent: number;
  /** The least that was measured of any. */
  work: number;
  /** From distance and that work. */
  hoped: number;
  /** What it is expected to take because nothing is heard of it; 0 when it is heard, or silent for too short a time. */
  late: number;
  /** What it is given as the one that was the nearest last. */
  lead: number;
  score: number;
}

interface From {
  readonly zone: number;
  readonly isPlaced: boolean;
}

function estimate({ origin, state, closeness }: Contender, now: number, { zone, isPlaced }: From): Estimate {
  const { usual: usuals, unheard } = state;
  const usual = usuals[zone]!;
  const far = closeness === undefined ? farAway : kilometres(closeness);
  const distance = isPlaced ? (far / 1000) * perThousandKilometres : 0;
  return {
    origin,
    state,
    distance,
    usual,
    trust: trustIn(usual, now),
    silent: silence(unheard, now),
    work: 0,
    hoped: distance,
    late: 0,
    lead: 0,
    score: 0,
  };
}

/**
 * An origin's work takes time too, which distance doesn't tell: the least that was measured beyond distance is added where
 * nothing was measured, or those that nobody asked would always look better.
 */
function order({ leader }: TierState, estimates: readonly Estimate[]): readonly Estimate[] {
  const work = leastWork(estimates);
  for (const each of estimates) {
    const { distance, usual, trust, silent } = each;
    each.hoped = distance + work;
    each.work = work;
    const heard = trust > 0 ? trust * usual.mean! + (1 - trust) * each.hoped : each.hoped;
    const expected = Math.max(heard, silent / patience);
    each.late = expected > heard ? expected : 0;
    each.lead = each.origin === leader ? expected * lead.share + lead.ms : 0;
    each.score = expected - each.lead;
  }
  return estimates.toSorted(byScore);
}

function leastWork(estimates: readonly Estimate[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { trust, usual, distance } of estimates) if (trust > 0) least = Math.min(least, usual.mean! - distance);
  return least === Number.POSITIVE_INFINITY ? 0 : Math.max(0, least);
}

/** With what its score comes from. */
function toRanked({ origin, score, distance, usual, trust, work, late, lead: ahead }: Estimate): Ranked {
  const parts = {
    distance,
    ...(work > 0 && trust < 1 && { work }),
    ...(trust > 0 && { measured: usual.mean!, trust }),
    ...(late > 0 && { silent: late }),
    ...(ahead > 0 && { lead: -ahead }),
  };
  return { origin, score, parts };
}

/**
 * Puts one in front, now and then, of which nothing is known but that it might be better: it isn't too far away for that, and
 * either it was never measured, or it was in trouble then. Only for visits that can be repeated elsewhere, and one at a time.
 */
function explore(ranked: readonly Estimate[], tier: TierState, { mayExplore, now }: Asker): readonly Estimate[] {
  const [first] = ranked;
  if (!first || !mayExplore || first.trust === 0) return ranked;
  const best = first.usual.mean!;
  const mayBeBetter = ({ trust, distance, hoped, usual }: Estimate): boolean =>
    trust === 0 ? distance < best : hoped < best && mayHavePassed(usual, hoped, now);
  const found = ranked.find((each) => each !== first && mayBeBetter(each) && each.state.inFlight === 0);
  if (!found || !isTurn(tier, explored)) return ranked;
  return [found, ...ranked.filter((each) => each !== found)];
}

type Elsewhere = Pick<Asker, "wanted" | "random"> & Pick<Admission, "takes">;

/** What befalls a region befalls all that are near: where there are others, the last try is for one of them. */
function elsewhere(ranked: readonly Ranked[], tier: TierState, drawing: Elsewhere): readonly Ranked[] {
  const { wanted, random, takes } = drawing;
  if (wanted <= near || ranked.length < wanted || tier.origins.length <= wanted) return ranked;
  const first = ranked.slice(0, -1);
  const isOther = (index: number): boolean => first.every(({ origin }) => origin !== tier.origins[index]);
  const anyOther = { takes: (index: number) => isOther(index) && takes(index) };
  const [other] = draw(tier, anyOther, { count: 1, place: byChance(tier, random) });
  return other === undefined ? ranked : [...first, { origin: tier.origins[other]! }];
}
