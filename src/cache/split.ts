/** One body, two readers: the client and the store. */
import { allAtOnce } from "../http/at-once.ts";
import { readBytes } from "../http/byte-reader.ts";
import { inTime } from "../http/in-time.ts";
import { passage } from "../http/stream.ts";
import { finishing } from "./finishing.ts";

/** Bytes that are here are for both: nobody may write to them. */
type Part = ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | null;

export interface Split<P extends Part = Part> {
  readonly client: P;
  readonly stored: P;
  /** Resolves when all of the store's part was read, rejects when it broke off; undefined when it is no stream. */
  readonly given?: Promise<void>;
  /** Lets go of the store's part: the client must not wait for a store that doesn't read. */
  readonly abandon: () => void;
  /** Resolves when the client has kept the store waiting for long, or has left: those who wait for the store had better not. */
  readonly heldUp: Promise<void>;
}

export interface SplitOptions {
  /** The body's length, where it is known: both then get it with their part, and a shorter one fails for both. */
  readonly length: number | undefined;
  /** The store's part fails when the body grows beyond this many bytes. */
  readonly limit: number;
  /** Whether others wait for the store's part, should the client leave; absent where the store is to have it in any case. */
  readonly isAwaited?: (() => boolean) | undefined;
  readonly defer: (work: Promise<unknown>) => void;
}

/**
 * Bytes of memory that one of the two may be behind the other, so that a slow client doesn't hold up the store and all who
 * wait for it. It is what a visit takes at most while its answer is stored, however long that is.
 */
const mostBehind = 1 << 20;

/** Milliseconds after which a store that is behind and reads nothing no longer holds up the client. */
const longestStall = 5_000;

/** Milliseconds after which a client that is behind and reads nothing is said to hold up the store. */
const longestHold = 1_000;

/**
 * Both get the same bytes, neither much ahead of the other, so that nothing piles up between them (the platform's `tee`
 * would hold all that one of them has not read). Either may leave, and the other goes on; a body that breaks off breaks
 * off for both, so that half of it is never stored as the whole.
 */
export function split(body: ReadableStream<Uint8Array>, options: SplitOptions): Split<ReadableStream<Uint8Array>>;
export function split(body: BodyOf, options: SplitOptions): Split;
export function split(body: BodyOf, { length, limit, isAwaited = () => true, defer }: SplitOptions): Split {
  const { promise: heldUp, resolve: tell } = Promise.withResolvers<void>();
  if (!(body instanceof ReadableStream)) {
    const bytes = typeof body === "string" ? encode(body) : body;
    return { client: bytes, stored: bytes, abandon: () => {}, heldUp };
  }
  const [client, stored] = [passage(length), passage(length)];
  const storing = branch(stored.writable, { limit, patience: longestStall });
  const goesOn = finishing(length, isAwaited);
  defer(pump(body, [branch(client.writable, { ...unbounded, tell }), storing], goesOn));
  return {
    client: client.readable,
    stored: stored.readable,
    given: storing.writer.closed,
    abandon: () => giveUp(storing, "not stored"),
    heldUp,
  };
}

/** The same for a body that has just begun to come: a short one is mostly here at once. */
export async function splitFresh(body: BodyOf, options: SplitOptions): Promise<Split> {
  return split(await allAtOnce(body, options.length), options);
}

type BodyOf = ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | string | null;

/** One of the two. */
interface Branch {
  readonly writer: WritableStreamDefaultWriter<Uint8Array>;
  /** Bytes that it may still take. */
  left: number;
  /** Milliseconds that the other one waits for it when it is behind; then it has left. */
  readonly patience: number;
  /** Bytes of memory that hold what was given to it and it has not read. */
  unread: number;
  open: boolean;
  /** To be called when the other one waits for it for long, or is given up because it has left. */
  readonly tell?: (() => void) | undefined;
}

interface BranchOptions {
  readonly limit: number;
  readonly patience: number;
  readonly tell?: () => void;
}

/** A client may take its time: without bounds, all waits for it. */
const unbounded: BranchOptions = { limit: Number.POSITIVE_INFINITY, patience: Number.POSITIVE_INFINITY };

function branch(writable: WritableStream<Uint8Array>, { limit, patience, tell } = unbounded): Branch {
  const writer = writable.getWriter();
  // A reader that leaves is seen at the next write; nobody else listens for it.
  writer.closed.catch(() => undefined);
  return { writer, left: limit, patience, unread: 0, open: true, tell };
}

/** @param goesOn whether it does so for the store alone when so many bytes have come. */
async function pump(
  body: ReadableStream<Uint8Array>,
  branches: readonly [client: Branch, storing: Branch],
  goesOn: (at: number) => boolean,
): Promise<void> {
  const reader = readBytes(body);
  const [client, storing] = branches;
  try {
    for (let at = 0; client.open || storing.open;) {
      const { done, value } = await reader.read();
      if (done) return void (await Promise.all(branches.map((each) => settle(each, each.writer.close()))));
      at += value.byteLength;
      if (!client.open && storing.open && !goesOn(at)) {
        client.tell?.();
        giveUp(storing, "nobody waits for it");
      }
      const written = branches.map((each) => give(each, value));
      void Promise.all(written).then(() => reader.release(value));
      await Promise.all(branches.map((each, index) => catchUp(each, written[index]!)));
    }
    await reader.cancel();
  } catch (error) {
    await Promise.all(branches.map((each) => settle(each, each.writer.abort(error))));
  }
}

/** Resolves when the branch has read it, or has left. */
async function give(to: Branch, chunk: Uint8Array): Promise<void> {
  if (!to.open) return;
  to.left -= chunk.byteLength;
  if (to.left < 0) return giveUp(to, "the body is larger than may be stored");
  const { byteLength: held } = chunk.buffer;
  to.unread += held;
  await settle(to, to.writer.write(chunk));
  to.unread -= held;
}

/** Resolves when the branch may get more. */
async function catchUp(to: Branch, written: Promise<void>): Promise<void> {
  if (!to.open || to.unread <= mostBehind) return;
  const isRead = await inTime(
    written.then(() => true),
    Math.min(to.patience, longestHold),
  );
  if (isRead) return;
  to.tell?.();
  if (to.patience === Number.POSITIVE_INFINITY) return written;
  const isReadAfterAll = await inTime(
    written.then(() => true),
    to.patience - longestHold,
  );
  if (!isReadAfterAll) giveUp(to, "it was not read in time");
}

/** Nobody waits for the end of it: a store that doesn't read may not notice either. */
function giveUp(branch: Branch, why: string): void {
  branch.open = false;
  branch.writer.abort(new RangeError(why)).catch(() => undefined);
}

/** A branch whose write fails has left. */
async function settle(each: Branch, work: Promise<void>): Promise<void> {
  if (!each.open) return void work.catch(() => undefined);
  try {
    await work;
  } catch {
    each.open = false;
  }
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
}
