/**
 * A large representation in slices of equal size, each stored by itself. A range is stitched from those it touches, each
 * fetched only when the client has read up to it; all have the same strong validator (RFC 9111 §3.4).
 */
import { discard, type Answer } from "../answer.ts";
import type { HeaderEdits } from "../config/model.ts";
import { EdgeError } from "../error.ts";
import { parseContentRange, type ByteRange } from "../http/range.ts";
import { strongValidator } from "../http/validator.ts";
import type { Planned } from "../visit.ts";
import { awaitOther } from "./collapse.ts";
import { readHead, writeHead, type Slices, type StoredAnswer } from "./entry.ts";
import { failureOf, forward, type Means } from "./forward.ts";
import { invalidate } from "./invalidate.ts";
import { split } from "./split.ts";
import { clientConditions } from "./validate.ts";

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
  /** Resolves when a slice that was fetched is stored; undefined when it came from the store. */
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
 * @throws EdgeError when the origin fails, or has another version: what is stored is then forgotten.
 */
export async function openSlice(sliced: Sliced, index: number): Promise<Opened> {
  const { edge } = sliced.means;
  const kept = await readSlice(sliced, index);
  if (kept) return kept;
  const flight = edge.flights.under(sliceKey(sliced, index));
  const other = flight && (await awaitOther(flight).catch(() => undefined));
  const shared = other && (await readSlice(sliced, index));
  return shared ?? fetchSlice(sliced, index);
}

async function readSlice(sliced: Sliced, index: number): Promise<Opened | undefined> {
  const { first, last } = sliceRange(index, sliced.slices);
  const kept = await sliced.means.edge.store.match(sliceKey(sliced, index)).catch(() => undefined);
  if (!kept?.body) return undefined;
  if (kept.length === undefined || kept.length === last - first + 1) return { index, body: streamOf(kept.body) };
  discard(kept.body);
  return undefined;
}

async function fetchSlice(sliced: Sliced, index: number): Promise<Opened> {
  const { visit, means, key } = sliced;
  const land = means.edge.flights.begin(sliceKey(sliced, index));
  try {
    const { answer } = await forward(means, askRange(sliceRange(index, sliced.slices)));
    if (isSlice(answer, sliced, index)) {
      const opened = keepSlice(sliced, index, answer.body);
      means.edge.defer(
        opened.written!.then(
          () => land({ kind: "stored" }),
          () => land({ kind: "unshared" }),
        ),
      );
      return opened;
    }
    discard(answer.body);
    const failure = failureOf(answer);
    if (!failure) await invalidate(visit, [key], means.edge);
    throw failure ?? new EdgeError("origin", "bad-upstream-answer", "the origin has another version than the slices");
  } catch (error) {
    land({ kind: "unshared" });
    throw error;
  }
}

/** Whether the answer is that slice, of the version that the others are of (RFC 9111 §3.4). */
function isSlice(answer: Answer, { stored, slices }: Sliced, index: number): boolean {
  const { first, last } = sliceRange(index, slices);
  const extent = parseContentRange(answer.fields.get("content-range"));
  return (
    answer.status === 206 &&
    extent?.first === first &&
    extent.last === last &&
    extent.total === slices.total &&
    strongValidator(answer.fields) === strongValidator(stored.fields)
  );
}

/** Stores the slice while the client reads it. */
export function keepSlice(sliced: Sliced, index: number, body: Answer["body"]): Opened {
  const { edge } = sliced.means;
  const { first, last } = sliceRange(index, sliced.slices);
  const length = last - first + 1;
  const halves = split(body, { length, limit: length, defer: edge.defer });
  const put = edge.store.put(sliceKey(sliced, index), { head: "slice", body: halves.stored, length });
  const written = put.finally(halves.abandon);
  edge.defer(written);
  return { index, body: streamOf(halves.client), written };
}

/** Notes in the entry which slices came to the store, unless there is another entry by now. */
export async function noteSlices({ means, key, slices }: Sliced, opened: readonly Opened[]): Promise<void> {
  const fetched = opened.filter(({ written }) => written);
  if (fetched.length === 0) return;
  const outcomes = await Promise.allSettled(fetched.map(({ written }) => written));
  const added = fetched.filter((_, at) => outcomes[at]!.status === "fulfilled").map(({ index }) => index);
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
