/** Asking the origin for a range of what isn't stored. */
import { discard, type Answer } from "../../answer.ts";
import type { Directives } from "../../http/directives.ts";
import { parseContentRange, parseRange, type ByteRange, type Extent } from "../../http/range.ts";
import { strongValidator } from "../../http/validator.ts";
import type { Planned } from "../../visit.ts";
import { renew, type Missing } from "../ask.ts";
import type { Led, Question } from "../collapse.ts";
import { controlOf } from "../control.ts";
import type { StoredAnswer } from "../entry.ts";
import { forward, type Forwarded, type Means } from "../forward.ts";
import { fromSlices } from "./from-slices.ts";
import type { PartialMiss } from "./partial.ts";
import { toStored, write } from "../keep.ts";
import { lookUp, type Found } from "../lookup.ts";
import { keepPart } from "./part.ts";
import { askRange, keepSlice, sliceAt, sliceRange } from "./slices.ts";
import { whyNotStored } from "../storable.ts";
import { askWhole } from "../validate.ts";

/** The request's directives, and what asking takes. */
interface Asking {
  readonly request: Directives;
  readonly means: Means;
}

/**
 * The question for a range: for the slice in which it begins, which whoever wants any range waits for, because it tells of all
 * of them; or, when there are to be no slices, as the client asks.
 */
export function questionFor(visit: Planned, missing: PartialMiss, { request, means }: Asking): Question {
  const key = `${missing.key} slices`;
  const isCutElsewhere = missing.partial?.found.stored.partial?.kind === "part" && !isStrong(missing.partial.found);
  const isVain = isCutElsewhere || means.edge.flights.isUnshared(key);
  const asked = isVain ? undefined : firstSlice(visit, request);
  if (asked) return { key, ask: () => askForSlice(visit, missing, { means, asked }) };
  const asIs = `${missing.key} range=${visit.fields.get("range")} ${visit.fields.get("if-range") ?? ""}`;
  return { key: asIs, ask: () => askAsAsked(visit, missing, means) };
}

/** Of a representation without a strong validator a part was kept as it came: there will be no slices of it. */
function isStrong({ stored }: Found): boolean {
  return strongValidator(stored.fields) !== undefined;
}

interface AskingForSlice {
  readonly means: Means;
  readonly asked: ByteRange;
}

async function askForSlice(visit: Planned, missing: Missing, { means, asked }: AskingForSlice): Promise<Led> {
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
async function beginSlices(visit: Planned, missing: Missing, beginning: Beginning): Promise<Led | undefined> {
  const { means, asked, extent, forwarded } = beginning;
  const { edge } = means;
  const { first, last, total } = extent;
  if (total === undefined || first !== asked.first || last !== Math.min(asked.last, total - 1)) return undefined;
  const represented = { ...forwarded.answer, status: 200, fields: forwarded.answer.fields.copy() };
  for (const name of ["content-range", "content-length"]) represented.fields.delete(name);
  const control = controlOf(represented.fields, edge);
  const isStorable = whyNotStored(visit, represented, control) === undefined;
  if (!isStorable || strongValidator(represented.fields) === undefined) return undefined;

  const { slice: size } = visit.caching;
  const slices = { kind: "slices", total, size, generation: edge.random().toString(36).slice(2), have: [] } as const;
  const stored: StoredAnswer = { ...toStored(visit, { ...forwarded, answer: represented, control }), partial: slices };
  await write(visit, edge, { place: missing.place, entry: stored, body: null }).catch(() => undefined);
  const { found } = await lookUp(visit, missing.place, edge);
  const held = found?.stored.partial;
  if (!found || held?.kind !== "slices" || !isSame(found.stored, stored)) return undefined;
  const sliced = { visit, means, key: found.key, stored: found.stored, slices: held };
  const begun = keepSlice(sliced, sliceAt(first, size), forwarded.answer);
  const status = { fwd: missing.fwd, fwdStatus: 206, now: edge.now() };
  const answer = await fromSlices(visit, found, { means, begun, status });
  return answer && { answer, written: begun.written };
}

/** Whether the slices are of that version, and as long: another isolate's, which began with them meanwhile, do as well. */
function isSame(held: StoredAnswer, begun: StoredAnswer): boolean {
  const [one, other] = [held.partial, begun.partial];
  if (one?.kind !== "slices" || other?.kind !== "slices" || one.total !== other.total || one.size !== other.size)
    return false;
  return strongValidator(held.fields) === strongValidator(begun.fields);
}

/** The client's own range, for an answer that is kept as the part it is. */
async function askAsAsked(visit: Planned, missing: Missing, means: Means): Promise<Led> {
  const forwarded = await forward(means, askWhole);
  if (forwarded.answer.status !== 206) return renewed(visit, missing, { means, forwarded });
  const { answer, status, written } = keepPart(visit, missing.place, { edge: means.edge, forwarded });
  return { answer: { ...answer, cache: { fwd: missing.fwd, fwdStatus: 206, ...status } }, written };
}

interface Renewing {
  readonly means: Means;
  readonly forwarded: Forwarded;
  /** What the origin answered with, when it isn't the status of the answer. */
  readonly fwdStatus?: number;
}

/** The answer is whole, or none that has parts. */
async function renewed(
  visit: Planned,
  { place, fwd }: Missing,
  { means, forwarded, ...status }: Renewing,
): Promise<Led> {
  const { answer, ...led } = await renew(visit, place, { edge: means.edge, fwd, forwarded });
  return { ...led, answer: { ...answer, cache: { ...answer.cache, ...status } } };
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
