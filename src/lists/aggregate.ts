/** Prefixes in any mix → the fewest that cover the same addresses. */
import { compareAddresses, contains, type Prefix } from "../http/ip.ts";

/**
 * Disjoint and in ascending order: without those that lie in others, and with one in place of two halves.
 * @param prefixes all of one family.
 */
export function aggregate(prefixes: readonly Prefix[]): Prefix[] {
  const kept: Prefix[] = [];
  for (const prefix of prefixes.toSorted(byAddress)) {
    // Of two prefixes either one lies in the other, or they are disjoint; and the shorter one comes first.
    const last = kept.at(-1);
    if (last && contains(last, prefix.address)) continue;
    kept.push(prefix);
    joinHalves(kept);
  }
  return kept;
}

function byAddress(a: Prefix, b: Prefix): number {
  return compareAddresses(a.address, b.address) || a.length - b.length;
}

/** The last two become one as long as they are the two halves of it. */
function joinHalves(kept: Prefix[]): void {
  while (kept.length > 1) {
    const [left, right] = [kept.at(-2)!, kept.at(-1)!];
    const whole = { address: left.address, length: left.length - 1 };
    if (left.length !== right.length || !contains(whole, right.address)) return;
    kept.splice(-2, 2, whole);
  }
}
