/** How long each of some origins is expected to take, and what that comes from. */
import type { Latency } from "../../origin-state.ts";
import type { TierState } from "../../pool.ts";
import { kilometres } from "../../geo/distance.ts";
import { patienceWith, silence } from "../health/silence.ts";
import { isUp } from "../health/view.ts";
import { trustIn } from "../latency.ts";
import { byScore, type Ranked } from "./policy.ts";
import type { Contender } from "./shortlist.ts";

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

/** What is known of a contender's time, in milliseconds. */
export interface Estimate extends Pick<Contender, "index" | "origin" | "state"> {
  /** From distance alone: there and back at the speed of light in cables. */
  readonly distance: number;
  readonly usual: Latency;
  /** From 0 to 1: how much the measured time counts. */
  readonly trust: number;
  /** What it is expected to take because nothing is heard of it while it is asked. */
  readonly silent: number;
  /** What it is expected to take at least because nobody has heard of it lately, though it is asked, or has failed. */
  readonly doubt: number;
  /** The least that was measured of any. */
  work: number;
  /** From distance and that work. */
  hoped: number;
  /** Which of the times before these decides, as the longest; undefined when neither does. */
  late: "silent" | "doubt" | undefined;
  /** What it is given as the one that was the nearest last. */
  lead: number;
  score: number;
}

interface From {
  readonly zone: number;
  readonly isPlaced: boolean;
  /** Others as near are out. */
  readonly isTroubled: boolean;
}

export function estimate({ index, origin, state, closeness }: Contender, now: number, from: From): Estimate {
  const usual = state.usual[from.zone]!;
  const far = closeness === undefined ? farAway : kilometres(closeness);
  const distance = from.isPlaced ? (far / 1000) * perThousandKilometres : 0;
  const trust = trustIn(usual, now);
  return {
    index,
    origin,
    state,
    distance,
    usual,
    trust,
    silent: silence(state.unheard, now) / patience,
    doubt: trust > 0 ? 0 : doubtOf({ origin, state }, now, from.isTroubled),
    work: 0,
    hoped: distance,
    late: undefined,
    lead: 0,
    score: 0,
  };
}

/** The first to ask an origin finds out for all whether it is there, and no crowd waits with it. */
function doubtOf({ origin, state }: Pick<Contender, "origin" | "state">, now: number, isTroubled: boolean): number {
  const { peak, inFlight, condition } = state;
  const isDoubtful = inFlight > 0 || condition.inRow > 0 || (isTroubled && !isProbedUp({ origin, state }, now));
  return isDoubtful && trustIn(peak, now) === 0 ? patienceWith(state) : 0;
}

function isProbedUp({ origin: { health }, state: { probed } }: Pick<Contender, "origin" | "state">, now: number) {
  return health !== undefined && probed !== undefined && isUp(probed, health, now);
}

/**
 * The best first. An origin's work takes time too, which distance doesn't tell: the least that was measured beyond distance is
 * added where nothing was measured, or those that nobody asked would always look better.
 * @param isTroubled where it isn't, and nothing is known of any, there is nothing to doubt one by.
 */
export function order({ leader }: TierState, estimates: readonly Estimate[], isTroubled: boolean): readonly Estimate[] {
  const least = leastWork(estimates);
  const work = Number.isFinite(least) ? Math.max(0, least) : 0;
  const isDoubted = isTroubled || Number.isFinite(least);
  for (const each of estimates) {
    const { distance, usual, trust, silent } = each;
    const doubt = isDoubted ? each.doubt : 0;
    each.hoped = distance + work;
    each.work = work;
    const heard = trust > 0 ? trust * usual.mean! + (1 - trust) * each.hoped : each.hoped;
    const expected = Math.max(heard, silent, doubt);
    each.late = expected === heard ? undefined : silent >= doubt ? "silent" : "doubt";
    each.lead = each.origin === leader ? expected * lead.share + lead.ms : 0;
    each.score = expected - each.lead;
  }
  return estimates.toSorted(byScore);
}

/** Infinity when nothing was measured. */
function leastWork(estimates: readonly Estimate[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { trust, usual, distance } of estimates) if (trust > 0) least = Math.min(least, usual.mean! - distance);
  return least;
}

/** With what its score comes from. */
export function toRanked(estimated: Estimate): Ranked {
  const { origin, score, distance, usual, trust, work, late, lead: ahead } = estimated;
  const parts = {
    distance,
    ...(work > 0 && trust < 1 && { work }),
    ...(trust > 0 && { measured: usual.mean!, trust }),
    ...(late && { [late]: estimated[late] }),
    ...(ahead > 0 && { lead: -ahead }),
  };
  return { origin, score, parts };
}
