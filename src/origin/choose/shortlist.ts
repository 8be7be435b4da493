/** Of many origins, the few that come into question. */
import type { Origin } from "../../config/upstream.ts";
import type { TierState } from "../../fleet.ts";
import type { Direction } from "../../geo/distance.ts";
import type { Asker } from "./policy.ts";

/** One that comes into question. */
export interface Contender {
  readonly origin: Origin;
  /** Cosine of the angle between it and the client; undefined when the place of one of them isn't known. */
  readonly closeness: number | undefined;
}

interface Selection extends Pick<Asker, "admits"> {
  readonly size: number;
}

/**
 * The nearest to `here`, at most `size`, in order, what is equal and of one place in the order of the config; then, in that
 * order too, those whose place isn't known, which are all when the client's isn't.
 */
export function shortlist(tier: TierState, here: Direction | undefined, selection: Selection): Contender[] {
  const { size, admits } = selection;
  const list = here ? nearestPlaced(tier, here, selection) : [];
  for (const origin of here ? tier.unplaced : tier.origins) {
    if (list.length >= size) break;
    if (admits(origin)) list.push({ origin, closeness: undefined });
  }
  return list;
}

interface Near extends Contender {
  readonly closeness: number;
  /** Its place in the config, by which those that are as near are ordered. */
  readonly index: number;
}

/**
 * From the client's latitude outwards, to the north and to the south, until no origin further on can be nearer than those
 * that were found: of ten thousand, some hundreds are looked at.
 */
function nearestPlaced({ origins, placed }: TierState, [x, y, z]: Direction, { size, admits }: Selection): Contender[] {
  const { indices, xs, ys, zs } = placed;
  const list: Near[] = [];
  let north = firstFrom(zs, z);
  let south = north - 1;
  let worst = Number.NEGATIVE_INFINITY;
  while (north < zs.length || south >= 0) {
    const above = north < zs.length ? zs[north]! - z : outside;
    const below = south >= 0 ? z - zs[south]! : outside;
    if (closest(Math.min(above, below)) < worst) break;
    const at = above <= below ? north++ : south--;
    const near = x * xs[at]! + y * ys[at]! + z * zs[at]!;
    if (near < worst) continue;
    const index = indices[at]!;
    const origin = origins[index]!;
    if (!admits(origin)) continue;
    insert(list, { origin, closeness: near, index });
    if (list.length > size) list.pop();
    if (list.length === size) worst = list.at(-1)!.closeness;
  }
  return list;
}

/** More than any two sines are apart. */
const outside = 3;

/** How close two directions can be that are so far apart along the axis: their chord is at least as long. */
function closest(apart: number): number {
  return 1 - (apart * apart) / 2;
}

/** Where those begin that lie at this sine of latitude, or north of it. */
function firstFrom(sines: Float64Array, sine: number): number {
  let [low, high] = [0, sines.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sines[middle]! < sine) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insert(list: Near[], one: Near): void {
  let at = list.length;
  while (at > 0 && isBefore(one, list[at - 1]!)) at--;
  list.splice(at, 0, one);
}

function isBefore(one: Near, other: Near): boolean {
  return one.closeness > other.closeness || (one.closeness === other.closeness && one.index < other.index);
}
