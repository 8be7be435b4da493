/** Requests for a range when the whole isn't stored, and any request when only parts of the whole are. */
import { discard, refuse, type Answer, type CacheStatus } from "../answer.ts";
import type { Directives } from "../http/directives.ts";
import {
  contentRange,
  parseContentRange,
  parseRange,
  unsatisfiedRange,
  type ByteRange,
  type Extent,
} from "../http/range.ts";
import { strongValidator } from "../http/validator.ts";
import type { Planned } from "../visit.ts";
import { renew, type Missing } from "./ask.ts";
import { controlOf } from "./control.ts";
import type { StoredAnswer } from "./entry.ts";
import { failureOf, forward, type Forwarded, type Means } from "./forward.ts";
import { toHit } from "./hit.ts";
import { toStored, write } from "./keep.ts";
import { lookUp, type Found } from "./lookup.ts";
import { fromPart, keepPart } from "./part.ts";
import { confirm } from "./refresh.ts";
import { bridgesError, type Use } from "./reuse.ts";
import { askRange, hasAll, keepSlice, openSlice, sliceAt, sliceRange, type Opened, type Sliced } from "./slices.ts";
import { stitch } from "./stitch.ts";
import { whyNotStored } from "./storable.ts";
import { askWhether, askWhole } from "./validate.ts";
import { wantedOf } from "./wanted.ts";

/** Parts of the wanted representation, and what they are good for now. */
export interface Partial {
  readonly found: Found;
  readonly use: Use;
}

/** A look-up that found no whole answer. */
export interface PartialMiss extends Missing {
  readonly partial?: Partial | undefined;
}

interface Asking {
  readonly request: Directives;
  readonly means: Means;
}

/** Whether parts come into it: some are stored, or a part is asked for. */
export function concernsParts({ method, fields }: Planned, { found, partial }: PartialMiss): boolean {
  return partial !== undefined || (found === undefined && method === "GET" && fields.has("range"));
}

/** The answer out of parts, stored and fetched; undefined when the whole must be asked for after all. */
export async function servePartial(visit: Planned, missing: PartialMiss, asking: Asking): Promise<Answer | undefined> {
  const { partial } = missing;
  if (visit.method !== "GET") return void discard(partial?.found.body);
  const answer = partial && (await fromStored(visit, partial, asking));
  if (answer || asking.request.has("only-if-cached") || !visit.fields.has("range")) return answer;
  return askForRange(visit, missing, asking);
}

type Status = CacheStatus & { readonly now: number };

/** The answer with the help of what is stored: as it is while it is fresh, confirmed by the origin when it is stale. */
async function fromStored(
  visit: Planned,
  { found, use }: Partial,
  { request, means }: Asking,
): Promise<Answer | undefined> {
  const { edge } = means;
  const { partial } = found.stored;
  const isUsable = use.kind === "serve" && use.as !== "stale-while-revalidate";
  if (partial?.kind === "part") {
    if (isUsable) return fromPart(visit, { ...found, part: partial }, { hit: true, now: edge.now() });
    return void discard(found.body);
  }
  const onlyCached = request.has("only-if-cached");
  if (isUsable) return fromSlices(visit, found, { means, onlyCached, status: { now: edge.now() } });
  const fwd = use.kind === "ask" ? use.because : "stale";
  return onlyCached ? undefined : confirmSlices(visit, found, { means, status: { fwd, now: edge.now() } });
}

interface Slicing {
  readonly means: Means;
  readonly onlyCached?: boolean;
  readonly status: Status;
  /** The slice that came with the answer to the first question. */
  readonly begun?: Opened;
}

/** The answer stitched from slices; undefined when that isn't for slices, such as several ranges. */
async function fromSlices(visit: Planned, found: Found, slicing: Slicing): Promise<Answer | undefined> {
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
  const isSingle = index === sliceAt(wanted.range.last, partial.size);
  const body = stitch(sliced, wanted.range, begun);
  const cache = toldOf(status, {
    isHit: !begun.written && (isKnown || isSingle),
    isFetched: begun.written !== undefined,
  });
  const answer = toHit(visit, { ...found, body, length: wanted.range.last - wanted.range.first + 1 }, cache);
  if (wanted.status === 206) answer.fields.set("content-range", contentRange(wanted.range, partial.total));
  return { ...answer, status: wanted.status };
}

async function openFirst(sliced: Sliced, index: number, begun: Opened | undefined): Promise<Opened> {
  if (begun?.index === index) return begun;
  discard(begun?.body);
  return openSlice(sliced, index);
}

/** What Cache-Status says of a stitched answer: a hit when all of it is in the store, as far as is known. */
function toldOf(
  status: Status,
  { isHit, isFetched }: { readonly isHit: boolean; readonly isFetched: boolean },
): Status {
  const told: Status = status.fwd ? status : isHit ? { ...status, hit: true } : { ...status, fwd: "partial" };
  return isFetched ? { fwdStatus: 206, ...told, stored: true } : told;
}

/** A stale entry, confirmed by asking for one of its slices on condition that it changed (RFC 9111 §4.3.1). */
async function confirmSlices(visit: Planned, found: Found, slicing: Slicing): Promise<Answer | undefined> {
  const { means, status } = slicing;
  const { edge } = means;
  const edits = askWhether(found.stored);
  const forwarded = await forward(means, { ...edits, set: [...edits.set, ["range", () => "bytes=0-0"]] }).catch(
    (error: unknown) => ({ error }),
  );
  const failure = "error" in forwarded ? forwarded.error : failureOf(forwarded.answer);
  if (failure && bridgesError(found.stored, edge.now())) {
    return fromSlices(visit, found, { ...slicing, status: { ...status, detail: "stale-if-error" } });
  }
  if ("error" in forwarded) throw forwarded.error;
  discard(forwarded.answer.body);
  if (forwarded.answer.status !== 304) return undefined;
  const { confirmed } = confirm(visit, found, { edge, forwarded });
  return fromSlices(visit, confirmed, { ...slicing, status: { ...status, fwdStatus: 304 } });
}

