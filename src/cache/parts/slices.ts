/**
 * A large representation in slices of equal size, each stored by itself. A range is stitched from those it touches, each
 * fetched only when the client has read up to it; all have the same strong validator (RFC 9111 §3.4).
 */
import { discard, type Answer } from "../../answer.ts";
import type { HeaderEdits } from "../../config/model.ts";
import { parseContentRange, type ByteRange } from "../../http/range.ts";
import { strongValidator } from "../../http/validator.ts";
import type { Planned } from "../../visit.ts";
import { awaitOther } from "../collapse.ts";
import { controlOf } from "../control.ts";
import { readHead, writeHead, type Slices, type StoredAnswer } from "../entry.ts";
import { failureOf, forward, type Means } from "../forward.ts";
import { invalidate } from "../invalidate.ts";
import { split } from "../split.ts";
import { whyNotStored } from "../storable.ts";
import { callsToFetch } from "./allowance.ts";
import { clientConditions } from "../validate.ts";

/** A representation in slices, for one visit. */
export interface Sliced {
  readonly visit: Planned;
  readonly means: Means;
  /** The key of the entry that tells of the slices; theirs begin with it. */
  readonly key: string;
  readonly stored: StoredAnswer;
  readonly slices: Slices;
}

/** A slice, ready to be read. */
export interface Opened {
  readonly index: number;
  readonly body: ReadableStream<Uint8Array>;
  /** It came from the origin, not from the store. */
  readonly isFetched: boolean;
  /** Calls of the platform that it took, at most. */
  readonly calls: number;
  /** Resolves when a slice that was fetched is stored; undefined when it is there already, or isn't kept. */
  readonly written?: Promise<void>;
}

/** The number of the slice that holds the byte. */
export function sliceAt(byte: number, size: number): number {
  return Math.floor(byte / size);
}

/** The bytes of a slice; the last one may be shorter. */
export function sliceRange(index: number, { size, total }: Pick<Slices, "size" | "total">): ByteRange {
  return { first: index * size, last: Math.min((index + 1) * size, total) - 1 };
}

/** Asks for these bytes, whatever the client has, or wants besides. */
export function askRange({ first, last }: ByteRange): HeaderEdits {
  return { remove: [...clientConditions, "if-range"], set: [["range", () => `bytes=${first}-${last}`]], add: [] };
}

/** Whether the store is known to have every slice that the range touches. */
export function hasAll({ slices: { have, size } }: Sliced, { first, last }: ByteRange): boolean {
  const held = new Set(have);
  for (let index = sliceAt(first, size); index <= sliceAt(last, size); index++) if (!held.has(index)) return false;
  return true;
}

/**
 * The slice out of the store, or else from the origin, and then into the store; once for all visits of this isolate.
 * Undefined when the origin has another version by now: the slices are then forgotten.
 * @throws EdgeError when the origin fails.
 */
export async function openSlice(sliced: Sliced, index: number): Promise<Opened | undefined> {
  const { edge } = sliced.means;
  const kept = await readSlice(sliced, index);
  if (kept) return kept;
  const flight = edge.flights.under(sliceKey(sliced, index));
  const other = flight && (await awaitOther(flight, sliced.visit).catch(() => undefined));
  const shared = other && (await readSlice(sliced, index));
  return shared ? { ...shared, calls: 2 } : fetchSlice(sliced, index);
}

/** Bytes of several slices as they come from the origin, for this visit alone; otherwise like {@link openSlice}. */
export async function openRest(sliced: Sliced, range: ByteRange): Promise<Opened | undefined> {
  const answer = await fetchBytes(sliced, range);
  return answer && fetched(sliced, sliceAt(range.first, sliced.slices.size), answer.body);
}

async function readSlice(sliced: Sliced, index: number): Promise<Opened | undefined> {
  const { first, last } = sliceRange(index, sliced.slices);
  const kept = await sliced.means.edge.store.match(sliceKey(sliced, index)).catch(() => undefined);
  if (!kept?.body) return undefined;
  if (kept.length === undefined || kept.length === last - first + 1)
    return { index, body: streamOf(kept.body), isFetched: false, calls: 1 };
  discard(kept.body);
  return undefined;
}

