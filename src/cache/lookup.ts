/** Finds the stored answer for a request. */
import { discard } from "../answer.ts";
import type { Edge, Stored, Wanted } from "../edge.ts";
import type { Planned } from "../visit.ts";
import { readHead, type Entry, type StoredAnswer, type Variants } from "./entry.ts";
import { inTime } from "../http/in-time.ts";
import { withoutQuery } from "./key.ts";
import { likelyWanted, withBodyOnDemand } from "./kept.ts";
import { unpurged } from "./purge.ts";
import { variantKey } from "./vary.ts";

/** Where answers to the request belong: the primary key, and what is known of variants. */
export interface Place {
  readonly key: string;
  readonly variants: Variants | undefined;
  /** Something stands at the primary key itself, or may. */
  readonly isTaken: boolean;
}

/** A stored answer that fits the request. */
export interface Found {
  readonly place: Place;
  /** Its own key: the primary one, or its variant's. */
  readonly key: string;
  readonly stored: StoredAnswer;
  readonly body: Stored["body"];
  /** Bytes of the whole body, where the store knows. */
  readonly length: number | undefined;
  /** What of the whole the body is; absent when it is all. */
  readonly extent?: Stored["extent"];
  readonly tier?: Stored["tier"];
}

/** What a look-up comes to: where answers belong, and the one that is there, if one is. */
export interface LookUp {
  readonly place: Place;
  /** The key of the answer that would fit, as far as is known: the primary one, or a variant's. */
  readonly key: string;
  readonly found: Found | undefined;
  /** There is one, but it was purged. */
  readonly isPurged?: true;
}

/** Where to look, and what of the body is going to be read; absent for all. */
interface LookingFor {
  readonly key: string;
  readonly wanted?: Wanted | undefined;
}

/** Looks for it. What can't be read counts as a miss, and so does what was purged. */
export async function lookUp(visit: Planned, at: LookingFor, edge: Edge): Promise<LookUp> {
  const current = edge.marks.current();
  const looked = await find(visit, at, edge);
  if (current) await current;
  const { found } = looked;
  if (!found) return looked;
  const stored = unpurged(visit, found.stored, edge);
  if (stored === found.stored) return looked;
  if (stored) return { ...looked, found: { ...found, stored } };
  discard(found.body);
  return { ...looked, found: undefined, isPurged: true };
}

/** Looks under the primary key, and from there under the variant's; with nothing there, for what queries share. */
async function find(visit: Planned, { key, wanted }: LookingFor, edge: Edge): Promise<LookUp> {
  const at = await read({ key, wanted }, edge);
  const isTaken = at !== undefined;
  const variants = at ? variantsOf(at.entry) : await sharedLately(key, edge);
  const place = { key, variants, isTaken };
  if (!variants) return lookedUp(place, key, at);
  const variant = variantKey(key, variants, visit);
  return lookedUp(place, variant, await read({ key: variant, wanted }, edge));
}

/**
 * The answers that queries share. A site with queries would look twice for whatever misses, and hardly any answer is shared:
 * so that there was no mark a moment ago counts. What another isolate shares meanwhile is asked for once more, at worst.
 */
function sharedLately(key: string, edge: Edge): ReturnType<typeof sharedBetweenQueries> | undefined {
  return edge.store.wasMissing?.(withoutQuery(key)) ? undefined : sharedBetweenQueries(key, edge);
}

function variantsOf(entry: Entry): Variants | undefined {
  return entry.kind === "variants" ? entry : undefined;
}

/** With these keys go the answers that queries of the same URLs share: what is true of one may be of them all. */
export async function withShared(keys: readonly string[], edge: Edge): Promise<readonly string[]> {
  const shared = keys.map(async (key) => ((await sharedBetweenQueries(key, edge)) ? [withoutQuery(key)] : []));
  return [...new Set([...keys, ...(await Promise.all(shared)).flat()])];
}

/** The answers that queries of that URL share, if they share any. */
async function sharedBetweenQueries(key: string, edge: Edge): Promise<Variants | undefined> {
  const path = withoutQuery(key);
  const variants = path === key ? undefined : await variantsAt(path, edge);
  return variants?.search && variants;
}

/** The mark that stands there, if one does. */
export async function variantsAt(key: string, edge: Edge): Promise<Variants | undefined> {
  const at = await read({ key, wanted: "head" }, edge);
  discard(at?.stored.body);
  return at && variantsOf(at.entry);
}

interface ReadEntry {
  readonly entry: Entry;
  readonly stored: Stored;
}

function lookedUp(place: Place, key: string, at: ReadEntry | undefined): LookUp {
  if (at?.entry.kind !== "answer") return { place, key, found: undefined };
  const { body, length, extent, tier } = at.stored;
  return { place, key, found: { place, key, stored: at.entry, body, length, extent, tier } };
}

/** Milliseconds that a visit waits for the store at most: then it is a miss. */
const longestMatch = 2_000;

async function read(at: LookingFor, edge: Edge): Promise<ReadEntry | undefined> {
  const stored = edge.store.atHand?.(at.key) ?? (await matchWanted(at, edge));
  const entry = stored && entryOf(stored);
  if (entry && isWhole(entry, stored.length)) return { entry, stored };
  discard(stored?.body);
  return undefined;
}

/** All of it that is wanted, though a body that is likely not to be read may come only when it is. */
async function matchWanted({ key, wanted }: LookingFor, edge: Edge): Promise<Stored | undefined> {
  const asked = wanted ?? likelyWanted(key, edge);
  const stored = await matchInTime({ key, wanted: asked }, edge);
  if (asked === wanted || stored?.extent !== "head") return stored;
  return withBodyOnDemand(stored, key, edge) ?? matchInTime({ key }, edge);
}

async function matchInTime({ key, wanted }: LookingFor, edge: Edge): Promise<Stored | undefined> {
  const matched = edge.store.match(key, wanted).catch(() => undefined);
  const stored = await inTime(matched, longestMatch);
  // One that comes after all is read by nobody.
  if (!stored) void matched.then((late) => discard(late?.body));
  return stored;
}

/** Read once from the head, however often the store gives it; with fields of the visit's own, which it may edit. */
function entryOf(stored: Stored): Entry | undefined {
  const entry = (stored.decoded ??= readHead(stored.head)) as Entry | undefined;
  return entry?.kind === "answer" ? { ...entry, fields: entry.fields.copy() } : entry;
}

/**
 * Whether the store has all the bytes that were to come (RFC 9111 §3.3). One may keep what it got of a body that broke
 * off, and say nothing of it; the local simulator does.
 */
function isWhole(entry: Entry, length: number | undefined): boolean {
  const said = entry.kind === "answer" ? entry.fields.get("content-length") : undefined;
  return said === undefined || length === undefined || Number(said) === length;
}
