/** By the time an origin is expected to take: at first from its distance, then from what was measured. */
import { directionOf, kilometres } from "../../geo/distance.ts";
import type { Origin } from "../../config/upstream.ts";
import type { Latency, OriginState, TierState } from "../../fleet.ts";
import { patienceWith, silence } from "../health/silence.ts";
import { mayHavePassed, trustIn, zoneOf } from "../latency.ts";
import { isTurn } from "./explore.ts";
import { findPlace } from "./place.ts";
import { byScore, type Asker, type Ranked } from "./policy.ts";
import { elsewhere, isRegionOut, withRefuge } from "./refuge.ts";
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

/** One visit in as many goes to an origin of which nothing is known but that it might be better; all that can afford it when a region is out. */
const explored = 16;

export function nearest(tier: TierState, asker: Asker): readonly Ranked[] {
  const place = findPlace(asker.client);
  const here = place && directionOf(place.position);
  const { wanted } = asker;
  const outs: Origin[] = [];
  const admits = (origin: Origin): boolean => asker.admits(origin) || (asker.isOut(origin) && outs.push(origin), false);
  const nearby = shortlist(tier, here, { size: Math.max(contenders, wanted), admits });
  const isTroubled = isRegionOut(outs, nearby, here);
  const list = withRefuge(nearby, tier, { here, admits });
  const from: From = { zone: zoneOf(place?.position), isPlaced: !!place, isTroubled };
  const known = list.map((each) => estimate(each, asker, from));
  const ranked = order(tier, known, isTroubled);
  tier.leader = ranked[0]?.origin;
  const isTurning = (): boolean => isTroubled || isTurn(tier, explored);
  return elsewhere(explore(ranked, asker, isTurning), tier, asker).slice(0, wanted);
}

/** What is known of a contender's time, in milliseconds. */
interface Estimate {
  readonly contender: Contender;
  /** From distance alone: there and back at the speed of light in cables. */
  readonly distance: number;
  readonly measured: number;
  /** From 0 to 1: how much the measured time counts. */
  readonly trust: number;
  readonly usual: Latency;
  /** How long nothing was heard of it while it was asked. */
  readonly silent: number;
  /** What it is expected to take at least because nobody has heard of it lately, though it is asked, or has failed. */
  readonly doubt: number;
}

interface From {
  readonly zone: number;
  readonly isPlaced: boolean;
  /** Others as near are out. */
  readonly isTroubled: boolean;
}

function estimate(contender: Contender, { state, now }: Asker, { zone, isPlaced, isTroubled }: From): Estimate {
  const known = state(contender.origin);
  const usual = known.usual[zone]!;
  const far = contender.closeness === undefined ? farAway : kilometres(contender.closeness);
  const distance = isPlaced ? (far / 1000) * perThousandKilometres : 0;
  return {
    contender,
    distance,
    usual,
    measured: usual.mean ?? 0,
    trust: trustIn(usual, now),
    silent: silence(known.unheard, now),
    doubt: doubtOf(known, now, isTroubled),
  };
}

/** The first to ask an origin finds out for all whether it is there, and no crowd waits with it. */
function doubtOf(state: OriginState, now: number, isTroubled: boolean): number {
  const { peak, inFlight, condition } = state;
  const isUnheard = trustIn(peak, now) === 0 && (isTroubled || inFlight > 0 || condition.inRow > 0);
  return isUnheard ? patienceWith(state) : 0;
}

interface Timed extends Ranked, Pick<Estimate, "distance" | "measured" | "trust" | "usual"> {
  /** From distance and the least work. */
  readonly hoped: number;
  readonly score: number;
}

/**
 * An origin's work takes time too, which distance doesn't tell: the least that was measured beyond distance is added where
 * nothing was measured, or those that nobody asked would always look better.
 */
function order({ leader }: TierState, estimates: readonly Estimate[], isTroubled: boolean): readonly Timed[] {
  const works = estimates.filter(({ trust }) => trust > 0).map(({ measured, distance }) => measured - distance);
  const work = works.length === 0 ? 0 : Math.max(0, Math.min(...works));
  const isDoubted = isTroubled || works.length > 0;
  return estimates
    .map(({ contender: { origin }, distance, measured, trust, usual, silent, doubt }) => {
      const hoped = distance + work;
      const likely = trust * measured + (1 - trust) * hoped;
      const expected = Math.max(likely, silent / patience, isDoubted ? doubt : 0);
      const score = origin === leader ? expected * (1 - lead.share) - lead.ms : expected;
      const parts = trust > 0 ? { distance, measured, trust } : { distance };
      return { origin, score, parts, distance, measured, trust, usual, hoped };
    })
    .toSorted(byScore);
}

/**
 * Puts one in front, now and then, of which nothing is known but that it might be better: it isn't too far away for that, and
 * either it was never measured, or it was in trouble then. Only for visits that can be repeated elsewhere, and one at a time.
 */
function explore(
  ranked: readonly Timed[],
  { mayExplore, state, now }: Asker,
  isTurning: () => boolean,
): readonly Timed[] {
  const [first] = ranked;
  if (!first || !mayExplore || first.trust === 0) return ranked;
  const mayBeBetter = ({ trust, distance, hoped, usual }: Timed): boolean =>
    trust === 0 ? distance < first.measured : hoped < first.measured && mayHavePassed(usual, hoped, now);
  const found = ranked.find((each) => each !== first && mayBeBetter(each) && state(each.origin).inFlight === 0);
  if (!found || !isTurning()) return ranked;
  return [found, ...ranked.filter((each) => each !== found)];
}
