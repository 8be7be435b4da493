/** Origins, and one who asks for them, with a state of one's own: what policies are told, without an edge. */
import type { Origin } from "../../../src/config/upstream.ts";
import { newOriginState, type OriginState } from "../../../src/origin-state.ts";
import { newTiers, type TierState } from "../../../src/pool.ts";
import type { Asker, Ranked } from "../../../src/origin/choose/policy.ts";
import { plainOrigin } from "../../harness/rooms.ts";

export function originWith(name: string, parts: Partial<Origin> = {}): Origin {
  return { ...plainOrigin, name, url: new URL("http://origin.example"), ...parts };
}

/** That many: "o0", "o1" and so on. */
export function origins(count: number, parts: (index: number) => Partial<Origin> = () => ({})): Origin[] {
  return Array.from({ length: count }, (_, index) => originWith(`o${index}`, parts(index)));
}

/** All of them in one tier. */
export function tierOf(pool: readonly Origin[]): TierState {
  const [tier, ...others] = newTiers(pool);
  if (!tier || others.length > 0) throw new Error("not one tier");
  return tier;
}

/** Of origins, by name. */
export function states(): (origin: Origin) => OriginState {
  const byName = new Map<string, OriginState>();
  return ({ name }) => {
    const state = byName.get(name) ?? newOriginState();
    byName.set(name, state);
    return state;
  };
}

/** Who asks from nowhere, wants all, and whom chance never moves, unless said otherwise. */
export function asker(parts: Partial<Asker> = {}): Asker {
  return {
    client: { ip: "192.0.2.1" },
    key: () => "192.0.2.1",
    mayExplore: true,
    wanted: 10,
    now: 0,
    random: () => 0.999,
    state: states(),
    admits: () => true,
    outUntil: () => 0,
    ejections: 0,
    isOut: () => false,
    ...parts,
  };
}

/** Chance that is the same in every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function namesOf(ranked: readonly Ranked[]): string {
  return ranked.map(({ origin }) => origin.name).join(" ");
}

/** How often each came first in so many choices. */
export function shares(times: number, choose: (time: number) => readonly Ranked[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let time = 0; time < times; time++) {
    const { name } = choose(time)[0]!.origin;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
