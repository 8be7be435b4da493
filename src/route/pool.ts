/** Which origins a visit may go to. */
import type { Arm, Origin, Split } from "../config/upstream.ts";
import { hashOf, partOf } from "../http/hash.ts";
import { tokenOf } from "../trail.ts";
import type { Clean } from "../visit.ts";

export interface Pooled {
  readonly pool: readonly Origin[];
  /** How visits were dealt out, in words for the trail. */
  readonly dealt: readonly string[];
}

/** The site's, unless a rule says others or deals visits out; the last word stands. */
export function poolOf(visit: Clean): Pooled {
  let pool = visit.site.origins;
  const dealt: string[] = [];
  for (const { name, origins, split } of visit.rules) {
    pool = origins ?? pool;
    if (!split) continue;
    const arm = armOf(visit, name, split);
    pool = arm.origins ?? pool;
    dealt.push(`split=${tokenOf(name)}:${arm.name}`);
  }
  return { pool, dealt };
}

/**
 * Always the same for the same client. The first arm has the beginning of the range, so that one who is in it stays there
 * when its share grows. By the rule's name, or those who are the first to get one novelty would get them all.
 */
function armOf(visit: Clean, name: string, { per, arms }: Split): Arm {
  const client = per(visit) || visit.client.ip;
  const sum = arms.reduce((weights, { weight }) => weights + weight, 0);
  let left = partOf(hashOf(`${name} ${client}`)) * sum;
  return arms.find(({ weight }) => (left -= weight) < 0) ?? arms.at(-1)!;
}
