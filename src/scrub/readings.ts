/** A rule holds of a visit when it holds of one reading of its path: so no rule is got round by another spelling. */
import type { Rule } from "../config/model.ts";
import { withPath } from "../http/address.ts";
import type { Identified } from "../visit.ts";

/** The visit, and the same with each other reading of its path: of an ordinary one there is none. */
export function readingsOf<V extends Identified>(visit: V): readonly V[] {
  const { url } = visit;
  if (url.readings.length === 0) return [visit];
  return [visit, ...url.readings.map((path) => ({ ...visit, url: withPath(url, path) }))];
}

/** Whether the rule applies to one of the readings. */
export function applies({ when }: Rule, readings: readonly Identified[]): boolean {
  return readings.some((each) => when(each));
}
