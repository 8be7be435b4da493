/** Asking the origins of a tier whether they are admitted, without going for each visit through thousands that are out. */
import type { Outs, TierState } from "../../fleet.ts";
import type { Asker } from "./policy.ts";

export interface Admission {
  /** Whether the origin of that index is admitted. May differ from call to call. */
  readonly takes: (index: number) => boolean;
  /** Whether none in that node of the tree is. */
  readonly isClosed: (node: number) => boolean;
}

/** As many that are left out are asked for each visit, so that the trail tells of them whatever is remembered. */
export const alwaysAsked = 3;

export function admission({ origins, tree, outs }: TierState, asker: Asker): Admission {
  const { admits, outUntil, now } = asker;
  if (outs.ejections !== asker.ejections) forget(outs, asker.ejections);
  let refused = 0;
  return {
    takes(index) {
      if (refused >= alwaysAsked && now < outs.origins[index]!) return false;
      const origin = origins[index]!;
      if (admits(origin)) return true;
      refused++;
      const until = outUntil(origin);
      if (until > outs.origins[index]!) remember({ index, until }, outs, tree);
      return false;
    },
    isClosed: (node) => refused >= alwaysAsked && now < outs.nodes[node]!,
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
