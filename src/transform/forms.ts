/**
 * Coded forms of stored answers: made once, behind the clients' backs, and served as often as the answer itself is.
 *
 * A form is an entry of its own under the answer's key and the coding. Whether it may be served is decided by the answer
 * alone, which is looked for first: the form's head names the bytes that it was made of, and with any others it counts as
 * missing. So a purge, a change and a new variant leave it behind, and it is never fresher than the answer.
 */
import { discard, type Body, type Kept } from "../answer.ts";
import type { Compressing } from "../config/compress.ts";
import type { Edge, FormUsage, Stored, Usage } from "../edge.ts";
import { inTime } from "../http/in-time.ts";
import { encodeInTurns, spelled, type Encoding } from "./encode.ts";

/** A stored form. */
export interface Form {
  readonly encoding: Encoding;
  readonly body: Body;
  readonly length: number;
}

/** A form to look for, or to make. */
export interface Wanted {
  readonly kept: Kept;
  readonly encoding: Encoding;
  readonly levels: Compressing["levels"];
}

/** Milliseconds that a client waits for the store at most: then the body is encoded as if there were no form. */
const longestMatch = 2_000;

/** Milliseconds for which it counts that there was none: another isolate may have made one since. */
const missingFor = 5_000;

/**
 * Milliseconds from one making to the next under a key: what changes all the time isn't worth more, and neither is what the store
 * doesn't keep.
 */
const restFor = 60_000;

/** The form as the store has it. @param isHead its length is all that is needed. */
export async function findForm(wanted: Wanted, isHead: boolean, edge: Edge): Promise<Form | undefined> {
  const [bytes, usage] = [bytesOf(wanted.kept, edge), usageOf(wanted, edge)];
  bytes.isCoded = false;
  if (edge.now() < usage.missingUntil) return undefined;
  const stored = edge.store.atHand?.(keyOf(wanted)) ?? (await matchInTime(wanted, isHead, edge));
  const form = stored && formOf(stored, wanted);
  bytes.isCoded = form !== undefined;
  if (form) return form;
  discard(stored?.body);
  usage.missingUntil = edge.now() + missingFor;
  return undefined;
}

async function matchInTime(wanted: Wanted, isHead: boolean, { store }: Edge): Promise<Stored | undefined> {
  const matched = store.match(keyOf(wanted), isHead ? "head" : undefined).catch(() => undefined);
  const stored = await inTime(matched, longestMatch);
  // One that comes after all is read by nobody.
  if (!stored) void matched.then((late) => discard(late?.body));
  return stored;
}

/** Counts one more hit. @returns how many of these bytes there have been in this isolate. */
export function countHit(kept: Kept, edge: Edge): number {
  return ++bytesOf(kept, edge).hits;
}

/** Whether a form is to be made now, of those that may be: not again and again. */
export function isRested(wanted: Wanted, edge: Edge): boolean {
  return edge.now() >= usageOf(wanted, edge).restsUntil;
}

/** Makes the form and stores it, once at a time in an isolate: memory and CPU are for those who visit. */
export function makeFormLater(wanted: Wanted, edge: Edge): void {
  edge.deferOnce("compress", async () => {
    const usage = usageOf(wanted, edge);
    usage.restsUntil = edge.now() + restFor;
    const body = await make(wanted, edge);
    if (!body) return;
    const { byteLength: length } = body;
    await edge.store.put(keyOf(wanted), { head: writeHead(wanted, length), body, length });
    usage.missingUntil = 0;
  });
}

/** Undefined when it would be no smaller, or the store has the answer no longer. */
async function make({ kept, encoding }: Wanted, edge: Edge): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const plain = await kept.read(edge.store);
  const body = plain && (await encodeInTurns(plain, encoding, () => pause(edge)));
  return body && body.byteLength < kept.length ? body : undefined;
}

/** Others of the isolate have their turn. */
function pause({ after }: Edge): Promise<void> {
  return new Promise((resolve) => void after(0, resolve));
}

/** What is known of these bytes. Of others under the key that is nothing but when a form of them was made. */
function bytesOf({ key, generation }: Kept, edge: Edge): Usage {
  const usage = edge.usage(key);
  if (usage.generation === generation) return usage;
  for (const form of usage.forms.values()) form.missingUntil = 0;
  return Object.assign(usage, { generation, hits: 0, isCoded: false });
}

function usageOf({ kept, encoding }: Wanted, edge: Edge): FormUsage {
  const { forms } = bytesOf(kept, edge);
  const known = forms.get(encoding.coding) ?? { missingUntil: 0, restsUntil: 0 };
  forms.set(encoding.coding, known);
  return known;
}

/** No other key is spelled so: the name of a field or a cookie, and what stands before a "=", has no slash. */
function keyOf({ kept, encoding }: Wanted): string {
  return `${kept.key} coding/${encoding.coding}`;
}

/** Changes with the form of the head. */
const version = 1;

function writeHead({ kept, encoding }: Wanted, length: number): string {
  return JSON.stringify(["form", version, kept.generation, spelled(encoding), length]);
}

/** Undefined when it was made of other bytes, in another way than is now set, or the store has lost a part of it. */
function formOf({ head, body, length: there }: Stored, { kept, encoding, levels }: Wanted): Form | undefined {
  const [kind, writtenAs, generation, made, length] = parse(head);
  if (kind !== "form" || writtenAs !== version || generation !== kept.generation) return undefined;
  const [coding, level] = String(made).split("-");
  const isFixed = typeof levels[encoding.coding] === "number";
  if (coding !== encoding.coding || (isFixed && Number(level) !== encoding.level)) return undefined;
  if (typeof length !== "number" || (there !== undefined && there !== length)) return undefined;
  return { encoding: { coding: encoding.coding, level: Number(level) }, body, length };
}

function parse(head: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(head);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
