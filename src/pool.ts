/** A pool of origins, laid out so that a choice among thousands is a matter of microseconds. Plain data, but for the finders. */
import type { Origin } from "./config/upstream.ts";
import type { Tree } from "./geo/tree.ts";
import { finderOf } from "./http/words.ts";
import type { OriginState } from "./origin-state.ts";

/** Those of a pool that have one priority, laid out so that thousands can be gone through in microseconds. */
export interface TierState {
  /** Without the drained ones. Never empty. */
  readonly origins: readonly Origin[];
  /** Those whose place is known, by their indices; undefined until they are looked for. */
  tree: Tree | undefined;
  /** The indices of all others. */
  readonly unplaced: readonly number[];
  /** Of each, its weight and those of all before it. */
  readonly weights: Float64Array;
  /** All weigh the same. */
  readonly isEven: boolean;
  /** By weight; undefined until somebody hashes. */
  hashed: readonly Hashed[] | undefined;
  /** Of those that were asked for; to look thousands up by their names takes longer. */
  readonly states: (OriginState | undefined)[];
  readonly outs: Outs;
  /** Visits that were given an origin in turn, or that could have got to know one; undefined before the first. */
  turn: number | undefined;
  /** The origin that was the nearest last. */
  leader: Origin | undefined;
  /** The index of one that is none of the nearest, and is known to be well: where to go when a whole region is in trouble. */
  refuge: number | undefined;
  /** The indices of those that were drawn last, to find one. */
  drawn: readonly number[];
}

/** Origins of one weight. */
export interface Hashed {
  readonly weight: number;
  readonly indices: Uint32Array;
  /** Of each one's name. */
  readonly hashes: Int32Array;
}

/** Who was found to be out, and is so whatever visit comes. Times are milliseconds since the epoch; 0: that isn't known. */
export interface Outs {
  /** {@link Fleet.ejections} then: it holds until that changes. */
  ejections: number;
  /** Of each origin, until when. */
  readonly origins: Float64Array;
  /** Of each node of the tree, until when all in it are; empty until there is one. */
  nodes: Float64Array;
}

/** The pool's origins by priority, those to be asked first in front, each in the order of the config. */
export function newTiers(pool: readonly Origin[]): readonly TierState[] {
  const byPriority = Map.groupBy(
    pool.filter(({ drain }) => !drain),
    ({ priority }) => priority,
  );
  return [...byPriority].toSorted(([one], [other]) => one - other).map(([, origins]) => newTier(origins));
}

function newTier(origins: readonly Origin[]): TierState {
  let sum = 0;
  return {
    origins,
    tree: undefined,
    unplaced: [...origins.keys()].filter((index) => origins[index]!.at === undefined),
    weights: Float64Array.from(origins, ({ weight }) => (sum += weight)),
    isEven: origins.every(({ weight }) => weight === origins[0]!.weight),
    hashed: undefined,
    states: Array.from({ length: origins.length }),
    outs: { ejections: 0, origins: new Float64Array(origins.length), nodes: new Float64Array() },
    turn: undefined,
    leader: undefined,
    refuge: undefined,
    drawn: [],
  };
}

/** Where the origins of a pool are. */
export interface Addresses {
  /** Host and port → base paths of the origins there, the longest first, so that the closest one counts. */
  readonly bases: ReadonlyMap<string, readonly string[]>;
  /** The base path of each, by its name. */
  readonly baseOf: ReadonlyMap<string, string>;
  /** Whether one of those hosts is in the text, by itself or in an address. */
  readonly isNamedIn: (text: string) => boolean;
}

/** Laid out so that looking for one takes no longer for thousands. */
export function newAddresses(pool: readonly Origin[]): Addresses {
  const byHost = Map.groupBy(pool, ({ url }) => url.host);
  const basesOf = (origins: readonly Origin[]): readonly string[] =>
    [...new Set(origins.map(({ base }) => base))].toSorted((one, other) => other.length - one.length);
  return {
    bases: new Map([...byHost].map(([host, origins]) => [host, basesOf(origins)])),
    baseOf: new Map(pool.map(({ name, base }) => [name, base])),
    isNamedIn: finderOf([...byHost.keys()]),
  };
}
