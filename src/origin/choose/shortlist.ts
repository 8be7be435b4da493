/** Of many origins, the few that come into question. */
import type { Origin } from "../../config/upstream.ts";
import type { TierState } from "../../fleet.ts";
import type { Direction } from "../../geo/distance.ts";
import type { Asker } from "./policy.ts";

/** One that comes into question. */
export interface Contender {
  readonly origin: Origin;
  /** Cosine of the angle between it and the client; NaN when the place of one of them isn't known. */
  readonly closeness: number;
}

/**
 * The nearest to `here`, at most `size`, in order; those without a place last, what is equal in the order of the config.
 * One pass over plain numbers: an origin is looked at closer only when it is among the nearest so far.
 */
export function shortlist(tier: TierState, here: Direction | undefined, { size, admits }: Selection): Contender[] {
  const { origins, directions } = tier;
  const [x, y, z] = here ?? unplaced;
  const list: Contender[] = [];
  let farthest = nowhere;
  for (let index = 0, at = 0; index < origins.length; index++, at += 3) {
    const near = x * directions[at]! + y * directions[at + 1]! + z * directions[at + 2]!;
    if (list.length === size && !(near > farthest)) continue;
    const origin = origins[index]!;
    if (!admits(origin)) continue;
    if (list.length === size) list.pop();
    insert(list, { origin, closeness: near });
    farthest = rank(list.at(-1)!);
  }
  return list;
}

interface Selection extends Pick<Asker, "admits"> {
  readonly size: number;
}

const unplaced: Direction = [Number.NaN, Number.NaN, Number.NaN];

/** Below every cosine: farther than the other side of the Earth. */
const nowhere = -2;

function rank({ closeness: near }: Contender): number {
  return Number.isNaN(near) ? nowhere : near;
}

/** Behind all that are as near. */
function insert(list: Contender[], contender: Contender): void {
  let at = list.length;
  while (at > 0 && rank(list[at - 1]!) < rank(contender)) at--;
  list.splice(at, 0, contender);
}