/** Asks the origin for the slice in which the range begins, or, when there are to be no slices, as the client asks. */
async function askForRange(visit: Planned, missing: PartialMiss, { request, means }: Asking): Promise<Answer> {
  const asked = firstSlice(visit, request);
  if (!asked) return askAsAsked(visit, missing, means);
  const forwarded = await forward(means, askRange(asked));
  const { answer } = forwarded;
  if (answer.status !== 206) return renewed(visit, missing, { means, forwarded });
  const extent = parseContentRange(answer.fields.get("content-range"));
  if (extent?.total !== undefined && extent.first === 0 && extent.last === extent.total - 1) {
    const whole = { ...forwarded, answer: toWhole(answer, extent.total) };
    return renewed(visit, missing, { means, forwarded: whole, fwdStatus: 206 });
  }
  const served = extent && (await beginSlices(visit, missing, { means, forwarded, asked, extent }));
  if (served) return served;
  discard(answer.body);
  return askAsAsked(visit, missing, means);
}

interface Beginning {
  readonly means: Means;
  readonly forwarded: Forwarded;
  readonly asked: ByteRange;
  readonly extent: Extent;
}

/** The first slice is here: makes the entry that tells of it, and answers from it and those that follow. */
async function beginSlices(visit: Planned, missing: PartialMiss, beginning: Beginning): Promise<Answer | undefined> {
  const { means, asked, extent, forwarded } = beginning;
  const { edge } = means;
  const { first, last, total } = extent;
  if (total === undefined || first !== asked.first || last !== Math.min(asked.last, total - 1)) return undefined;
  const represented = { ...forwarded.answer, status: 200, fields: forwarded.answer.fields.copy() };
  for (const name of ["content-range", "content-length"]) represented.fields.delete(name);
  const control = controlOf(represented.fields);
  const isStorable = whyNotStored(visit, represented, control) === undefined;
  if (!isStorable || strongValidator(represented.fields) === undefined) return undefined;

  const { slice: size } = visit.caching;
  const slices = { kind: "slices", total, size, generation: edge.random().toString(36).slice(2), have: [] } as const;
  const stored: StoredAnswer = { ...toStored(visit, { ...forwarded, answer: represented, control }), partial: slices };
  await write(visit, edge, { place: missing.place, entry: stored, body: null }).catch(() => undefined);
  const { found } = await lookUp(visit, missing.place.key, edge);
  if (!found || !isOf(found, slices.generation)) return undefined;
  const sliced = { visit, means, key: found.key, stored, slices };
  const begun = keepSlice(sliced, sliceAt(first, size), forwarded.answer.body);
  return fromSlices(visit, found, { means, begun, status: { fwd: missing.fwd, fwdStatus: 206, now: edge.now() } });
}

function isOf({ stored: { partial } }: Found, generation: string): boolean {
  return partial?.kind === "slices" && partial.generation === generation;
}

/** The client's own range, for an answer that is kept as the part it is. */
async function askAsAsked(visit: Planned, missing: PartialMiss, means: Means): Promise<Answer> {
  const forwarded = await forward(means, askWhole);
  if (forwarded.answer.status !== 206) return renewed(visit, missing, { means, forwarded });
  const { answer, status } = keepPart(visit, missing.place, { edge: means.edge, forwarded });
  return { ...answer, cache: { fwd: missing.fwd, fwdStatus: 206, ...status } };
}

interface Renewing {
  readonly means: Means;
  readonly forwarded: Forwarded;
  /** What the origin answered with, when it isn't the status of the answer. */
  readonly fwdStatus?: number;
}

/** The answer is whole, or none that has parts. */
function renewed(visit: Planned, { place, fwd }: Missing, { means, forwarded, ...status }: Renewing): Answer {
  const { answer } = renew(visit, place, { edge: means.edge, fwd, forwarded });
  return { ...answer, cache: { ...answer.cache, ...status } };
}

/** A part that is all there is, as what it is a part of (RFC 9111 §3.4). */
function toWhole({ fields, ...answer }: Answer, total: number): Answer {
  return { ...answer, status: 200, fields: fields.delete("content-range").set("content-length", String(total)) };
}

/**
 * The slice in which the wanted range begins; undefined when there are to be no slices, where it begins isn't known, or
 * the answer is not for others.
 */
function firstSlice({ fields, caching: { slice: size } }: Planned, request: Directives): ByteRange | undefined {
  const asked = parseRange(fields.get("range") ?? "");
  if (size === 0 || !asked || "suffix" in asked || asked.first > furthest) return undefined;
  if (request.has("no-store") || fields.has("authorization")) return undefined;
  return sliceRange(sliceAt(asked.first, size), { size, total: Number.POSITIVE_INFINITY });
}

/** No byte of any representation lies further on: up to here every number is exact. */
const furthest = 2 ** 52;

function unsatisfied(total: number, status: Status): Answer {
  const { now: _, ...cache } = status.fwd ? status : { ...status, hit: true as const };
  return { ...refuse("unsatisfiable-range", { "content-range": unsatisfiedRange(total) }), cache };
}
