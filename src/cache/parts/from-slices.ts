/** Answers out of slices. */
import { discard, refuse, type Answer, type CacheStatus } from "../../answer.ts";
import { contentRange, unsatisfiedRange } from "../../http/range.ts";
import type { Planned } from "../../visit.ts";
import type { Means } from "../forward.ts";
import { toHit } from "../hit.ts";
import type { Found } from "../lookup.ts";
import { hasAll, openSlice, sliceAt, type Opened, type Sliced } from "./slices.ts";
import { stitch } from "./stitch.ts";
import { wantedOf } from "./wanted.ts";

/** What Cache-Status says of an answer, and the time that its ttl counts from, in milliseconds since the epoch. */
type Status = CacheStatus & { readonly now: number };

/** How an answer out of slices comes about. */
export interface Slicing {
  readonly means: Means;
  readonly onlyCached?: boolean;
  readonly status: Status;
  /** The slice that came with the answer to the first question. */
  readonly begun?: Opened;
}

/** The answer stitched from slices; undefined when that isn't for slices, such as several ranges, or they hold no longer. */
export async function fromSlices(visit: Planned, found: Found, slicing: Slicing): Promise<Answer | undefined> {
  const { stored, key } = found;
  const { partial } = stored;
  if (partial?.kind !== "slices") return undefined;
  const { means, onlyCached, status } = slicing;
  const wanted = wantedOf(visit.fields, stored.fields, partial.total);
  if (!wanted) return undefined;
  if (!wanted.range) {
    discard(slicing.begun?.body);
    return unsatisfied(partial.total, status);
  }
  const sliced: Sliced = { visit, means, key, stored, slices: partial };
  const isKnown = hasAll(sliced, wanted.range);
  if (onlyCached && !isKnown) return undefined;
  const index = sliceAt(wanted.range.first, partial.size);
  const begun = await openFirst(sliced, index, slicing.begun);
  if (!begun) return undefined;
  const isSingle = index === sliceAt(wanted.range.last, partial.size);
  const body = stitch(sliced, wanted.range, begun);
  const cache = toldOf(status, { isHit: !begun.isFetched && (isKnown || isSingle), begun });
  const answer = toHit(visit, { ...found, body, length: wanted.range.last - wanted.range.first + 1 }, cache);
  if (wanted.status === 206) answer.fields.set("content-range", contentRange(wanted.range, partial.total));
  return { ...answer, status: wanted.status };
}

async function openFirst(sliced: Sliced, index: number, begun: Opened | undefined): Promise<Opened | undefined> {
  if (begun?.index === index) return begun;
  discard(begun?.body);
  return openSlice(sliced, index);
}

/** What Cache-Status says of a stitched answer: a hit when all of it is in the store, as far as is known. */
function toldOf(status: Status, { isHit, begun }: { readonly isHit: boolean; readonly begun: Opened }): Status {
  const told: Status = status.fwd ? status : isHit ? { ...status, hit: true } : { ...status, fwd: "partial" };
  if (!begun.isFetched) return told;
  return { fwdStatus: 206, ...told, ...(begun.written && { stored: true }) };
}

function unsatisfied(total: number, status: Status): Answer {
  const { now: _, ...cache } = status.fwd ? status : { ...status, hit: true as const };
  return { ...refuse("unsatisfiable-range", { "content-range": unsatisfiedRange(total) }), cache };
}
