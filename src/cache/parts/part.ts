/** One part of a representation, stored by itself (RFC 9111 §3.3). */
import { discard, type Answer, type CacheStatus } from "../../answer.ts";
import { cut } from "../../http/cut.ts";
import type { Fields } from "../../http/fields.ts";
import { contentRange, parseContentRange, type Extent } from "../../http/range.ts";
import { strongValidator } from "../../http/validator.ts";
import type { Planned } from "../../visit.ts";
import { controlOf } from "../control.ts";
import type { Part } from "../entry.ts";
import type { Forwarded, Means } from "../forward.ts";
import { toHit } from "../hit.ts";
import { bodyLength, toStored, write, type Kept } from "../keep.ts";
import type { Found, Place } from "../lookup.ts";
import { split } from "../split.ts";
import { whyNotStored } from "../storable.ts";
import { wantedInside } from "./wanted.ts";

interface Keeping {
  readonly edge: Means["edge"];
  readonly forwarded: Forwarded;
}

/** Keeps a 206 when a 200 in its place could be kept, and gives it back with a body for the client. */
export function keepPart(visit: Planned, place: Place, { edge, forwarded }: Keeping): Kept {
  const { answer, exchange } = forwarded;
  const extent = parseContentRange(answer.fields.get("content-range"));
  const represented = { ...answer, status: 200 };
  const control = controlOf(answer.fields, edge);
  const why = extent ? whyNotStored(visit, represented, control) : "partial";
  if (!extent || why) {
    visit.trail.note("cache", `not-stored:${why}`);
    return { answer, status: { detail: why! }, written: undefined };
  }
  const stored = toStored(visit, { answer: represented, control, exchange });
  stored.fields.delete("content-range");
  const entry = { ...stored, partial: { kind: "part", ...counted(extent, answer.fields) } as const };
  const length = bodyLength(answer.fields);
  const isAwaited = (): boolean => edge.flights.isAwaited(visit.id);
  const halves = split(answer.body, { length, limit: visit.caching.maxBytes, isAwaited, defer: edge.defer });
  const written = write(visit, edge, { place, entry, body: halves.stored, given: halves.given }).finally(
    halves.abandon,
  );
  edge.defer(written);
  return { answer: { ...answer, body: halves.client }, status: { stored: true }, written };
}

/** The answer out of a stored part, when the wanted range lies inside it; undefined when it doesn't. */
export function fromPart(
  visit: Planned,
  found: Found & { readonly part: Part },
  status: PartStatus,
): Answer | undefined {
  const { part: there, length } = found;
  const isAllThere = length === undefined || length === sizeOf(there);
  const range = isAllThere && wantedInside(visit.fields, found.stored, there);
  if (!range) {
    discard(found.body);
    return undefined;
  }
  const piece = { first: range.first - there.first, last: range.last - there.first };
  found.stored.fields.delete("content-length");
  const body = cut(found.body, { pieces: [piece] });
  const hit = toHit(visit, { ...found, body, length: range.last - range.first + 1 }, status);
  hit.fields.set("content-range", contentRange(range, there.total));
  return { ...hit, status: 206 };
}

type PartStatus = CacheStatus & { readonly now: number };

/**
 * Which bytes a part has. Some origins miscount in Content-Range. RFC 9110 §14.4 calls that field invalid only where it
 * contradicts itself, and forbids even then no more than to put the part beside others: so never with a strong validator, by
 * which anybody may. What is to come by the origin's Content-Length is what counts: the part begins where it is said to, and
 * if it is said to reach the end, it does. Without that length, a part that is short may have broken off.
 */
function counted(extent: Extent, fields: Fields): Extent {
  const length = bodyLength(fields) ?? 0;
  if (length === 0 || length === sizeOf(extent) || strongValidator(fields) !== undefined) return extent;
  const end = extent.first + length;
  const reachesEnd = extent.total !== undefined && extent.last === extent.total - 1;
  return { first: extent.first, last: end - 1, total: reachesEnd ? end : undefined };
}

function sizeOf({ first, last }: Extent): number {
  return last - first + 1;
}
