/** By measured time alone, sensitive to peaks, and by what is under way: expected milliseconds until an answer begins. */
import { directionOf } from "../../geo/distance.ts";
import type { TierState } from "../../pool.ts";
import { trustIn } from "../latency.ts";
import { admission } from "./admission.ts";
import { isTurn } from "./explore.ts";
import { findPlace } from "./place.ts";
import { byScore, type Asker, type Ranked } from "./policy.ts";
import { shortlist, type Contender } from "./shortlist.ts";

/** As many of the nearest compete. */
const contenders = 64;

/** One visit in as many goes to an origin that isn't measured, while there is one. */
const explored = 8;

/** The peak average of the time to the first byte, times the requests under way and this one. */
export function fastest(tier: TierState, asker: Asker): readonly Ranked[] {
  const { client, wanted } = asker;
  const place = findPlace(client);
  const here = place && directionOf(place.position);
  const { list } = shortlist(tier, admission(tier, asker), { here, size: Math.max(contenders, wanted) });
  const measured = list.filter((each) => isMeasured(each, asker)).map(timed);
  const others: readonly Ranked[] = list.filter((each) => !isMeasured(each, asker)).map(({ origin }) => ({ origin }));
  const [next] = others;
  const goesFirst = next && measured.length > 0 && mayAsk(next, asker) && isTurn(tier, explored);
  const ranked = measured.toSorted(byScore);
  return (goesFirst ? [next, ...ranked, ...others.slice(1)] : [...ranked, ...others]).slice(0, wanted);
}

function isMeasured({ state }: Contender, { now }: Asker): boolean {
  return trustIn(state.peak, now) > 0;
}

function timed({ origin, state }: Contender): Ranked {
  const { peak, inFlight } = state;
  return { origin, score: peak.mean! * (inFlight + 1), parts: { peak: peak.mean!, inflight: inFlight } };
}

/** Only visits that can be repeated elsewhere, and one at a time. */
function mayAsk({ origin }: Ranked, { mayExplore, state }: Asker): boolean {
  return mayExplore && state(origin).inFlight === 0;
}
