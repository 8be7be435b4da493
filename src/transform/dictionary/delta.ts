/** Deltas: answers compressed with what the client has already (RFC 9842 §5). */
import type { Answer } from "../../answer.ts";
import type { Edge } from "../../edge.ts";
import { atOnce } from "../../http/at-once.ts";
import { joined, readWhole } from "../../http/stream.ts";
import type { Planned } from "../../visit.ts";
import { codingsOf } from "../coding.ts";
import { costOfDelta } from "../planner.ts";
import { bodyLength, markChanged, withSame } from "../representation.ts";
import { longest } from "./fit.ts";
import { plainBytes } from "./remember.ts";
import { dictionaryKey, find, hashOf, keep, keyOf, type Kept } from "./shelf.ts";
import { compressWith } from "./zstd/frame.ts";

/** A dictionary that both the client and the edge have. */
export interface Shared extends Kept {
  /** SHA-256 in base64. */
  readonly hash: string;
}

/** The coding's name. */
export const coding = "dcz";

/** A frame that is skipped, of 32 bytes: those of the dictionary's hash (§5). */
const magic = Uint8Array.of(0x5e, 0x2a, 0x4d, 0x18, 0x20, 0, 0, 0);

/** Milliseconds that a body may take to come: what takes longer goes to the client as it comes. */
const patience = 5_000;

/** Bytes of dictionary and content together for which a visit waits; more than these are compressed when it has its answer. */
const whileWaiting = 1 << 20;

/** The usual codings make a third or a fourth of a text: what isn't much shorter than that isn't worth a dictionary. */
const worthwhile = 1 / 5;

/** The answer with its body at hand, when all of it comes in time; else with a stream of it, which fails where it breaks off. */
export async function held(answer: Answer): Promise<Answer> {
  const { body } = answer;
  const length = bodyLength(answer);
  if (!(body instanceof ReadableStream) || length === undefined) return answer;
  const here = await atOnce(body, length, patience);
  const isShort = here instanceof Uint8Array && here.byteLength !== length;
  return withSame(answer, isShort ? new Response(here).body : here);
}

/** The fields of a delta, in place of those of the answer. */
export function toDelta(answer: Answer, body: Uint8Array<ArrayBuffer> | null): Answer {
  markChanged(answer.fields);
  answer.fields.set("content-encoding", coding);
  if (body) answer.fields.set("content-length", String(body.byteLength));
  return { ...answer, body };
}

/** What came of looking for a delta. */
export interface Delta {
  /** Undefined where there is none. */
  readonly delta: Bytes | undefined;
  /** Milliseconds of CPU that making it takes of the visit's budget, now or later; 0 when it isn't made. */
  readonly spent: number;
}

/**
 * The delta that leads from the dictionary to the body: out of the store, or made now where that is soon done. Where there
 * is none, it is made for later visits, unless it would be of no use, or the budget can't pay for it.
 */
export async function deltaOf(visit: Planned, answer: Held, { shared, edge }: Means): Promise<Delta> {
  const { origin } = visit.url;
  const note = (what: string): void => visit.trail.note("transform", `delta:${what}`);
  const name = `${shared.hash} ${await hashOf(answer.body)} ${codingsOf(answer.fields).join(",")}`;
  const key = keyOf(origin, "delta", name);
  const stored = await find(edge, key);
  if (stored) {
    const bytes = await bytesOf(stored);
    note(bytes.byteLength === 0 ? "useless" : "stored");
    return { delta: bytes.byteLength === 0 ? undefined : bytes, spent: 0 };
  }
  const length = lengthOf(answer, shared);
  const cost = costOfDelta(length);
  if (cost > edge.config.settings.compress.budget) {
    note("budget");
    return { delta: undefined, spent: 0 };
  }
  const isUnderWay = edge.flights.under(key) !== undefined;
  // The answer's own fields will say what becomes of it for this client.
  const source = { ...answer, fields: answer.fields.copy() };
  const work = isUnderWay ? undefined : make(source, { visit: visit.id, origin, key, shared, edge });
  if (length > whileWaiting || !work) {
    note("later");
    if (work) edge.defer(work);
    return { delta: undefined, spent: work ? cost : 0 };
  }
  const delta = await work;
  note(delta ? "made" : "useless");
  return { delta, spent: cost };
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes of dictionary and content together; a content in a coding is about as long as the dictionary in plain bytes. */
function lengthOf({ body, fields }: Held, { length = longest }: Shared): number {
  return length + (codingsOf(fields).length > 0 ? Math.max(length, body.byteLength) : body.byteLength);
}

/** An answer whose body is at hand. */
export type Held = Answer & { readonly body: Bytes };

interface Means {
  readonly shared: Shared;
  readonly edge: Edge;
}

/** Makes it, one visit at a time. */
async function make(answer: Held, making: Making): Promise<Bytes | undefined> {
  const land = making.edge.flights.begin(making.key, making.visit);
  return made(answer, making).finally(() => land({ kind: "stored" }));
}

/** Made, and kept as long as the dictionary is; what is of no use is kept as nothing. */
async function made(answer: Held, { origin, key, shared, edge }: Making): Promise<Bytes | undefined> {
  const dictionary = await dictionaryOf(shared, { origin, edge });
  if (!dictionary) return undefined;
  const plain = await plainBytes(answer);
  const delta = joined([magic, bytesOfHash(shared.hash), compressWith(dictionary, plain)]);
  const isUseful = delta.byteLength <= plain.byteLength * worthwhile;
  edge.defer(keep(edge, key, { until: shared.until, body: isUseful ? delta : new Uint8Array(0) }));
  return isUseful ? delta : undefined;
}

interface Making extends Means {
  /** Whose work it is. */
  readonly visit: string;
  readonly origin: string;
  readonly key: string;
}

/** Its bytes, when they are those that the client has: another version would make another text of the delta (§9.1). */
async function dictionaryOf({ hash }: Shared, { origin, edge }: Pick<Making, "origin" | "edge">) {
  const stored = await find(edge, dictionaryKey(origin, hash));
  const bytes = stored && (await bytesOf(stored));
  return bytes && (await hashOf(bytes)) === hash ? bytes : undefined;
}

async function bytesOf({ body }: Kept): Promise<Bytes> {
  if (body instanceof Uint8Array) return body;
  return body === null ? new Uint8Array(0) : readWhole(body, longest);
}

function bytesOfHash(hash: string): Uint8Array {
  return Uint8Array.from(atob(hash), (character) => character.charCodeAt(0));
}
