/** Asking the origins of a tier whether they are admitted, without going for each visit through thousands that are out. */
import type { OriginState } from "../../origin-state.ts";
import type { Outs, TierState } from "../../pool.ts";
import type { Asker } from "./policy.ts";

export interface Admission {
  readonly state: (index: number) => OriginState;
  /** Whether the origin of that index is admitted. May differ from call to call. */
  readonly takes: (index: number) => boolean;
  /** Whether it is known to be out, and needn't be asked. */
  readonly isOut: (index: number) => boolean;
  /** Whether all in that node of the tree are. */
  readonly isClosed: (node: number) => boolean;
  /** Whether the origin of that index is out, be it remembered or not. */
  readonly isOutOfUse: (index: number) => boolean;
}

/** As many that are left out are asked for each visit, so that the trail tells of them whatever is remembered. */
export const alwaysAsked = 3;

export function admission(tier: TierState, asker: Asker): Admission {
  const { origins, outs, states } = tier;
  const { admits, outUntil, now } = asker;
  const state = (index: number): OriginState => (states[index] ??= asker.state(origins[index]!));
  if (outs.ejections !== asker.ejections) forget(outs, asker.ejections);
  let refused = 0;
  const isOut = (index: number): boolean => refused >= alwaysAsked && now < outs.origins[index]!;
  return {
    state,
    takes(index) {
      if (isOut(index)) return false;
      const origin = origins[index]!;
      if (admits(origin, state(index))) return true;
      refused++;
      const until = outUntil(origin, state(index));
      if (until > outs.origins[index]!) remember({ index, until }, outs, tier.tree);
      return false;
    },
    isOut,
    isClosed: (node) => refused >= alwaysAsked && now < outs.nodes[node]!,
    isOutOfUse: (index) => now < outs.origins[index]! || asker.isOut(origins[index]!),
  };
}

function forget(outs: Outs, ejections: number): void {
  outs.ejections = ejections;
  outs.origins.fill(0);
  outs.nodes.fill(0);
}

/** A node is closed as long as all of its origins, or both of its halves, are. */
function remember({ index, until }: Out, { origins, nodes }: Outs, tree: TierState["tree"]): void {
  origins[index] = until;
  if (!tree) return;
  const { homes, leaves, starts, indices } = tree;
  let node = homes[index]!;
  if (node === 0) return;
  const inLeaf = indices.subarray(starts[node - leaves], starts[node - leaves + 1]);
  let all = inLeaf.reduce((first, each) => Math.min(first, origins[each]!), until);
  for (; all > nodes[node]!; node >>>= 1) {
    nodes[node] = all;
    all = Math.min(all, nodes[node ^ 1]!);
  }
}

interface Out {
  readonly index: number;
  readonly until: number;
}