async function fetchSlice(sliced: Sliced, index: number): Promise<Opened | undefined> {
  const { visit, means } = sliced;
  const { edge } = means;
  const land = edge.flights.begin(sliceKey(sliced, index), visit.id);
  const answer = await fetchBytes(sliced, sliceRange(index, sliced.slices)).catch((error: unknown) => {
    land(unshared);
    throw error;
  });
  const opened = answer && keepSlice(sliced, index, answer);
  const landed = opened?.written?.then(() => ({ kind: "stored" }) as const).catch(() => unshared);
  if (landed) edge.defer(landed.then(land));
  else land(unshared);
  return opened;
}

const unshared = { kind: "unshared" } as const;

/** The origin's answer with just these bytes; undefined when it has another version, and then the slices are forgotten. */
async function fetchBytes(sliced: Sliced, range: ByteRange): Promise<Answer | undefined> {
  const { visit, means, key } = sliced;
  const { answer } = await forward(means, askRange(range));
  if (isPart(answer, sliced, range)) return answer;
  discard(answer.body);
  const failure = failureOf(answer);
  if (failure) throw failure;
  await invalidate(visit, [key], means.edge);
  return undefined;
}

/** Whether the answer is these bytes, of the version that the slices are of (RFC 9111 §3.4). */
function isPart(answer: Answer, { stored, slices }: Sliced, { first, last }: ByteRange): boolean {
  const extent = parseContentRange(answer.fields.get("content-range"));
  return (
    answer.status === 206 &&
    extent?.first === first &&
    extent.last === last &&
    extent.total === slices.total &&
    strongValidator(answer.fields) === strongValidator(stored.fields)
  );
}

/** Stores the slice while the client reads it, unless it came for this client alone. */
export function keepSlice(sliced: Sliced, index: number, { body, ...answer }: Answer): Opened {
  const { visit, means } = sliced;
  const represented = { ...answer, body: null, status: 200 };
  if (whyNotStored(visit, represented, controlOf(answer.fields, means.edge))) return fetched(sliced, index, body);
  const { first, last } = sliceRange(index, sliced.slices);
  const length = last - first + 1;
  const isAwaited = (): boolean => means.edge.flights.isAwaited(visit.id);
  const halves = split(body, { length, limit: length, isAwaited, defer: means.edge.defer });
  const { stored, given } = halves;
  const put = means.edge.store.put(sliceKey(sliced, index), { head: "slice", body: stored, length, given });
  const written = put.finally(halves.abandon);
  means.edge.defer(written);
  return { ...fetched(sliced, index, halves.client), written };
}

function fetched(sliced: Sliced, index: number, body: Answer["body"]): Opened {
  return { index, body: streamOf(body), isFetched: true, calls: callsToFetch(sliced) };
}

/** Notes in the entry which slices came to the store, unless there is another entry by now. */
export async function noteSlices({ means, key, slices }: Sliced, opened: readonly Opened[]): Promise<void> {
  const fetched = opened.flatMap(({ index, written }) => (written ? [written.then(() => index)] : []));
  const outcomes = await Promise.allSettled(fetched);
  const added = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  if (added.length === 0) return;
  const at = await means.edge.store.match(key);
  const entry = at && readHead(at.head);
  if (entry?.kind !== "answer" || entry.partial?.kind !== "slices") return discard(at?.body);
  if (entry.partial.generation !== slices.generation) return;
  const have = [...new Set([...entry.partial.have, ...added])].toSorted((a, b) => a - b);
  await means.edge.store.put(key, { head: writeHead({ ...entry, partial: { ...entry.partial, have } }), body: null });
}

function sliceKey({ key, slices }: Sliced, index: number): string {
  return `${key} slice=${slices.generation}.${index}`;
}

function streamOf(body: NonNullable<Answer["body"]> | null): ReadableStream<Uint8Array> {
  return body instanceof ReadableStream ? body : new Response(body ?? "").body!;
}
