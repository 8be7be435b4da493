import type { Store, Stored } from "../../edge.ts";
import { readWhole } from "../../http/stream.ts";
import { S3Fifo } from "./s3-fifo.ts";

/** A longer body is left to the platform: it costs more to send than to find, and would push out many short ones. */
const largestBody = 256 << 10;

/** Of the whole, for the same reason: how much one body may take of it. */
const largestShare = 1 / 64;

/**
 * The entries of an isolate that are asked for most, within a number of bytes. What stays is chosen by {@link S3Fifo}.
 * Being the isolate's own, they are not told when another isolate replaces or deletes an entry in the platform's cache:
 * so that they can't stay behind for long, an entry is matched only until it is {@link MemoryTierOptions.longest} old.
 */
export interface MemoryTier extends Store {
  readonly atHand: NonNullable<Store["atHand"]>;
  /** Whether a body of that length would be held; never one of unknown length. */
  readonly holds: (length: number | undefined) => boolean;
  /** Holds the entry from now on; it is known to be right as of `asOf`, in milliseconds since the epoch. */
  readonly hold: (key: string, entry: Held, asOf: number) => void;
  /** How many bytes it may take from now on. With 0 it holds nothing. */
  readonly resize: (bytes: number) => void;
  /** Bytes that it takes: keys, heads, bodies, and what it needs to find them. */
  readonly bytes: () => number;
}

/** An entry whose bytes are at hand. */
export interface Held {
  readonly head: string;
  readonly body: Uint8Array<ArrayBuffer> | null;
}

export interface MemoryTierOptions {
  /** At most this many bytes in all. */
  readonly bytes: number;
  /** Milliseconds. */
  readonly longest: number;
  /** Bytes of the largest body; 256 KB, and no more than a 64th of the whole, when it isn't given. */
  readonly largest?: number;
  readonly now: () => number;
}

export function createMemoryTier({ bytes, longest, largest, now }: MemoryTierOptions): MemoryTier {
  const entries = new S3Fifo<Timed>(bytes);
  const mostBytes = (): number => largest ?? Math.min(largestBody, entries.limit * largestShare);
  const atHand = (key: string): Stored | undefined => {
    const timed = entries.get(key);
    return timed && now() - timed.asOf < longest ? timed.stored : undefined;
  };

  const hold: MemoryTier["hold"] = (key, { head, body }, asOf) => {
    const length = body?.byteLength ?? 0;
    const stored = { head, body: body && alone(body), length, tier: "memory" } as const;
    entries.set(key, { stored, asOf }, head.length + length);
  };

  return {
    holds: (length) => length !== undefined && entries.limit > 0 && length <= mostBytes(),
    hold,
    resize: (limit) => void (entries.limit = limit),
    bytes: () => entries.bytes,

    atHand,
    match: async (key) => atHand(key),

    async put(key, { head, body }) {
      const asOf = now();
      try {
        hold(key, { head, body: body instanceof ReadableStream ? await readWhole(body, mostBytes()) : body }, asOf);
      } catch (error) {
        entries.delete(key);
        throw error;
      }
    },

    async delete(key) {
      const wasThere = atHand(key) !== undefined;
      entries.delete(key);
      return wasThere;
    },
  };
}

interface Timed {
  readonly stored: Stored;
  readonly asOf: number;
}

/** Not as a part of a larger buffer, all of which would stay in memory uncounted. */
function alone(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}
